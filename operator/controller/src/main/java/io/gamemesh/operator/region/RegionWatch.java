package io.gamemesh.operator.region;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.planner.coordinator.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all Regions and tells each mesh's coordinator of its own. Safe for use by several threads.
 */
public final class RegionWatch implements ResourceEventHandler<Region>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegionWatch.class);
    private static final String BY_MESH = "mesh";

    private final SharedIndexInformer<Region> informer;
    private final BiConsumer<MeshKey, Event> coordinators;

    /**
     * Makes a watch; {@link #start} makes it run.
     *
     * @param client       the API server
     * @param coordinators takes events for a mesh
     */
    public RegionWatch(KubernetesClient client, BiConsumer<MeshKey, Event> coordinators) {
        this.coordinators = coordinators;
        this.informer = client.resources(Region.class).inAnyNamespace().runnableInformer(0);
        informer.addIndexers(Map.of(BY_MESH, region -> List.of(mesh(region).toString())));
        informer.addEventHandler(this);
        informer.exceptionHandler((started, failure) -> true);
    }

    /** Watches from now on; returns when all present Regions are known. */
    public void start() {
        informer.run();
    }

    /**
     * Lists a mesh's regions.
     *
     * @param mesh which
     * @return its regions as last seen
     */
    public List<Region> list(MeshKey mesh) {
        return informer.getIndexer().byIndex(BY_MESH, mesh.toString()).stream()
                .filter(RegionWatch::wellNamed)
                .toList();
    }

    /**
     * Finds a region by its object's name.
     *
     * @param mesh whose
     * @param name of the object
     * @return the region as last seen, or empty if it was not
     */
    public Optional<Region> find(MeshKey mesh, String name) {
        return Optional.ofNullable(informer.getIndexer().getByKey(mesh.namespace() + "/" + name));
    }

    @Override
    public void onAdd(Region region) {
        observed(region);
    }

    @Override
    public void onUpdate(Region before, Region region) {
        observed(region);
    }

    @Override
    public void onDelete(Region region, boolean finalStateUnknown) {
        if (wellNamed(region)) {
            coordinators.accept(
                    mesh(region),
                    new Event.RegionGone(
                            RegionObjects.id(region), region.getMetadata().getUid()));
        }
    }

    @Override
    public void close() {
        informer.stop();
    }

    private void observed(Region region) {
        if (wellNamed(region)) {
            coordinators.accept(mesh(region), new Event.RegionObserved(RegionObjects.resource(region)));
        } else {
            LOG.atWarn()
                    .addKeyValue("namespace", region.getMetadata().getNamespace())
                    .addKeyValue("region", region.getMetadata().getName())
                    .log("Region is not named after its mesh, depth and cell; it is left alone");
        }
    }

    /** Only the operator makes Regions; one under another name would be a second claim to the same cube. */
    private static boolean wellNamed(Region region) {
        String expected = RegionObjects.id(region).name(region.getSpec().mesh());
        return expected.equals(region.getMetadata().getName());
    }

    private static MeshKey mesh(Region region) {
        return new MeshKey(region.getMetadata().getNamespace(), region.getSpec().mesh());
    }
}
