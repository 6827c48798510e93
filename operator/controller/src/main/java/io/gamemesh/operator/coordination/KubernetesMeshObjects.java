package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.coordinator.MeshObjects;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.operator.gamemesh.MeshLabels;
import io.gamemesh.operator.region.RegionObjects;
import io.gamemesh.operator.region.RegionStatuses;
import io.gamemesh.operator.region.RegionWatch;
import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.Effect;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.WriteFailure;
import io.gamemesh.protocol.id.RegionId;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what one mesh's coordinator wants written. A write that could meet another leader's carries the resource
 * version that it was decided on, so that the API server refuses it if anything has changed in between.
 */
final class KubernetesMeshObjects implements MeshObjects {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesMeshObjects.class);

    /** The coordinator owns {@code status.coordinator} alone; the reconciler applies the rest under another name. */
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("gamemesh-coordinator")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final CoordinatedMesh mesh;
    private final RegionWatch regions;
    private final KubernetesEvents events;
    private final MeshListener listener;
    private final Clock clock;

    /** What was written last, which the watch may not show yet. */
    private final Map<String, Region> written = new ConcurrentHashMap<>();

    KubernetesMeshObjects(
            KubernetesClient client,
            CoordinatedMesh mesh,
            RegionWatch regions,
            KubernetesEvents events,
            MeshListener listener,
            Clock clock) {
        this.client = client;
        this.mesh = mesh;
        this.regions = regions;
        this.events = events;
        this.listener = listener;
        this.clock = clock;
    }

    @Override
    public List<Event> write(Effect.WriteCoordinatorStatus write) {
        return attempt(
                write.write(),
                this::presentMesh,
                () -> client.resource(applied(write))
                        .subresource("status")
                        .patch(APPLY)
                        .getMetadata()
                        .getResourceVersion());
    }

    @Override
    public List<Event> write(Effect.WriteRegionStatus write) {
        return attempt(write.write(), () -> presentRegion(write.name()), () -> {
            Region base = base(write.name(), write.expectedVersion());
            Region wanted = new Region();
            wanted.setMetadata(new ObjectMetaBuilder(base.getMetadata())
                    .withResourceVersion(write.expectedVersion())
                    .build());
            wanted.setSpec(base.getSpec());
            wanted.setStatus(RegionStatuses.write(
                    base.getStatus(), write.status(), base.getMetadata().getGeneration(), clock.instant()));
            Region stored = client.resource(wanted).updateStatus();
            written.put(write.name(), stored);
            return stored.getMetadata().getResourceVersion();
        });
    }

    @Override
    public List<Event> write(Effect.CreateRegion write) {
        return attempt(write.write(), () -> presentRegion(write.name()), () -> {
            GameMesh owner = mesh.latest();
            int edge = mesh.spec().geometry().edge(write.id().depth());
            Region region = RegionObjects.of(
                    owner, write.id(), edge, MeshLabels.all(mesh.key().name()));
            return client.resource(region).create().getMetadata().getResourceVersion();
        });
    }

    @Override
    public List<Event> write(Effect.DeleteRegion write) {
        return attempt(write.write(), () -> presentRegion(write.name()), () -> {
            if (region(write.name()).delete().isEmpty()) {
                throw notFound("Region " + write.name());
            }
            return "";
        });
    }

    @Override
    public List<Event> write(Effect.RemoveFinalizer write) {
        return attempt(write.write(), () -> presentRegion(write.name()), () -> {
            Region present = get(write.name());
            if (!write.uid().equals(present.getMetadata().getUid())) {
                throw notFound("Region " + write.name() + " with uid " + write.uid());
            }
            written.remove(write.name());
            present.getMetadata().getFinalizers().remove(RegionObjects.FINALIZER);
            client.resource(present).update();
            return "";
        });
    }

    @Override
    public void emit(Effect.EmitEvent event) {
        events.emit(about(event.region()), event.warning(), event.reason(), event.message());
    }

    @Override
    public void released() {
        listener.released(mesh.key());
    }

    @Override
    public void published(MeshView view) {
        listener.published(mesh.key(), view);
    }

    private List<Event> attempt(long write, Supplier<Event> present, Supplier<String> action) {
        try {
            return List.of(new Event.WriteSucceeded(write, action.get()));
        } catch (KubernetesClientException failure) {
            Event.WriteFailed failed = WriteResults.failed(write, failure);
            boolean differs =
                    failed.failure() == WriteFailure.CONFLICT || failed.failure() == WriteFailure.ALREADY_EXISTS;
            return differs ? Stream.concat(Stream.of(failed), look(present)).toList() : List.of(failed);
        } catch (RuntimeException unforeseen) {
            // The coordinator waits for an answer to each write, so there must be one.
            LOG.error("write {} of mesh {} failed", write, mesh.key(), unforeseen);
            return List.of(new Event.WriteFailed(write, WriteFailure.UNKNOWN, unforeseen.toString()));
        }
    }

    /** The object as it is; nothing if that cannot be read now, since the watch will show it soon. */
    private static Stream<Event> look(Supplier<Event> present) {
        try {
            return Stream.of(present.get());
        } catch (KubernetesClientException unreadable) {
            return Stream.empty();
        }
    }

    private Event presentMesh() {
        GameMesh present = client.resources(GameMesh.class)
                .inNamespace(mesh.key().namespace())
                .withName(mesh.key().name())
                .get();
        if (present == null) {
            throw notFound("GameMesh " + mesh.key());
        }
        return new Event.MeshObserved(mesh.resource(present));
    }

    private Event presentRegion(String name) {
        return new Event.RegionObserved(RegionObjects.resource(get(name)));
    }

    /** The region at the version that the decision was made on, from memory if possible. */
    private Region base(String name, String version) {
        Region remembered = written.get(name);
        if (remembered != null && version.equals(remembered.getMetadata().getResourceVersion())) {
            return remembered;
        }
        return regions.find(mesh.key(), name)
                .filter(seen -> version.equals(seen.getMetadata().getResourceVersion()))
                .orElseGet(() -> get(name));
    }

    private Region get(String name) {
        Region present = region(name).get();
        if (present == null) {
            throw notFound("Region " + name);
        }
        return present;
    }

    private Resource<Region> region(String name) {
        return client.resources(Region.class)
                .inNamespace(mesh.key().namespace())
                .withName(name);
    }

    private HasMetadata about(@Nullable RegionId id) {
        if (id == null) {
            return mesh.latest();
        }
        return regions.find(mesh.key(), id.name(mesh.key().name()))
                .<HasMetadata>map(region -> region)
                .orElseGet(mesh::latest);
    }

    private GenericKubernetesResource applied(Effect.WriteCoordinatorStatus write) {
        CoordinatorStatus status = write.status();
        MeshKey key = mesh.key();
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(mesh.latest().getApiVersion())
                .withKind(mesh.latest().getKind())
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withName(key.name())
                .withResourceVersion(write.expectedVersion())
                .endMetadata()
                .addToAdditionalProperties(
                        "status",
                        Map.of(
                                "coordinator",
                                Map.of(
                                        "term", status.term(),
                                        "lastIncarnation", status.lastIncarnation(),
                                        "epochFloor", status.epochFloor(),
                                        "silent", status.silent())))
                .build();
    }

    private static KubernetesClientException notFound(String what) {
        return new KubernetesClientException(what + " is not there", HttpURLConnection.HTTP_NOT_FOUND, null);
    }
}
