package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameListener;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ToServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
            // It is said when the server knows; it is heard a little later.
            Eventually.within().until(mesh.coordinator::draining);
        }
    }

    @Test
    void stopsWaitingForItsRegionsToBeTakenWhenItFailsMeanwhile() throws Exception {
        try (TestMesh mesh = new TestMesh(directory, 1, Map.of("gamemesh.server.drain-deadline", "10m"))) {
            mesh.start(0, REGION, 1);
            CompletableFuture<Boolean> drained = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try {
                    drained.complete(mesh.servers.getFirst().drain());
                } catch (RuntimeException | InterruptedException e) {
                    drained.completeExceptionally(e);
                }
            });
            Eventually.within().until(() -> mesh.coordinator.draining());

            mesh.coordinator.dismiss(1);

            assertThat(drained).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(false);
            assertThat(mesh.failures).hasSize(1);
            mesh.failures.clear();
        }
    }

    @Test
    void stopsOnlyWhenThoseWhoWereToldToLeaveAreGone() throws Exception {
        try (TestMesh mesh = new TestMesh(directory, 1, Map.of());
                RawClient client =
                        new RawClient(mesh.files, mesh.servers.getFirst().playerAddress())) {
            client.control(RawClient.frame(new ToServer.Ping(1)));
            RawClient.End said = client.end();

            mesh.servers.getFirst().close();

            assertThat(client.closed()).isEqualTo(said);
        }
    }

    @Test
    void tellsItsPlayersThatItStops() throws Exception {
        try (TestMesh mesh = new TestMesh(directory, 1, Map.of())) {
            mesh.startAll(0);
            CompletableFuture<String> lost = new CompletableFuture<>();
            GameClient _ = mesh.join("ada", 0, new GameListener() {
                @Override
                public void connectionLost(String reason) {
                    lost.complete(reason);
                }
            });

            mesh.servers.getFirst().close();

            assertThat(lost).succeedsWithin(20, TimeUnit.SECONDS).asString().startsWith("SHUTTING_DOWN");
        }
    }

    @Test
    void actsForNothingWhenItsTerminationMessageCannotBeWritten() throws Exception {
        MeshFiles files = MeshFiles.in(directory, TestMesh.TLS_NAME);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (FakeCoordinator coordinator = new FakeCoordinator(files, List.of("demo-0"))) {
            coordinator.startAtOnce(REGION, 1);
            Path nowhere = directory.resolve("missing").resolve("termination-log");
            ServerConfig config = TestConfig.of(
                    files, coordinator.port(), "demo-0", Map.of("gamemesh.server.termination-log", nowhere.toString()));

            try (GameServer server = new GameServer(config, "test", new SimpleMeterRegistry(), failures::add)) {
                Eventually.within().until(() -> !failures.isEmpty());

                assertThat(failures)
                        .singleElement()
                        .satisfies(failure -> assertThat(failure)
                                .hasMessageContaining("cannot write the termination message")
                                .hasRootCauseInstanceOf(NoSuchFileException.class));
                Eventually.within().until(() -> coordinator.hasLost(1));
                assertThat(server.status().incarnation()).isZero();
                assertThat(server.status().regions()).isEmpty();
            }
            assertThat(coordinator.reports()).isEmpty();
            assertThat(coordinator.member(1).heartbeat).isNull();
        }
    }
}
