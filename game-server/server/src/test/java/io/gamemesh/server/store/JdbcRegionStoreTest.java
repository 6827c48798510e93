package io.gamemesh.server.store;

import static io.gamemesh.server.store.StoreFixture.ANN;
import static io.gamemesh.server.store.StoreFixture.BOB;
import static io.gamemesh.server.store.StoreFixture.REGION;
import static io.gamemesh.server.store.StoreFixture.answer;
import static io.gamemesh.server.store.StoreFixture.assertDone;
import static io.gamemesh.server.store.StoreFixture.assertRefused;
import static io.gamemesh.server.store.StoreFixture.at;
import static io.gamemesh.server.store.StoreFixture.log;
import static io.gamemesh.server.store.StoreFixture.logs;
import static io.gamemesh.server.store.StoreFixture.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.store.RegionStore.Outcome;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
class JdbcRegionStoreTest {

    private final PostgresCluster cluster;

    @TempDir
    private Path files;

    private StoreFixture mesh;

    JdbcRegionStoreTest(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void open() {
        mesh = new StoreFixture(cluster.secret(files));
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    @Test
    void hasNothingOfARegionThatWasNeverClaimed() throws StoreException {
        assertThat(mesh.load()).isEqualTo(StoredRegion.UNKNOWN);
    }

    @Test
    void hasNoContentsOfARegionThatWasOnlyClaimed() throws StoreException {
        mesh.claim(3, ANN);

        assertThat(mesh.load()).isEqualTo(new StoredRegion(3, null));
    }

    @Test
    void givesBackTheSnapshotAndTheLogAfterIt() throws StoreException {
        mesh.begun();
        assertDone(mesh.append(1, at(1, 20), 21));

        StoredRegion stored = mesh.load();

        assertThat(stored)
                .isEqualTo(
                        new StoredRegion(1, new StoredRegion.Contents(10, state(1, 10), logs(1, 11, 21), at(1, 21))));
    }

    @Test
    void givesBackAStateOfManyChunks() throws StoreException {
        byte[] large = new byte[5_500_000];
        new Random(1).nextBytes(large);
        mesh.claim(1, ANN);

        assertDone(answer(mesh.store.snapshot(REGION, 1, 0, Bytes.copyOf(large))));

        assertThat(mesh.contents().snapshot()).isEqualTo(Bytes.copyOf(large));
    }

    @Test
    void keepsMeshesAndRegionsApart() throws StoreException {
        mesh.begun();
        RegionId neighbour = RegionId.of(0, 1, -2, 4);

        assertThat(answer(mesh.store.load(neighbour))).isEqualTo(StoredRegion.UNKNOWN);
        try (StoreFixture other = new StoreFixture(cluster.secret(files))) {
            assertThat(other.load()).isEqualTo(StoredRegion.UNKNOWN);
            assertDone(other.claim(1, BOB));
            assertDone(other.snapshot(1, 30));
        }
        assertThat(mesh.contents().log()).hasSize(10);
    }

    @Test
    void letsAHigherEpochBeClaimedAndNoneThatIsNot() throws StoreException {
        assertDone(mesh.claim(2, ANN));

        assertRefused(mesh.claim(1, BOB), new Refusal.Superseded(REGION, 1, 2, "demo-0#1"));
        assertRefused(mesh.claim(2, BOB), new Refusal.Superseded(REGION, 2, 2, "demo-0#1"));
        assertRefused(mesh.claim(2, new ServerId("demo-0", 9)), new Refusal.Superseded(REGION, 2, 2, "demo-0#1"));
        assertDone(mesh.claim(3, BOB));
        assertThat(mesh.load().epoch()).isEqualTo(3);
    }

    @Test
    void letsTheSameProcessRepeatItsClaim() throws StoreException {
        mesh.claim(2, ANN);

        assertDone(mesh.claim(2, ANN));
    }

    @Test
    void letsOneOfManyClaimAnEpoch() throws StoreException {
        List<CompletableFuture<Outcome>> claims = new ArrayList<>();
        for (int server = 1; server <= 16; server++) {
            claims.add(mesh.store.claim(REGION, 5, new ServerId("demo-" + server, server)));
        }

        int won = 0;
        for (CompletableFuture<Outcome> claim : claims) {
            won += answer(claim) instanceof Outcome.Done ? 1 : 0;
        }

        assertThat(won).isEqualTo(1);
    }

    @Test
    void refusesWritesOfAnOlderEpoch() throws StoreException {
        mesh.begun();
        mesh.claim(2, BOB);

        Refusal superseded = new Refusal.Superseded(REGION, 1, 2, "demo-1#2");
        assertRefused(mesh.append(1, at(1, 20), 21), superseded);
        assertRefused(mesh.snapshot(1, 21), superseded);
        assertThat(superseded.message()).contains(REGION.toString(), "epoch 1", "epoch 2", "demo-1#2");
        assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 20));
    }

