package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.WorldView;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.RegionOrigin;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.server.store.JdbcRegionStore;
import io.gamemesh.server.store.PostgresCluster;
import io.gamemesh.server.store.PostgresExtension;
import io.gamemesh.server.store.RegionStore.Outcome;
import io.gamemesh.server.store.StoreException;
import io.gamemesh.server.store.StoreMetrics;
import io.gamemesh.server.store.StoredRegion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two servers whose world is kept in a PostgreSQL; nobody has copies of regions, so that there is the store alone. */
@ExtendWith(PostgresExtension.class)
class StoredWorldTest {

    private static PostgresCluster database;

    @TempDir
    Path directory;

    private TestMesh mesh;
    private JdbcRegionStore elsewhere;

    @BeforeAll
    static void startADatabaseThatMayCrash() {
        database = new PostgresCluster(0);
    }

    @AfterAll
    static void endTheDatabase() {
        database.close();
    }

    @BeforeEach
    void startServers() throws Exception {
        database.execute("DROP SCHEMA public CASCADE");
        database.execute("CREATE SCHEMA public");
        Path secret = database.secret(directory.resolve("store"));
        elsewhere = new JdbcRegionStore(
                "default",
                "demo",
                new JdbcRegionStore.Settings(secret, 1, Duration.ofSeconds(5)),
                new StoreMetrics(new SimpleMeterRegistry()));
        mesh = new TestMesh(
                directory,
                2,
                Map.of(
                        "gamemesh.store.kind",
                        "postgres",
                        "gamemesh.store.directory",
                        secret.toString(),
                        "gamemesh.store.timeout",
                        "5s",
                        "gamemesh.store.batch-interval",
                        "50ms"));
    }

    @AfterEach
    void stop() {
        mesh.close();
        elsewhere.close();
    }

    /** A place beside the player, and above the ground. */
    private record Spot(int x, int y, int z) {

        static Spot beside(GameClient client) {
            return client.inspect(view -> new Spot(
                            (int) Math.floor(view.x()) + 2,
                            (int) Math.floor(view.y()) + 3,
                            (int) Math.floor(view.z()) + 2))
                    .join();
        }

        CompletableFuture<EditOutcome> build(GameClient client) {
            return client.edit(x, y, z, Blocks.BRICK);
        }

        boolean isBuilt(GameClient client) {
            return client.inspect(view -> view.block(x, y, z)).join().orElse(0) == Blocks.BRICK;
        }
    }

