package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gamemesh.coordinator.ControlPlane;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.ExposureSpec;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.operator.pod.PodRelease;
import io.gamemesh.operator.pod.PodWatch;
import io.gamemesh.operator.region.RegionObjects;
import io.gamemesh.operator.region.RegionWatch;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The reconciler's side of the coordinators: it tells them of meshes and learns how those are. Safe for use by several
 * threads.
 */
@Singleton
public class MeshCoordination implements AutoCloseable {

    private final KubernetesClient client;
    private final ControlPlane controlPlane;
    private final KubernetesEvents events;
    private final Clock clock;
    private final RegionWatch regions;
    private final PodWatch pods;
    private final PodRelease release;
    private final Map<MeshKey, CoordinatedMesh> meshes = new ConcurrentHashMap<>();
    private final MeshListener listener = new Listener();
    private volatile Consumer<MeshKey> changes = mesh -> {};

    MeshCoordination(KubernetesClient client, ControlPlane controlPlane, KubernetesEvents events, Clock clock) {
        this.client = client;
        this.controlPlane = controlPlane;
        this.events = events;
        this.clock = clock;
        this.regions = new RegionWatch(client, controlPlane::post);
        this.pods = new PodWatch(client, controlPlane::post, this::exposure, mesh -> changes.accept(mesh));
        this.release = new PodRelease(client, pods, regions);
    }

    /** Begins to watch; returns when all that is there is known. To be called once, before any mesh is observed. */
    public void start() {
        regions.start();
        pods.start();
    }

    /** Begins to let go of pods whose end has been recorded; to be called when this replica leads. */
    public void lead() {
        release.start();
    }

    /**
     * Names who is to look at a mesh again when its coordinator has news.
     *
     * @param listener takes the mesh; must return at once
     */
    public void onChange(Consumer<MeshKey> listener) {
        changes = listener;
    }

    /**
     * Tells a mesh's coordinator how the mesh is, and begins to coordinate it if nobody does.
     *
     * @param object the mesh as last seen
     * @param valid  its last valid spec
     */
    public void observe(GameMesh object, GameMeshSpec valid) {
        MeshKey key = key(object);
        CoordinatedMesh mesh = meshes.computeIfAbsent(key, absent -> new CoordinatedMesh(key, object, valid));
        boolean sameExposure =
                mesh.valid().servers().exposure().equals(valid.servers().exposure());
        boolean sameAnnotation = TerminatedAnnotation.of(mesh.latest()).equals(TerminatedAnnotation.of(object));
        mesh.update(object, valid);
        if (!object.isMarkedForDeletion()) {
            // Said of an earlier mesh of that name, and late.
            mesh.released(false);
        }
        boolean opened =
                controlPlane.open(key, new KubernetesMeshObjects(client, mesh, regions, events, listener, clock));
        controlPlane.post(key, new Event.MeshObserved(mesh.resource(object)));
        if (opened) {
            regions.list(key)
                    .forEach(
                            region -> controlPlane.post(key, new Event.RegionObserved(RegionObjects.resource(region))));
            controlPlane.post(key, new Event.RegionsListed());
        }
        if (opened || !sameAnnotation) {
            warnOfUnreadable(object);
        }
        if (opened || !sameExposure) {
            pods.report(key);
        }
    }

    /**
     * Says how a mesh looks to its coordinator.
     *
     * @param mesh which
     * @return the latest view, or empty if there is none yet
     */
    public Optional<MeshView> view(MeshKey mesh) {
        return controlPlane.view(mesh);
    }

    /**
     * Says why pods of a mesh cannot start.
     *
     * @param mesh which
     * @return a sentence for each such pod
     */
    public List<String> troubles(MeshKey mesh) {
        return pods.troubles(mesh);
    }

    /**
     * Says whether a mesh that is being deleted has no regions any more.
     *
     * @param mesh which
     * @return true if so
     */
    public boolean released(MeshKey mesh) {
        CoordinatedMesh known = meshes.get(mesh);
        return known != null && known.released();
    }

    /**
     * Ends the coordination of a mesh that is gone.
     *
     * @param mesh which
     */
    public void gone(MeshKey mesh) {
        controlPlane.gone(mesh);
        meshes.remove(mesh);
    }

    @Override
    public void close() {
        release.close();
        regions.close();
        pods.close();
    }

    private Optional<ExposureSpec> exposure(MeshKey key) {
        return Optional.ofNullable(meshes.get(key))
                .map(mesh -> mesh.valid().servers().exposure());
    }

    private void warnOfUnreadable(GameMesh object) {
        TerminatedAnnotation annotation = TerminatedAnnotation.of(object);
        if (!annotation.unreadable().isEmpty()) {
            events.emit(
                    object,
                    true,
                    "InvalidAnnotation",
                    TerminatedAnnotation.NAME + ": " + annotation.unreadable()
                            + " are no incarnations; expected numbers from 1 to 16777215 separated by commas");
        }
    }

    private static MeshKey key(GameMesh mesh) {
        return new MeshKey(mesh.getMetadata().getNamespace(), mesh.getMetadata().getName());
    }

    /** Takes what coordinators say, on their threads; what one still says when its mesh is gone is no news. */
    private final class Listener implements MeshListener {

        @Override
        public void released(MeshKey key) {
            CoordinatedMesh mesh = meshes.get(key);
            if (mesh != null) {
                mesh.released(true);
                changes.accept(key);
            }
        }

        /** A view that says nothing new to people costs the API server nothing. */
        @Override
        public void published(MeshKey key, MeshView view) {
            CoordinatedMesh mesh = meshes.get(key);
            if (mesh != null && mesh.report(view, System.nanoTime())) {
                changes.accept(key);
            }
        }
    }
}