    @Test
    void refusesWritesOfAnEpochThatWasNotClaimed() throws StoreException {
        assertRefused(mesh.append(1, at(1, 10), 11), new Refusal.NotClaimed(REGION, 1, 0));
        assertRefused(mesh.snapshot(1, 10), new Refusal.NotClaimed(REGION, 1, 0));

        mesh.begun();

        assertRefused(mesh.append(2, at(1, 20), 21), new Refusal.NotClaimed(REGION, 2, 1));
        assertRefused(mesh.snapshot(2, 20), new Refusal.NotClaimed(REGION, 2, 1));
    }

    @Test
    void refusesLogWithoutASnapshotBeforeIt() throws StoreException {
        mesh.claim(1, ANN);

        assertRefused(mesh.append(1, at(1, 10), 11), new Refusal.NotContiguous(REGION, 1, at(1, 10), null));
    }

    @Test
    void refusesLogThatWouldLeaveAGapOrOverlap() throws StoreException {
        mesh.begun();

        assertRefused(mesh.append(1, at(1, 21), 22), new Refusal.NotContiguous(REGION, 1, at(1, 21), at(1, 20)));
        assertRefused(mesh.append(1, at(1, 19), 22), new Refusal.NotContiguous(REGION, 1, at(1, 19), at(1, 20)));
        assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 20));
    }

    @Test
    void refusesABatchThatDoesNotBeginAfterItsPosition() {
        CompletableFuture<Outcome> append =
                mesh.store.append(REGION, 1, at(1, 10), LogBatch.of(12, List.of(log(1, 12))));

        assertThat(append)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("expected the one after tick 10 of epoch 1");
    }

    @Test
    void goesOnFromWhatWasLoadedAtANewEpoch() throws StoreException {
        mesh.begun();
        mesh.claim(2, BOB);

        assertDone(mesh.append(2, mesh.contents().head(), 22));

        List<Bytes> expected = new ArrayList<>(logs(1, 11, 20));
        expected.addAll(logs(2, 21, 22));
        assertThat(mesh.contents().log()).isEqualTo(expected);
        assertThat(mesh.contents().head()).isEqualTo(at(2, 22));
    }

    @Test
    void refusesLogOfAnEpochThatGoesOnFromAnotherHistory() throws StoreException {
        mesh.begun();
        mesh.claim(2, BOB);

        assertRefused(mesh.append(2, at(2, 20), 21), new Refusal.NotContiguous(REGION, 2, at(2, 20), at(1, 20)));
    }

    @Test
    void doesARepeatedBatchOnce() throws StoreException {
        mesh.begun();

        assertDone(mesh.append(1, at(1, 10), 20));

        assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 20));
    }

    @Test
    void refusesABatchThatOnlyLooksLikeARepetition() throws StoreException {
        mesh.begun();

        Outcome outcome = answer(mesh.store.append(REGION, 1, at(1, 10), LogBatch.of(11, logs(9, 11, 20))));

        assertRefused(outcome, new Refusal.NotContiguous(REGION, 1, at(1, 10), at(1, 20)));
    }

    @Test
    void doesARepeatedBatchOnceEvenIfASnapshotHasReplacedIt() throws StoreException {
        mesh.begun();
        mesh.snapshot(1, 20);

        assertDone(mesh.append(1, at(1, 10), 20));

        assertThat(mesh.contents().log()).isEmpty();
    }

    @Test
    void replacesWhatASnapshotHasAndKeepsTheLogAfterIt() throws StoreException {
        mesh.begun();
        mesh.append(1, at(1, 20), 30);

        assertDone(mesh.snapshot(1, 20));

        assertThat(mesh.contents()).isEqualTo(new StoredRegion.Contents(20, state(1, 20), logs(1, 21, 30), at(1, 30)));
        assertThat(rows("region_log")).isEqualTo(1);
        assertThat(rows("region_snapshot")).isEqualTo(1);
        assertThat(rows("region_snapshot_chunk")).isEqualTo(1);
    }

    @Test
    void givesTheRestOfABatchThatASnapshotWasTakenWithin() throws StoreException {
        mesh.begun();

        assertDone(mesh.snapshot(1, 15));

        assertThat(mesh.contents()).isEqualTo(new StoredRegion.Contents(15, state(1, 15), logs(1, 16, 20), at(1, 20)));
    }

    @Test
    void beginsAgainWithASnapshotBeyondTheLog() throws StoreException {
        mesh.begun();

        assertDone(mesh.snapshot(1, 50));
        assertDone(mesh.append(1, at(1, 50), 51));

        assertThat(mesh.contents()).isEqualTo(new StoredRegion.Contents(50, state(1, 50), logs(1, 51, 51), at(1, 51)));
    }

    @Test
    void leavesAnotherHistoryForTheSnapshotOfANewEpoch() throws StoreException {
        mesh.begun();
        mesh.claim(2, BOB);

        assertDone(mesh.snapshot(2, 15));

        assertThat(mesh.contents()).isEqualTo(new StoredRegion.Contents(15, state(2, 15), List.of(), at(2, 15)));
    }

    @Test
    void takesNoNoticeOfAnAttemptAtASnapshotThatComesLate() throws StoreException {
        mesh.begun();
        mesh.snapshot(1, 20);
        mesh.append(1, at(1, 20), 30);

        assertDone(mesh.snapshot(1, 20));
        assertDone(mesh.snapshot(1, 10));

        assertThat(mesh.contents()).isEqualTo(new StoredRegion.Contents(20, state(1, 20), logs(1, 21, 30), at(1, 30)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE region_log SET entries = set_byte(entries, 5, 99) WHERE mesh = '%s' AND first_tick = 11",
                "UPDATE region_log SET checksum = checksum + 1 WHERE mesh = '%s' AND first_tick = 21",
                "UPDATE region_log SET epoch = 7 WHERE mesh = '%s' AND first_tick = 21",
                "DELETE FROM region_log WHERE mesh = '%s' AND first_tick = 11",
                "DELETE FROM region_log WHERE mesh = '%s' AND first_tick = 21",
                "UPDATE region_log SET first_tick = 19 WHERE mesh = '%s' AND first_tick = 21",
                "UPDATE region_snapshot SET checksum = checksum + 1 WHERE mesh = '%s'",
                "UPDATE region_snapshot SET bytes = bytes + 1 WHERE mesh = '%s'",
                "UPDATE region_snapshot SET bytes = bytes - 1 WHERE mesh = '%s'",
                "UPDATE region_snapshot SET tick = 9 WHERE mesh = '%s'",
                "DELETE FROM region_snapshot WHERE mesh = '%s'",
                "DELETE FROM region_snapshot_chunk WHERE mesh = '%s'",
                "UPDATE region_snapshot_chunk SET chunk = 1 WHERE mesh = '%s'",
                "UPDATE region_snapshot_chunk SET state = set_byte(state, 50, 99) WHERE mesh = '%s'",
                "UPDATE region_epoch SET head_tick = 31 WHERE mesh = '%s'",
                "UPDATE region_epoch SET head_epoch = NULL WHERE mesh = '%s'",
                "UPDATE region_epoch SET head_tick = NULL WHERE mesh = '%s'",
                "UPDATE region_epoch SET head_epoch = -5 WHERE mesh = '%s'",
            })
    void saysSoIfWhatIsStoredIsDamaged(String damage) throws StoreException, SQLException {
        mesh.begun();
        mesh.append(1, at(1, 20), 30);
        cluster.execute(damage.formatted("default/" + mesh.mesh));

        assertThatThrownBy(mesh::load)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CORRUPT))
                .hasMessageContaining(REGION.toString())
                .hasMessageContaining("Restore its rows from a backup");
    }

    @Test
    void keepsTheSnapshotBeforeUntilTheNewOneIsWhole() throws StoreException, SQLException {
        mesh.begun();
        // As a disk that is full after the first chunk.
        cluster.execute("""
                CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
                CREATE TRIGGER no_room BEFORE INSERT ON region_snapshot_chunk
                FOR EACH ROW WHEN (NEW.mesh = 'default/%s' AND NEW.chunk > 0) EXECUTE FUNCTION no_room();
                """.formatted(mesh.mesh));
        try {
            StoreException failure = catchThrowableOfType(
                    StoreException.class, () -> answer(mesh.store.snapshot(REGION, 1, 20, state(1, 20, 3_000_000))));

            assertThat(failure.reason()).isEqualTo(StoreException.Reason.FULL);
            assertThat(failure).hasMessageContaining("could not extend file").hasMessageContaining("53100");
            assertThat(mesh.contents().snapshot()).isEqualTo(state(1, 10));
            assertThat(mesh.contents().log()).isEqualTo(logs(1, 11, 20));
            assertThat(mesh.registry
                            .get("store_write_failures")
                            .tag("reason", "full")
                            .counter()
                            .count())
                    .isEqualTo(1);
        } finally {
            cluster.execute("DROP TRIGGER no_room ON region_snapshot_chunk; DROP FUNCTION no_room()");
        }
    }

    @Test
    void countsWhatItRefusesAndHowLongItTakes() throws StoreException {
        mesh.begun();
        mesh.append(1, at(1, 25), 26);

        assertThat(mesh.registry
                        .get("store_refused")
                        .tag("reason", "not-contiguous")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(mesh.registry
                        .get("store_write_seconds")
                        .tag("operation", "append")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(mesh.registry.get("store_batch_bytes").summary().max()).isEqualTo(170);
    }

    @Test
    void refusesToDoAnythingOnceItIsClosed() {
        mesh.close();

        assertThatThrownBy(mesh::load).isInstanceOf(StoreException.class).hasMessageContaining("is closed");
    }

    private long rows(String table) {
        try (var connection = cluster.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*) FROM " + table + " WHERE mesh = 'default/" + mesh.mesh + "'")) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
