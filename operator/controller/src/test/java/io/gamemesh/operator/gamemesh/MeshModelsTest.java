package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshStatus;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.MeshView.Replicas;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many replicas the stateful set of a mesh of three servers is to have. */
class MeshModelsTest {

    private final GameMesh mesh = Meshes.read("defaults");

    @Test
    void keepsThePodsThatAreThereUntilTheCoordinatorLeads() {
        mesh.setStatus(new GameMeshStatus().toBuilder().desiredReplicas(4).build());

        assertThat(MeshModels.servers(mesh, mesh.getSpec(), pods(5), null)).isEqualTo(5);
        assertThat(MeshModels.servers(mesh, mesh.getSpec(), pods(2), null)).isEqualTo(4);
    }

    @Test
    void keepsThePodsThatAreThereUntilTheServersHaveSaidWhatTheyOwn() {
        assertThat(MeshModels.servers(mesh, mesh.getSpec(), pods(5), view(new Replicas(3, 3, false, null))))
                .isEqualTo(5);
        assertThat(MeshModels.servers(mesh, mesh.getSpec(), pods(2), view(new Replicas(3, 4, false, null))))
                .isEqualTo(4);
    }

    @Test
    void letsGoOfPodsWhoseServersOwnNothing() {
        assertThat(MeshModels.servers(mesh, mesh.getSpec(), pods(5), view(new Replicas(3, 4, true, null))))
                .isEqualTo(4);
    }

    private static StatefulSet pods(int replicas) {
        return new StatefulSetBuilder()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
    }

    private static MeshView view(Replicas replicas) {
        return new MeshView(true, 1, 3, replicas, List.of(), 8, 8, 8, 0, 0, 0, 20, 0, 0, 0);
    }
}
