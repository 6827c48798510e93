package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.operator.OperatorSettings;
import io.gamemesh.operator.coordination.ControlPlaneIdentity;
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

    MeshModel of(GameMesh mesh, GameMeshSpec spec, @Nullable StatefulSet present) {
        int servers = spec.servers().replicas();
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

    private static int pods(@Nullable StatefulSet present) {
        return Optional.ofNullable(present)
                .map(StatefulSet::getStatus)
                .map(status -> status.getReplicas())
                .orElse(0);
    }
}
