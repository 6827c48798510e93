package io.gamemesh.operator.coordination;

import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.MeshResource;
import io.gamemesh.planner.coordinator.MeshView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a mesh that is coordinated: its object as last seen, the last valid spec, and what its
 * coordinator has said. Safe for use by several
 * threads.
 */
final class CoordinatedMesh {

    private static final long FIGURES_EVERY_NANOS = Duration.ofSeconds(3).toNanos();

    private final MeshKey key;
    private volatile @Nullable Reported reported;
    private volatile Seen seen;
    private volatile boolean released;

    private record Seen(GameMesh object, GameMeshSpec valid, MeshSpec spec) {}

    private record Reported(MeshView view, long nanos) {}

    CoordinatedMesh(MeshKey key, GameMesh object, GameMeshSpec valid) {
        this.key = key;
        this.seen = new Seen(object, valid, MeshSpecs.of(key.name(), valid));
    }

    void update(GameMesh object, GameMeshSpec valid) {
        seen = new Seen(object, valid, MeshSpecs.of(key.name(), valid));
    }

    /**
     * Takes in a view; true if people are to hear of it: at once of what has happened, every few seconds of figures. A
     * write of a large object's status costs the API server as much as dozens of small ones.
     *
     * @param nowNanos of any monotonic clock, always the same one
     */
    boolean report(MeshView view, long nowNanos) {
        Reported last = reported;
        boolean tooSoon = last != null && nowNanos - last.nanos() < FIGURES_EVERY_NANOS;
        if (last != null && (tooSoon ? view.sameButForFigures(last.view()) : view.equals(last.view()))) {
            return false;
        }
        reported = new Reported(view, nowNanos);
        return true;
    }

    /** Whether the mesh is being deleted and has no regions any more. */
    boolean released() {
        return released;
    }

    void released(boolean now) {
        released = now;
    }

    MeshKey key() {
        return key;
    }

    GameMesh latest() {
        return seen.object();
    }

    GameMeshSpec valid() {
        return seen.valid();
    }

    MeshSpec spec() {
        return seen.spec();
    }

    /** An object of the mesh as its coordinator needs it. */
    MeshResource resource(GameMesh object) {
        return new MeshResource(
                object.getMetadata().getUid(),
                object.getMetadata().getResourceVersion(),
                seen.spec(),
                object.getStatus() == null ? 0 : object.getStatus().desiredReplicas(),
                coordinator(object),
                TerminatedAnnotation.of(object).incarnations(),
                object.getMetadata().getDeletionTimestamp() != null);
    }

    private static CoordinatorStatus coordinator(GameMesh object) {
        var stored = object.getStatus() == null ? null : object.getStatus().coordinator();
        return stored == null
                ? CoordinatorStatus.NEW
                : new CoordinatorStatus(stored.term(), stored.lastIncarnation(), stored.epochFloor(), stored.silent());
    }
}
