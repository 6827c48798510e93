package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.id.RegionId;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a server must not go on. */
class EndingTest {
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);

    @TempDir
    Path directory;

    private static long ticks(TestMesh mesh) {
        return mesh.servers.getFirst().status().regions().stream()
                .mapToLong(region -> region.tick())
                .sum();
    }

    @Test
    void endsWithoutHandingOverWhenItIsSaidToBeDead() throws Exception {
        try (TestMesh mesh = new TestMesh(directory, 1, Map.of())) {
            mesh.start(0, REGION, 1);
            Eventually.within().until(() -> ticks(mesh) > 0);

            mesh.coordinator.dismiss(1);

            Eventually.within().until(() -> !mesh.failures.isEmpty());
            assertThat(mesh.failures)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("known dead"));
            assertThat(mesh.coordinator.draining()).isFalse();
            mesh.failures.clear();
        }
    }

    @Test
    void tellsTheCoordinatorThatItStopsEvenWithoutRegions() throws Exception {
        try (TestMesh mesh = new TestMesh(directory, 1, Map.of())) {
            boolean done = mesh.servers.getFirst().drain();

            assertThat(done).isTrue();
            assertThat(mesh.coordinator.draining()).isTrue();
        }
    }
}
