package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.operator.OperatorSettings;
import io.gamemesh.operator.coordination.ControlPlaneIdentity;
import io.gamemesh.planner.coordinator.MeshView;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the model that a mesh's dependents are computed from. */
@Singleton
class MeshModels {

    private final OperatorSettings settings;
    private final ControlPlaneIdentity controlPlane;

    MeshModels(OperatorSettings settings, ControlPlaneIdentity controlPlane) {
        this.settings = settings;
        this.controlPlane = controlPlane;
    }

    MeshModel of(GameMesh mesh, GameMeshSpec spec, @Nullable StatefulSet present, @Nullable MeshView view) {
        int servers = servers(mesh, spec, present, view);
        return new MeshModel(
                new MeshNames(
                        mesh.getMetadata().getNamespace(), mesh.getMetadata().getName()),
                spec,
                servers,
                Math.max(servers, pods(present)),
                settings.serverImage(),
                controlPlane.endpoint(),
                controlPlane.authorityCertificate());
    }

    /**
     * The coordinator's word, since only it knows which servers own nothing. Until it leads, and has heard
     * what the servers own, there may be more servers, never fewer: whoever led before may have wanted more, and those have
     * regions.
     */
    static int servers(GameMesh mesh, GameMeshSpec spec, @Nullable StatefulSet present, @Nullable MeshView view) {
        int there = present == null ? 0 : present.getSpec().getReplicas();
        if (view != null && view.leading()) {
            return view.replicas().of(there);
        }
        int before = mesh.getStatus() == null ? 0 : mesh.getStatus().desiredReplicas();
        return Math.max(spec.servers().replicas(), Math.max(before, there));
    }

    private static int pods(@Nullable StatefulSet present) {
        return Optional.ofNullable(present)
                .map(StatefulSet::getStatus)
                .map(status -> status.getReplicas())
                .orElse(0);
    }
}
