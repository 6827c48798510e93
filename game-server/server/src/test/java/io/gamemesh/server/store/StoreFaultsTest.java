package io.gamemesh.server.store;

import static io.gamemesh.server.store.StoreFixture.ANN;
import static io.gamemesh.server.store.StoreFixture.BOB;
import static io.gamemesh.server.store.StoreFixture.REGION;
import static io.gamemesh.server.store.StoreFixture.answer;
import static io.gamemesh.server.store.StoreFixture.assertDone;
import static io.gamemesh.server.store.StoreFixture.at;
import static io.gamemesh.server.store.StoreFixture.logs;
import static io.gamemesh.server.store.StoreFixture.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.store.RegionStore.Outcome;
import io.gamemesh.server.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store keeps its word through. */
@ExtendWith(PostgresExtension.class)
class StoreFaultsTest {

    private final PostgresCluster cluster;

    @TempDir
    private Path files;

    StoreFaultsTest(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    private StoreFixture fixture() {
        return new StoreFixture(cluster.secret(files));
    }

    /** Writes at epoch 1 until it is refused. */
    private static final class OldWriter {
        private final StoreFixture mesh;
        private final Random random;
        private final AtomicBoolean claimed;
        private LogPosition head = at(1, 0);

        OldWriter(StoreFixture mesh, long seed, AtomicBoolean claimed) {
            this.mesh = mesh;
            this.random = new Random(seed);
            this.claimed = claimed;
        }

        LogPosition run() {
            while (true) {
                boolean late = claimed.get();
                try {
                    Outcome outcome;
                    LogPosition next = head;
                    if (random.nextInt(5) == 0) {
                        outcome = mesh.snapshot(1, head.tick());
                    } else {
                        next = at(1, head.tick() + 1 + random.nextInt(3));
                        outcome = mesh.append(1, head, next.tick());
                    }
                    if (outcome instanceof Outcome.Refused(Refusal refusal)) {
                        assertThat(refusal).isEqualTo(new Refusal.Superseded(REGION, 1, 2, "demo-1#2"));
                        return head;
                    }
                    assertThat(late).as("done after a newer epoch was claimed").isFalse();
                    head = next;
                } catch (StoreException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void doesNoWriteOfAnOlderEpochOnceANewerIsClaimed(long seed) throws StoreException {
        try (StoreFixture ann = fixture();
                StoreFixture bob = new StoreFixture(cluster.secret(files), ann.mesh, 2)) {
            ann.claim(1, ANN);
            ann.snapshot(1, 0);
            AtomicBoolean claimed = new AtomicBoolean();
            CompletableFuture<LogPosition> old = CompletableFuture.supplyAsync(new OldWriter(ann, seed, claimed)::run);
            for (int loads = new Random(seed).nextInt(8); loads >= 0; loads--) {
                bob.load();
            }

            assertDone(bob.claim(2, BOB));
            claimed.set(true);
            StoredRegion stored = bob.load();
            LogPosition head = bob.contents().head();
            assertDone(bob.append(2, head, head.tick() + 5));
            LogPosition written = old.join();

            assertThat(stored.epoch()).isEqualTo(2);
            assertThat(head).isEqualTo(written);
            assertThat(bob.contents().head()).isEqualTo(at(2, head.tick() + 5));
        }
    }

    @Test
    void waitsForAnotherTransactionOfTheRegion() throws SQLException, StoreException {
        try (StoreFixture mesh = fixture();
                Connection other = cluster.connect();
                Statement statement = other.createStatement()) {
            mesh.begun();
            other.setAutoCommit(false);
            statement.execute("UPDATE region_epoch SET server = server WHERE mesh = 'default/" + mesh.mesh + "'");

            CompletableFuture<Outcome> append =
                    mesh.store.append(REGION, 1, at(1, 20), LogBatch.of(21, logs(1, 21, 22)));
            await().until(() -> {
                try (Connection third = cluster.connect();
                        Statement look = third.createStatement();
                        var rows = look.executeQuery("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
                    return rows.next();
                }
            });
            other.commit();

            assertDone(answer(append));
            assertThat(mesh.contents().head()).isEqualTo(at(1, 22));
        }
    }

    @Test
    void triesAgainWhenAnotherTransactionWasInTheWay() throws SQLException, StoreException {
        try (StoreFixture mesh = fixture()) {
            mesh.begun();
            // A sequence goes on though its transaction is rolled back.
            cluster.execute("""
                    CREATE SEQUENCE tries;
                    CREATE FUNCTION in_the_way() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF nextval('tries') <= 3 THEN
                            RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
                        END IF;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER in_the_way BEFORE INSERT ON region_log
                    FOR EACH ROW WHEN (NEW.mesh = 'default/%s') EXECUTE FUNCTION in_the_way();
                    """.formatted(mesh.mesh));
            try {
                assertDone(mesh.append(1, at(1, 20), 21));

                assertThat(mesh.registry.get("store_conflicts").counter().count())
                        .isEqualTo(3);
                assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 21));
            } finally {
                cluster.execute(
                        "DROP TRIGGER in_the_way ON region_log; DROP FUNCTION in_the_way(); DROP SEQUENCE tries");
            }
        }
    }

    @Test
    void givesUpWhenOthersAreInTheWayAgainAndAgain() throws SQLException, StoreException {
        try (StoreFixture mesh = fixture()) {
            mesh.begun();
            cluster.execute("""
                    CREATE FUNCTION in_the_way() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END $$;
                    CREATE TRIGGER in_the_way BEFORE UPDATE ON region_epoch
                    FOR EACH ROW WHEN (NEW.mesh = 'default/%s') EXECUTE FUNCTION in_the_way();
                    """.formatted(mesh.mesh));
            try {
                StoreException failure =
                        catchThrowableOfType(StoreException.class, () -> mesh.append(1, at(1, 20), 21));

                assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
                assertThat(mesh.contents().head()).isEqualTo(at(1, 20));
            } finally {
                cluster.execute("DROP TRIGGER in_the_way ON region_epoch; DROP FUNCTION in_the_way()");
            }
        }
    }

    @Test
    void doesAWriteOnceOfWhichTheAnswerWasLost() throws IOException, StoreException {
        try (AnswerLosingProxy proxy = new AnswerLosingProxy(cluster.port());
                // The driver would say COMMIT once, and then only that it means the same statement again.
                StoreFixture mesh = new StoreFixture(PostgresCluster.secret(
                        files,
                        cluster.url(proxy.port()) + "?prepareThreshold=0",
                        PostgresCluster.USER,
                        PostgresCluster.PASSWORD))) {
            assertThat(mesh.load()).isEqualTo(StoredRegion.UNKNOWN);
            proxy.loseAnswerToNextCommit();
            assertThat(catchThrowableOfType(StoreException.class, () -> mesh.claim(1, ANN))
                            .reason())
                    .isEqualTo(Reason.UNAVAILABLE);
            assertDone(mesh.claim(1, ANN));

            proxy.loseAnswerToNextCommit();
            assertThat(catchThrowableOfType(StoreException.class, () -> mesh.snapshot(1, 10))
                            .reason())
                    .isEqualTo(Reason.UNAVAILABLE);
            assertThat(mesh.contents().head()).isEqualTo(at(1, 10));
            assertDone(mesh.snapshot(1, 10));

            proxy.loseAnswerToNextCommit();
            assertThat(catchThrowableOfType(StoreException.class, () -> mesh.append(1, at(1, 10), 20))
                            .reason())
                    .isEqualTo(Reason.UNAVAILABLE);
            assertThat(mesh.contents().head()).isEqualTo(at(1, 20));
            assertDone(mesh.append(1, at(1, 10), 20));

            assertThat(proxy.lost()).isEqualTo(3);
            assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 20));
        }
    }

    @Test
    void goesOnAfterTheDatabaseHasCrashed() throws StoreException {
        try (StoreFixture mesh = fixture()) {
            mesh.begun();

            cluster.crash();
            try {
                assertThatThrownBy(() -> mesh.append(1, at(1, 20), 21))
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
            } finally {
                cluster.start();
            }

            // Connections of before may each say so once.
            await().ignoreExceptions().untilAsserted(() -> assertDone(mesh.append(1, at(1, 20), 21)));
            assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 21));
        }
    }

