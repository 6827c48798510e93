package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.WorldView;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.server.query.ServerStatus;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What players notice of regions that change hands, and of hand-overs that go wrong half-way. */
class HandOverTest {
    private static final int MOVES = 6;
    private static final int REACHABLE = 25;
    private static final int NEWCOMERS = 4;

    @TempDir
    Path directory;

    private TestMesh mesh;

    @BeforeEach
    void startAllRegionsOnTheFirstOfTwoServers() throws Exception {
        // These tests are about what becomes of players, not about how fast they may be or how long they wait.
        Map<String, String> limits =
                Map.of("gamemesh.limits.inputs-per-second", "10000", "gamemesh.limits.newcomer-patience", "20s");
        mesh = new TestMesh(directory, 2, limits);
        mesh.startAll(0);
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    private static RegionId region(GameClient client) {
        return client.inspect(WorldView::region).join();
    }

    private static long entity(GameClient client) {
        return client.inspect(WorldView::entityId).join();
    }

    private static String server(GameClient client) {
        return client.inspect(WorldView::server).join();
    }

    private static long snapshots(GameClient client) {
        return client.inspect(WorldView::snapshot).join();
    }

    private int players() {
        return mesh.servers.stream()
                .flatMap(server -> server.status().regions().stream())
                .mapToInt(ServerStatus.Region::players)
                .sum();
    }

    private double failedTransfers() {
        return mesh.registries
                .getFirst()
                .get("authority_transfer_failures")
                .gauge()
                .value();
    }

    private void awaitReport(RegionId region, RegionState state, long epoch) {
        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.coordinator.reports()).anySatisfy(report -> {
                    assertThat(report.getRegionId()).isEqualTo(region.packed());
                    assertThat(report.getState()).isEqualTo(state);
                    assertThat(report.getEpoch()).isEqualTo(epoch);
                }));
    }

    /** The source has handed the state over and knows no more. */
    private void freeze(RegionId region) throws Exception {
        try (CuttingPeer peer = new CuttingPeer(mesh.files, OptionalInt.empty())) {
            mesh.coordinator.moveBy(peer.address(), region, 1, 1, 2, 2);
            awaitReport(region, RegionState.REGION_STATE_FROZEN, 1);
        }
    }

    @Test
    void staysFrozenWhenNobodyKnowsWhetherTheTargetTookTheRegionUntilItIsToldToGoOn() throws Exception {
        GameClient ada = mesh.join("ada", 0);
        RegionId region = region(ada);
        long entity = entity(ada);

        freeze(region);

        assertThat(failedTransfers()).isEqualTo(1);
        assertThat(mesh.coordinator.reports().getLast().getOfferedEpoch()).isEqualTo(2);
        long frozenAt = tick(region);
        awaitTicks(40);
        assertThat(tick(region)).isEqualTo(frozenAt);

        mesh.coordinator.resume(1, region, 3);

        awaitReport(region, RegionState.REGION_STATE_ACTING, 3);
        Eventually.within().until(() -> tick(region) > frozenAt + 20);
        long before = snapshots(ada);
        Eventually.within().until(() -> snapshots(ada) > before);
        assertThat(entity(ada)).isEqualTo(entity);
        assertThat(players()).isEqualTo(1);
    }

    @Test
    void letsAPlayerWithATicketWaitForARegionThatIsFrozen() throws Exception {
        ToClient.Welcome first;
        ToClient.Ticket ticket;
        try (RawClient ada = new RawClient(mesh.files, mesh.servers.getFirst().playerAddress())) {
            ada.control(RawClient.frame(RawClient.hello("ada")));
            ticket = awaitMessage(ada, ToClient.Ticket.class);
            first = awaitMessage(ada, ToClient.Welcome.class);
        }
        Eventually.within().until(() -> mesh.servers.getFirst().status().players() == 0);
        freeze(new RegionId(first.region()));

        try (RawClient again = new RawClient(mesh.files, mesh.servers.getFirst().playerAddress())) {
            var control = again.control(
                    RawClient.frame(RawClient.hello("ada", Optional.empty(), Optional.of(ticket.ticket()))));
            RawClient.write(control, RawClient.frame(new ToServer.Ping(7)));
            awaitMessage(again, ToClient.Pong.class);
            awaitTicks(8);
            assertThat(again.received()).noneMatch(ToClient.Welcome.class::isInstance);
            mesh.coordinator.resume(1, new RegionId(first.region()), 3);

            ToClient.Welcome second = awaitMessage(again, ToClient.Welcome.class);

            assertThat(second.entityId()).isEqualTo(first.entityId());
            assertThat(second.rejoined()).isTrue();
        }
    }

    @Test
    void givesTheNextTicketWithTheAnswerToAPing() throws Exception {
        try (RawClient ada = new RawClient(mesh.files, mesh.servers.getFirst().playerAddress())) {
            var control = ada.control(RawClient.frame(RawClient.hello("ada")));
            ToClient.Ticket first = awaitMessage(ada, ToClient.Ticket.class);
            AtomicLong nonce = new AtomicLong();

            Eventually.within().until(() -> {
                RawClient.write(control, RawClient.frame(new ToServer.Ping(nonce.incrementAndGet())));
                return tickets(ada).size() > 1;
            });

            List<ToClient.Control> received = ada.received();
            ToClient.Ticket second = tickets(ada).get(1);
            assertThat(second).isNotEqualTo(first);
            assertThat(received.get(received.indexOf(second) - 1)).isInstanceOf(ToClient.Pong.class);
        }
    }

    private static List<ToClient.Ticket> tickets(RawClient client) {
        return client.received().stream()
                .filter(ToClient.Ticket.class::isInstance)
                .map(ToClient.Ticket.class::cast)
                .toList();
    }

    @Test
    void letsGoOfARegionWhoseTargetActsThoughItsAnswerGotLost() throws Exception {
        GameClient ada = mesh.join("ada", 0);
        RegionId region = region(ada);
        long entity = entity(ada);

        try (CuttingPeer peer =
                new CuttingPeer(mesh.files, OptionalInt.of(mesh.servers.get(1).peerPort()))) {
            mesh.coordinator.moveBy(peer.address(), region, 1, 1, 2, 2);

            Eventually.within().untilAsserted(() -> assertThat(server(ada)).isEqualTo("demo-1"));
        }

        awaitReport(region, RegionState.REGION_STATE_RELEASED, 1);
        Eventually.within().untilAsserted(() -> assertThat(failedTransfers()).isEqualTo(1));
        assertThat(entity(ada)).isEqualTo(entity);
        assertThat(mesh.servers.get(0).status().regions()).hasSize(7);
        assertThat(mesh.servers.get(1).status().regions()).hasSize(1);
        Eventually.within().untilAsserted(() -> assertThat(players()).isEqualTo(1));
    }

    @Test
    void answersWhateverIsSaidToAnEngineThatIsJustBeingStopped() {
        GameClient ada = mesh.join("ada", 0);
        RegionId region = region(ada);
        int x = (int) Math.floor(ada.inspect(WorldView::x).join()) - 2;
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) - 1;
        int z = (int) Math.floor(ada.inspect(WorldView::z).join()) - 2;
        Map<Integer, List<CompletableFuture<EditOutcome>>> edits = new HashMap<>();
        List<CompletableFuture<GameClient>> newcomers = new ArrayList<>();
        int[] posted = new int[1];

        for (int move = 0; move < MOVES; move++) {
            int from = move % 2;
            int to = 1 - from;
            if (move < NEWCOMERS) {
                newcomers.add(mesh.builder(from).name("newcomer-" + move).connect());
            }
            mesh.coordinator.move(region, move + 1, from + 1, to + 1, move + 2);
            Eventually.within().pollInterval(Duration.ofMillis(4)).until(() -> {
                int place = posted[0]++ % REACHABLE;
                edits.computeIfAbsent(place, _ -> new ArrayList<>())
                        .add(ada.edit(x + place % 5, y, z + place / 5, Blocks.BRICK));
                return server(ada).equals("demo-" + to);
            });
        }

        edits.values().forEach(each -> each.forEach(edit -> assertThat(edit).succeedsWithin(20, TimeUnit.SECONDS)));
        List<GameClient> in = newcomers.stream()
                .map(each -> each.orTimeout(20, TimeUnit.SECONDS).join())
                .toList();
        Eventually.within().untilAsserted(() -> assertThat(players()).isEqualTo(1 + NEWCOMERS));
        List<Integer> built = edits.entrySet().stream()
                .filter(each -> each.getValue().stream().anyMatch(edit -> edit.join() == EditOutcome.ACCEPTED))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(built).isNotEmpty();
        GameClient bob = mesh.join("bob", 0);
        Eventually.within()
                .untilAsserted(() -> assertThat(built)
                        .allSatisfy(place -> assertThat(bob.inspect(view -> view.block(x + place % 5, y, z + place / 5))
                                        .join())
                                .isEqualTo(OptionalInt.of(Blocks.BRICK))));
        in.forEach(GameClient::close);
    }

    private long tick(RegionId region) {
        return mesh.servers.getFirst().status().regions().stream()
                .filter(each -> each.id().equals(region))
                .mapToLong(ServerStatus.Region::tick)
                .findFirst()
                .orElseThrow();
    }

    /** Waits until the first server's engines have been stepped so often for each region, the frozen ones too. */
    private void awaitTicks(int count) {
        double until =
                steps() + count * mesh.servers.getFirst().status().regions().size();
        Eventually.within().until(() -> steps() >= until);
    }

    private double steps() {
        Meter ticks = mesh.registries.getFirst().get("tick_duration_ms").meter();
        return StreamSupport.stream(ticks.measure().spliterator(), false)
                .filter(each -> each.getStatistic() == Statistic.COUNT)
                .mapToDouble(Measurement::getValue)
                .sum();
    }

    private static <T extends ToClient.Control> T awaitMessage(RawClient client, Class<T> type) {
        Eventually.within().until(() -> client.received().stream().anyMatch(type::isInstance));
        return client.received().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}
