package io.gamemesh.operator.coordination;

import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.MeshResource;

/**
 * What is known of a mesh that is coordinated: its object as last seen and the last valid spec. Safe for use by several
 * threads.
 */
final class CoordinatedMesh {

    private final MeshKey key;
    private volatile Seen seen;

    private record Seen(GameMesh object, GameMeshSpec valid, MeshSpec spec) {}

    CoordinatedMesh(MeshKey key, GameMesh object, GameMeshSpec valid) {
        this.key = key;
        this.seen = new Seen(object, valid, MeshSpecs.of(key.name(), valid));
    }

    void update(GameMesh object, GameMeshSpec valid) {
        seen = new Seen(object, valid, MeshSpecs.of(key.name(), valid));
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