    @Test
    void keepsWhatItHasWhenTheDiskIsFullAndGoesOnWhenThereIsRoom() throws StoreException {
        byte[] large = new byte[8 << 20];
        new Random(1).nextBytes(large);
        // Not a multiple of PostgreSQL's page: the last one is written in part, as it is on a disk without room.
        long fileBytes = (4 << 20) + 4096;
        try (PostgresCluster full = new PostgresCluster(fileBytes);
                StoreFixture mesh = new StoreFixture(full.secret(files))) {
            mesh.begun();

            StoreException failure = catchThrowableOfType(
                    StoreException.class, () -> answer(mesh.store.snapshot(REGION, 1, 20, Bytes.copyOf(large))));
            assertThat(failure.reason()).isEqualTo(Reason.FULL);
            assertThat(mesh.contents())
                    .isEqualTo(new StoredRegion.Contents(10, state(1, 10), logs(1, 11, 20), at(1, 20)));
            assertDone(mesh.append(1, at(1, 20), 21));

            full.makeRoom();
            await().ignoreExceptions()
                    .untilAsserted(() -> assertDone(answer(mesh.store.snapshot(REGION, 1, 21, Bytes.copyOf(large)))));
            assertThat(mesh.contents().snapshot()).isEqualTo(Bytes.copyOf(large));
        }
    }