    private GameClient patient(String name, int server) {
        return mesh.builder(server)
                .name(name)
                .editTimeout(Duration.ofMinutes(2))
                .connect()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private void startAllElsewhere(long epoch) {
        TestMesh.regions().forEach(region -> mesh.coordinator.start(2, region, epoch));
    }

    private void awaitAllElsewhere() {
        Eventually.within()
                .untilAsserted(() -> assertThat(TestMesh.regions())
                        .allSatisfy(region ->
                                assertThat(mesh.coordinator.authorityOf(region)).isEqualTo("demo-1")));
        mesh.mapKnown();
    }

    private List<RegionReport> reports(Predicate<RegionReport> wanted) {
        return mesh.coordinator.reports().stream().filter(wanted).toList();
    }

    private RegionReport awaitReport(Predicate<RegionReport> wanted) {
        Eventually.within().untilAsserted(() -> assertThat(reports(wanted)).isNotEmpty());
        return reports(wanted).getFirst();
    }

    private static Predicate<RegionReport> says(RegionId region, RegionState state, long epoch) {
        return report ->
                report.getRegionId() == region.packed() && report.getState() == state && report.getEpoch() == epoch;
    }

    private StoredRegion stored(RegionId region) {
        return elsewhere.load(region).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private LogPosition head(RegionId region) {
        return Objects.requireNonNull(stored(region).contents()).head();
    }

    @Test
    void keepsWhatWasAcknowledgedThoughNobodyElseHadIt() throws StoreException {
        mesh.startAll(0);
        GameClient ada = patient("ada", 0);
        Spot spot = Spot.beside(ada);

        assertThat(spot.build(ada).orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(EditOutcome.ACCEPTED);
        // Nothing is handed over: the other server has what is in the store, and nothing else.
        startAllElsewhere(2);
        awaitAllElsewhere();

        assertThat(reports(report -> report.getState() == RegionState.REGION_STATE_ACTING && report.getEpoch() == 2))
                .isNotEmpty()
                .allSatisfy(report -> {
                    assertThat(report.getOrigin()).isEqualTo(RegionOrigin.REGION_ORIGIN_STORED);
                    assertThat(report.getStoredEpoch()).isEqualTo(1);
                });
        GameClient bob = mesh.join("bob", 1);
        Eventually.within().until(() -> spot.isBuilt(bob));
        ada.close();
    }

    @Test
    void saysThatAWorldOfWhichNothingIsStoredIsGenerated() {
        RegionId region = TestMesh.regions().getFirst();

        mesh.start(0, region, 1);

        assertThat(awaitReport(says(region, RegionState.REGION_STATE_ACTING, 1)).getOrigin())
                .isEqualTo(RegionOrigin.REGION_ORIGIN_GENERATED);
        Eventually.within().until(() -> stored(region).contents() != null);
    }

    @Test
    void stopsWhenSomebodyElseHasClaimedTheRegionAndWritesNothingMore() {
        RegionId region = TestMesh.regions().getFirst();
        mesh.start(0, region, 1);
        Eventually.within().until(() -> stored(region).contents() != null);

        Outcome claimed = elsewhere
                .claim(region, 5, new ServerId("demo-9", 9))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        LogPosition head = head(region);

        assertThat(claimed).isEqualTo(new Outcome.Done());
        RegionReport released = awaitReport(
                report -> report.getState() == RegionState.REGION_STATE_RELEASED && report.getStoredEpoch() == 5);
        assertThat(released.getRegionId()).isEqualTo(region.packed());
        assertThat(released.getDetail()).contains("demo-9#9").contains("epoch 5");
        assertThat(mesh.servers.getFirst().status().regions()).isEmpty();
        assertThat(head(region)).isEqualTo(head);
    }

    @Test
    void actsOnlyAboveTheEpochThatTheStoreHas() {
        RegionId region = TestMesh.regions().getFirst();
        assertThat(elsewhere
                        .claim(region, 7, new ServerId("demo-9", 9))
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join())
                .isEqualTo(new Outcome.Done());

        mesh.coordinator.start(1, region, 3);

        RegionReport refused = awaitReport(says(region, RegionState.REGION_STATE_RELEASED, 7));
        assertThat(refused.getStoredEpoch()).isEqualTo(7);
        assertThat(reports(report -> report.getState() == RegionState.REGION_STATE_ACTING))
                .isEmpty();
        mesh.start(0, region, 8);
    }

    @Test
    void goesOnWithoutTheStoreAndCatchesUp() {
        mesh.startAll(0);
        GameClient ada = patient("ada", 0);
        Spot spot = Spot.beside(ada);
        database.crash();
        try {
            CompletableFuture<EditOutcome> edit = spot.build(ada);
            long seen = ada.inspect(WorldView::snapshot).join();
            Eventually.within().until(() -> ada.inspect(WorldView::snapshot).join() > seen + 40);

            // Nobody else has it, so it cannot be promised; it is not refused either.
            assertThat(edit).isNotDone();
            assertThat(ada.ended()).isNotDone();
            Eventually.within()
                    .until(() -> mesh.registries
                                    .getFirst()
                                    .get("store_lag_seconds")
                                    .gauge()
                                    .value()
                            > 0);
            database.start();
            assertThat(edit.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(EditOutcome.ACCEPTED);
        } finally {
            restartIfDown();
        }
        startAllElsewhere(2);
        awaitAllElsewhere();
        GameClient bob = mesh.join("bob", 1);
        Eventually.within().until(() -> spot.isBuilt(bob));
        ada.close();
    }

    @Test
    void waitsForTheStoreRatherThanToGenerateAWorldThatItMayHave() {
        mesh.startAll(0);
        GameClient ada = patient("ada", 0);
        Spot spot = Spot.beside(ada);
        assertThat(spot.build(ada).orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(EditOutcome.ACCEPTED);
        RegionId region = TestMesh.regions().getFirst();
        database.crash();
        try {
            startAllElsewhere(2);

            RegionReport waiting = awaitReport(says(region, RegionState.REGION_STATE_STARTING, 2));
            assertThat(waiting.getDetail()).contains("the database does not answer");
            assertThat(mesh.servers.get(1).status().regions()).isEmpty();
        } finally {
            restartIfDown();
        }

        awaitAllElsewhere();
        GameClient bob = mesh.join("bob", 1);
        Eventually.within().until(() -> spot.isBuilt(bob));
        ada.close();
    }

    @Test
    void givesUpAStartThatIsNotWantedAnyMore() {
        RegionId region = TestMesh.regions().getFirst();
        database.crash();
        try {
            mesh.coordinator.start(1, region, 1);
            awaitReport(says(region, RegionState.REGION_STATE_STARTING, 1));

            mesh.coordinator.release(1, region, 1);

            awaitReport(says(region, RegionState.REGION_STATE_RELEASED, 1));
        } finally {
            restartIfDown();
        }
        mesh.start(1, region, 2);
        assertThat(mesh.servers.getFirst().status().regions()).isEmpty();
    }

    @Test
    void writesWhatIsLeftWhenItStops() throws Exception {
        RegionId region = TestMesh.regions().getFirst();
        mesh.start(0, region, 1);
        Eventually.within().until(() -> stored(region).contents() != null);
        long tick = mesh.servers.getFirst().status().regions().getFirst().tick();

        mesh.servers.getFirst().close();

        assertThat(head(region).tick()).isGreaterThanOrEqualTo(tick);
    }

    private static void restartIfDown() {
        try {
            database.execute("SELECT 1");
        } catch (SQLException _) {
            database.start();
        }
    }
}
