package io.gamemesh.operator.region;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gamemesh.crd.v1alpha1.Bounds;
import io.gamemesh.crd.v1alpha1.Cell;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.Position;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.crd.v1alpha1.RegionSpec;
import io.gamemesh.planner.coordinator.RegionResource;
import io.gamemesh.protocol.id.RegionId;
import java.util.Map;

/** Region objects: made for a mesh, and read for its coordinator. */
public final class RegionObjects {

    /** Held as long as a server may act for the region. */
    public static final String FINALIZER = "gamemesh.io/authority";

    private RegionObjects() {}

    /**
     * Makes the object of a region.
     *
     * @param mesh   whose it is
     * @param id     which cube
     * @param edge   its edge in metres
     * @param labels to put on it
     * @return the object, without a status
     */
    public static Region of(GameMesh mesh, RegionId id, int edge, Map<String, String> labels) {
        Region region = new Region();
        region.setMetadata(new ObjectMetaBuilder()
                .withName(id.name(mesh.getMetadata().getName()))
                .withNamespace(mesh.getMetadata().getNamespace())
                .withLabels(labels)
                .withFinalizers(FINALIZER)
                .addNewOwnerReference()
                .withApiVersion(mesh.getApiVersion())
                .withKind(mesh.getKind())
                .withName(mesh.getMetadata().getName())
                .withUid(mesh.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .build());
        region.setSpec(new RegionSpec(
                mesh.getMetadata().getName(),
                id.depth(),
                new Cell(id.x(), id.y(), id.z()),
                bounds(id, edge),
                id.depth() == 0 ? null : id.parent().name(mesh.getMetadata().getName()),
                null));
        return region;
    }

    /**
     * Reads which cube an object is about.
     *
     * @param region the object
     * @return its id
     */
    public static RegionId id(Region region) {
        Cell cell = region.getSpec().cell();
        return RegionId.of(region.getSpec().depth(), cell.x(), cell.y(), cell.z());
    }

    /**
     * Reads an object for its coordinator.
     *
     * @param region the object
     * @return what the coordinator needs of it
     */
    public static RegionResource resource(Region region) {
        return new RegionResource(
                id(region),
                region.getMetadata().getUid(),
                region.getMetadata().getResourceVersion(),
                region.getSpec().pinnedTo(),
                region.getMetadata().getDeletionTimestamp() != null,
                RegionStatuses.read(region.getStatus()));
    }

    private static Bounds bounds(RegionId id, int edge) {
        return new Bounds(
                new Position(id.x() * edge, id.y() * edge, id.z() * edge),
                new Position((id.x() + 1) * edge, (id.y() + 1) * edge, (id.z() + 1) * edge));
    }
}