    @Test
    void makesItsTablesOnceForServersThatStartTogether() throws SQLException, StoreException {
        String database = "d" + UUID.randomUUID().toString().replace("-", "");
        cluster.execute("CREATE DATABASE " + database);
        Path secret = PostgresCluster.secret(
                files,
                cluster.url(cluster.port()).replace("/postgres", "/" + database),
                PostgresCluster.USER,
                PostgresCluster.PASSWORD);

        try (StoreFixture one = new StoreFixture(secret);
                StoreFixture two = new StoreFixture(secret);
                StoreFixture three = new StoreFixture(secret)) {
            List<CompletableFuture<StoredRegion>> loads =
                    List.of(one.store.load(REGION), two.store.load(REGION), three.store.load(REGION));

            for (CompletableFuture<StoredRegion> load : loads) {
                assertThat(answer(load)).isEqualTo(StoredRegion.UNKNOWN);
            }
        }
    }

    @Test
    void usesARenewedPasswordWithoutARestart() throws SQLException, StoreException {
        String role = "r" + UUID.randomUUID().toString().replace("-", "");
        cluster.execute("CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'the-first'");
        String url = cluster.url(cluster.port());
        try (StoreFixture mesh = new StoreFixture(PostgresCluster.secret(files, url, role, "the-first"))) {
            mesh.begun();

            cluster.execute("ALTER ROLE " + role + " PASSWORD 'the-second'");
            cluster.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
            PostgresCluster.secret(files, url, role, "the-second");

            await().ignoreExceptions().untilAsserted(() -> assertDone(mesh.append(1, at(1, 20), 21)));
        }
    }

    @Test
    void hasAllDurableInTheEndThoughTheDatabaseCrashesWhileARegionIsWritten() throws StoreException {
        try (StoreFixture mesh = fixture();
                WrittenRegion region = new WrittenRegion(mesh)) {
            mesh.claim(1, ANN);
            region.open(null);
            region.run(400);
            await().until(() -> region.writer().durableTick() > 0);

            cluster.crash();
            long before;
            try {
                before = region.writer().durableTick();
                region.run(400);
            } finally {
                cluster.start();
            }
            assertThat(mesh.contents().head().tick()).isGreaterThanOrEqualTo(before);
            region.run(100);

            assertThat(region.flush()).isTrue();
            assertThat(region.writer().durableTick()).isEqualTo(900);
            region.assertStored(mesh.contents());
        }
    }

    @Test
    void dropsLogThatIsTooMuchWhileThereIsNoDatabaseAndTakesASnapshotAfterwards() throws StoreException {
        try (StoreFixture mesh = fixture();
                WrittenRegion region = new WrittenRegion(mesh)) {
            mesh.claim(1, ANN);
            region.open(null);
            region.run(10);
            assertThat(region.flush()).isTrue();

            cluster.crash();
            try {
                region.run(5000);
                await().until(() ->
                        mesh.registry.get("store_dropped_bytes").counter().count() > 0);
                assertThat(mesh.registry.get("store_backlog_bytes").gauge().value())
                        .isLessThanOrEqualTo(WrittenRegion.BACKLOG_BYTES);
            } finally {
                cluster.start();
            }

            assertThat(region.flush()).isTrue();
            region.assertStored(mesh.contents());
            assertThat(mesh.contents().snapshotTick()).isGreaterThan(10);
            assertThat(mesh.registry.get("store_backlog_bytes").gauge().value()).isZero();
        }
    }

    @Test
    void stopsWritingARegionThatSomebodyElseHasClaimed() throws StoreException {
        try (StoreFixture mesh = fixture();
                WrittenRegion region = new WrittenRegion(mesh)) {
            mesh.claim(1, ANN);
            region.open(null);
            region.run(10);
            assertThat(region.flush()).isTrue();

            mesh.claim(2, BOB);
            region.run(10);

            assertThat(region.flush()).isFalse();
            assertThat(region.superseded()).isEqualTo(new Refusal.Superseded(REGION, 1, 2, "demo-1#2"));
            assertThat(mesh.contents().head()).isEqualTo(at(1, 10));
        }
    }

    @Test
    void claimsARegionAgainOfWhichTheDatabaseHasLostAll() throws SQLException, StoreException {
        try (StoreFixture mesh = fixture();
                WrittenRegion region = new WrittenRegion(mesh)) {
            mesh.claim(1, ANN);
            region.open(null);
            region.run(10);
            assertThat(region.flush()).isTrue();

            for (String table : List.of("region_epoch", "region_snapshot", "region_snapshot_chunk", "region_log")) {
                cluster.execute("DELETE FROM " + table + " WHERE mesh = 'default/" + mesh.mesh + "'");
            }
            region.run(10);

            assertThat(region.flush()).isTrue();
            region.assertStored(mesh.contents());
        }
    }

    @Test
    void tellsOfAMistakeInThoseWhoUseIt() throws StoreException {
        try (StoreFixture mesh = fixture();
                WrittenRegion region = new WrittenRegion(mesh)) {
            mesh.claim(1, ANN);
            region.open(null);
            region.run(10);

            region.writer().logged(5, Bytes.empty(), false);

            AtomicReference<Throwable> fatal = region.fatal();
            await().untilAsserted(() -> assertThat(fatal.get()).hasMessageContaining("tick 5 is logged after 10"));
            assertThat(region.flush()).isFalse();
        }
    }
}
