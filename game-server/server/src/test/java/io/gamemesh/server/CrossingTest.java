package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.CrossingStatistics;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.Movement;
import io.gamemesh.client.RemoteEntity;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers with a border at x = 0 between them: the east belongs to server 0, the west to server 1. */
class CrossingTest {
    private static final double BRISK = 6;

    @TempDir
    Path directory;

    private TestMesh mesh;

    @BeforeEach
    void divideTheWorld() throws Exception {
        mesh = new TestMesh(directory, 2, Map.of());
        mesh.startEastAndWest();
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    /** A walk that ends on the client's event loop: one that is stopped from elsewhere may go too far. */
    private record Walk(GameClient walker, double from, double to) {
        boolean isOver(double x) {
            return from > to ? x < to : x > to;
        }
    }

    private static final class Travels implements GameListener {
        private final AtomicReference<@Nullable Walk> walk = new AtomicReference<>();
        private final List<RedirectReason> reasons = new CopyOnWriteArrayList<>();
        private final List<String> losses = new CopyOnWriteArrayList<>();

        @Override
        public void snapshot(WorldView world) {
            Walk present = walk.get();
            if (present != null && present.isOver(world.x())) {
                present.walker().move(Movement.STILL);
                walk.set(null);
            }
        }

        @Override
        public void serverChanged(WorldView world, ServerAddress from, ServerAddress to, RedirectReason why) {
            reasons.add(why);
        }

        @Override
        public void connectionLost(String reason) {
            losses.add(reason);
        }
    }

    private static String server(GameClient client) {
        return client.inspect(WorldView::server).join();
    }

    private static double x(GameClient client) {
        return client.inspect(WorldView::x).join();
    }

    private static long entity(GameClient client) {
        return client.inspect(WorldView::entityId).join();
    }

    private static List<String> names(GameClient client) {
        return client.inspect(
                        view -> view.entities().stream().map(RemoteEntity::name).toList())
                .join();
    }

    private static void walkTo(GameClient client, Travels travels, double x) {
        Walk walk = new Walk(client, x(client), x);
        travels.walk.set(walk);
        client.move(Movement.walk(x < walk.from() ? -BRISK : BRISK, 0));
        Eventually.within().until(() -> travels.walk.get() == null);
    }

    private int players() {
        return mesh.servers.stream()
                .flatMap(server -> server.status().regions().stream())
                .mapToInt(region -> region.players())
                .sum();
    }

    @Test
    void leadsAPlayerWhoJoinsAtTheWrongServerToTheRightOne() {
        for (int i = 0; i < 6; i++) {
            GameClient client = mesh.join("player-" + i, i % 2);

            assertThat(server(client)).isEqualTo(x(client) < 0 ? "demo-1" : "demo-0");
        }
    }

    @Test
    void takesAPlayerOverTheBorderAndBackAsTheSameEntity() {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        walkTo(ada, travels, 10);
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        long entity = entity(ada);

        walkTo(ada, travels, -10);

        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-1"));
        assertThat(entity(ada)).isEqualTo(entity);
        Eventually.within().untilAsserted(() -> assertThat(travels.reasons).contains(RedirectReason.CROSSED));

        walkTo(ada, travels, 10);

        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        assertThat(entity(ada)).isEqualTo(entity);
        assertThat(travels.losses).isEmpty();
        Eventually.within().untilAsserted(() -> assertThat(players()).isEqualTo(1));
    }

    @Test
    void handsAPlayerOverToWhereItIsConnectedAheadAndGoesOnWithItsInputs() {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        walkTo(ada, travels, 10);
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        ada.resetStatistics();

        for (int i = 0; i < 6; i++) {
            walkTo(ada, travels, i % 2 == 0 ? -6 : 6);
        }

        CrossingStatistics crossing = ada.statistics().join().crossing();
        assertThat(crossing.betweenServers()).isEqualTo(6);
        assertThat(crossing.errors().count()).isEqualTo(6);
        // Who follows a redirect loses some inputs, and is off by far more.
        assertThat(crossing.errors().maxMillis()).as("millimetres").isLessThan(10);
        assertThat(travels.losses).isEmpty();
        assertThat(ada.statistics().join().reconnects()).isZero();
    }

    @Test
    void showsPlayersOverTheBorder() {
        Travels adas = new Travels();
        Travels bobs = new Travels();
        GameClient ada = mesh.join("ada", 0, adas);
        GameClient bob = mesh.join("bob", 0, bobs);
        walkTo(ada, adas, 8);
        walkTo(bob, bobs, -8);

        Eventually.within().untilAsserted(() -> {
            assertThat(server(ada)).isNotEqualTo(server(bob));
            assertThat(names(ada)).contains("bob");
            assertThat(names(bob)).contains("ada");
        });
    }

    @Test
    void movesARegionWithItsPlayersToAnotherServer() {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        walkTo(ada, travels, 10);
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        RegionId region = ada.inspect(WorldView::region).join();
        long entity = entity(ada);

        mesh.coordinator.move(region, 1, 1, 2, 2);

        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-1"));
        assertThat(entity(ada)).isEqualTo(entity);
        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.coordinator.reports())
                        .anySatisfy(report -> {
                            assertThat(report.getRegionId()).isEqualTo(region.packed());
                            assertThat(report.getEpoch()).isEqualTo(2);
                            assertThat(report.getState()).isEqualTo(RegionState.REGION_STATE_ACTING);
                        })
                        .anySatisfy(report -> {
                            assertThat(report.getRegionId()).isEqualTo(region.packed());
                            assertThat(report.getState()).isEqualTo(RegionState.REGION_STATE_RELEASED);
                        }));
        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.registries
                                .getFirst()
                                .get("authority_transfer_count")
                                .gauge()
                                .value())
                        .isEqualTo(1));
        Eventually.within().untilAsserted(() -> assertThat(players()).isEqualTo(1));
    }

    @Test
    void playersAreConnectedToTheTargetBeforeTheirRegionMovesThere() {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        // So far from the border that it is not for that.
        walkTo(ada, travels, 60);
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        RegionId region = ada.inspect(WorldView::region).join();
        double told = messagesTo(1);
        long inputs = ada.inspect(WorldView::lastInput).join();

        mesh.coordinator.move(region, 1, 1, 2, 2);
        Eventually.within().until(() -> messagesTo(1) > told);
        assertThat(server(ada)).as("it is only prepared for").isEqualTo("demo-0");

        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-1"));
        walkTo(ada, travels, 70);
        assertThat(ada.inspect(WorldView::lastInput).join())
                .as("inputs are counted on, as over a connection that was made ahead")
                .isGreaterThan(inputs);
        assertThat(travels.losses).isEmpty();
        assertThat(ada.statistics().join().redirects()).isEqualTo(1);
    }

    private double messagesTo(int server) {
        return mesh.registries
                .get(server)
                .get("messages_received")
                .tag("kind", "control")
                .functionCounter()
                .count();
    }

    @Test
    void keepsTheRegionWhenTheTargetCannotBeReached() {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        walkTo(ada, travels, 10);
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        RegionId region = ada.inspect(WorldView::region).join();
        long before = ada.inspect(WorldView::snapshot).join();
        mesh.servers.get(1).close();

        mesh.coordinator.move(region, 1, 1, 2, 2);

        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.registries
                                .getFirst()
                                .get("authority_transfer_failures")
                                .gauge()
                                .value())
                        .isEqualTo(1));
        Eventually.within().until(() -> ada.inspect(WorldView::snapshot).join() > before + 40);
        assertThat(server(ada)).isEqualTo("demo-0");
    }

    @Test
    void measuresTheRoundTripToItsPeers() {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        walkTo(ada, travels, 5);

        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.registries
                                .getFirst()
                                .get("avg_inter_server_latency_ms")
                                .gauge()
                                .value())
                        .isPositive());
    }

    @Test
    void handsItsRegionsOverBeforeItStops() throws InterruptedException {
        Travels travels = new Travels();
        GameClient ada = mesh.join("ada", 0, travels);
        walkTo(ada, travels, 10);
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-0"));
        Thread stopping = Thread.ofPlatform().start(() -> {
            try {
                if (mesh.servers.getFirst().drain()) {
                    mesh.servers.getFirst().close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Eventually.within().until(() -> mesh.coordinator.draining());

        for (RegionId region : TestMesh.regions()) {
            if (region.x() >= 0) {
                mesh.coordinator.move(region, 1, 1, 2, 2);
            }
        }

        stopping.join();
        Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-1"));
        assertThat(travels.losses).isEmpty();
        assertThat(mesh.servers.getFirst().ready()).isFalse();
        assertThat(mesh.servers.get(1).status().regions()).hasSize(8);
    }
}
