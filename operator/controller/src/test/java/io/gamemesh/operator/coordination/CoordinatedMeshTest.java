package io.gamemesh.operator.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.MeshView.Replicas;
import io.gamemesh.planner.coordinator.MeshView.Server;
import io.gamemesh.planner.coordinator.MeshView.ServerPhase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When people hear of what a coordinator sees. */
class CoordinatedMeshTest {

    private static final long SECOND = 1_000_000_000;
    private static final long START = 0;

    private final CoordinatedMesh mesh = mesh();

    @Test
    void tellsAtOnceOfWhatHasHappened() {
        assertThat(mesh.report(view(8, 0), START)).isTrue();
        assertThat(mesh.report(view(7, 0), START + 1)).isTrue();
        assertThat(mesh.report(view(8, 40), START + 2)).isTrue();
    }

    @Test
    void tellsOfNothingNewNever() {
        mesh.report(view(8, 3), START);

        assertThat(mesh.report(view(8, 3), START + 60 * SECOND)).isFalse();
    }

    @Test
    void tellsOfFiguresNowAndThenAndOfTheLastOnes() {
        mesh.report(view(8, 0), START);

        assertThat(mesh.report(view(8, 1), START + 1 * SECOND)).isFalse();
        assertThat(mesh.report(view(8, 2), START + 2 * SECOND)).isFalse();
        assertThat(mesh.report(view(8, 2), START + 3 * SECOND)).isTrue();
        assertThat(mesh.report(view(8, 3), START + 4 * SECOND)).isFalse();
        assertThat(mesh.report(view(8, 3), START + 6 * SECOND)).isTrue();
    }

    private static MeshView view(int readyRegions, int players) {
        Server server = new Server(
                "world-0",
                1,
                ServerPhase.READY,
                "node",
                "192.0.2.1:7777",
                "10.0.0.1:7777",
                players,
                8,
                players,
                players);
        return new MeshView(
                true,
                1,
                1,
                new Replicas(1, 1, true, null),
                List.of(server),
                8,
                8,
                readyRegions,
                0,
                players,
                players,
                20 - players / 100.0,
                0,
                0,
                0);
    }

    private static CoordinatedMesh mesh() {
        GameMesh object = Serialization.unmarshal("""
                apiVersion: gamemesh.io/v1alpha1
                kind: GameMesh
                metadata:
                  namespace: default
                  name: world
                spec: {}
                """, GameMesh.class);
        return new CoordinatedMesh(new MeshKey("default", "world"), object, object.getSpec());
    }
}
