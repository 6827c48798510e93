package io.gamemesh.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.WireFormatException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreWriterTest {

    private static final long EPOCH = 7;
    private static final LogPosition LOADED = new LogPosition(6, 100);
    private static final Bytes LOG = Bytes.copyOf(new byte[10]);
    private static final Bytes STATE = Bytes.copyOf(new byte[1000]);
    private static final StoreWriterSettings SETTINGS = new StoreWriterSettings(
            Duration.ofSeconds(1), 200, 500, 5000, 1000, Duration.ofMillis(100), Duration.ofSeconds(1));

    private final List<StoreAction> actions = new ArrayList<>();
    private long now = 1_000_000_000L;
    private StoreWriter writer = new StoreWriter(EPOCH, LOADED, SETTINGS, now);

    private List<StoreAction> after(StoreEvent event) {
        actions.clear();
        writer.handle(event, now, actions::add);
        return List.copyOf(actions);
    }

    private List<StoreAction> afterMillis(long millis) {
        now += Duration.ofMillis(millis).toNanos();
        return after(new StoreEvent.TimePassed());
    }

    private List<StoreAction> tick(long tick) {
        return after(new StoreEvent.TickLogged(tick, LOG, false));
    }

    private List<StoreAction> strongTick(long tick) {
        return after(new StoreEvent.TickLogged(tick, LOG, true));
    }

    private List<StoreAction> stored(long write) {
        return after(new StoreEvent.Stored(write));
    }

    private static StoreAction.Append append(long write, LogPosition after, long lastTick) {
        List<Bytes> ticks = new ArrayList<>();
        for (long tick = after.tick(); tick < lastTick; tick++) {
            ticks.add(LOG);
        }
        return new StoreAction.Append(write, after, LogBatch.of(after.tick() + 1, ticks));
    }

    private static LogPosition own(long tick) {
        return new LogPosition(EPOCH, tick);
    }

    private void assertNothing(List<StoreAction> actions) {
        assertThat(actions).isEmpty();
    }

    @Test
    void writesTheTicksOfASecondTogetherBehindWhatWasLoaded() {
        assertNothing(tick(101));
        now += Duration.ofMillis(999).toNanos();
        assertNothing(tick(102));

        assertThat(afterMillis(1)).containsExactly(append(1, LOADED, 102));
        assertThat(stored(1)).containsExactly(new StoreAction.Durable(102));
        assertThat(writer.durableTick()).isEqualTo(102);
        assertThat(writer.backlogBytes()).isZero();
    }

    @Test
    void saysWhenTheNextBatchIsDue() {
        assertThat(writer.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);

        tick(101);

        assertThat(writer.nextDeadlineNanos())
                .isEqualTo(now + Duration.ofSeconds(1).toNanos());
    }

    @Test
    void writesAtOnceWhatSomebodyWaitsFor() {
        assertNothing(tick(101));

        assertThat(strongTick(102)).containsExactly(append(1, LOADED, 102));
    }

    @Test
    void writesOneBatchAtATimeAndWhatSomebodyWaitsForRightAfter() {
        strongTick(101);
        assertNothing(strongTick(102));
        assertNothing(tick(103));

        assertThat(stored(1)).containsExactly(new StoreAction.Durable(101), append(2, own(101), 103));
    }

    @Test
    void writesAtOnceWhenABatchIsFull() {
        for (long tick = 101; tick < 120; tick++) {
            assertNothing(tick(tick));
        }

        assertThat(tick(120)).containsExactly(append(1, LOADED, 120));
    }

    @Test
    void writesAtOnceOnAFlush() {
        tick(101);

        assertThat(after(new StoreEvent.Flush())).containsExactly(append(1, LOADED, 101));
    }

    @Test
    void beginsWithASnapshotIfItFollowsNothing() {
        writer = new StoreWriter(EPOCH, null, SETTINGS, now);
        assertThat(after(new StoreEvent.TimePassed())).containsExactly(new StoreAction.TakeSnapshot());
        assertNothing(strongTick(51));

        assertThat(after(new StoreEvent.SnapshotTaken(50, STATE)))
                .containsExactly(new StoreAction.WriteSnapshot(1, 50, STATE));
        assertThat(stored(1)).containsExactly(new StoreAction.Durable(50), append(2, own(50), 51));
    }

    @Test
    void asksForANewerSnapshotIfTicksAreMissingBetweenItAndTheLog() {
        writer = new StoreWriter(EPOCH, null, SETTINGS, now);
        after(new StoreEvent.TimePassed());
        tick(52);

        assertNothing(after(new StoreEvent.SnapshotTaken(50, STATE)));
        assertThat(afterMillis(100)).containsExactly(new StoreAction.TakeSnapshot());
        assertThat(after(new StoreEvent.SnapshotTaken(52, STATE)))
                .containsExactly(new StoreAction.WriteSnapshot(1, 52, STATE));
        assertThat(stored(1)).containsExactly(new StoreAction.Durable(52));
        assertThat(writer.backlogBytes()).isZero();
    }

    @Test
    void leavesTicksOutThatASnapshotHasAlready() {
        writer = new StoreWriter(EPOCH, null, SETTINGS, now);
        after(new StoreEvent.TimePassed());
        after(new StoreEvent.SnapshotTaken(52, STATE));
        tick(50);
        stored(1);

        assertNothing(strongTick(51));
        assertNothing(strongTick(52));
        assertThat(strongTick(53)).containsExactly(append(2, own(52), 53));
    }

    @Test
    void asksAgainAfterAPauseIfThereIsNoSnapshotToBeHad() {
        writer = new StoreWriter(EPOCH, null, SETTINGS, now);
        after(new StoreEvent.TimePassed());

        assertNothing(after(new StoreEvent.SnapshotFailed()));
        assertThat(writer.nextDeadlineNanos())
                .isEqualTo(now + Duration.ofMillis(100).toNanos());
        assertThat(afterMillis(100)).containsExactly(new StoreAction.TakeSnapshot());
    }

    @Test
    void hasASnapshotTakenAfterSoManyTicksOrBytes() {
        writer = new StoreWriter(EPOCH, LOADED, withSnapshotsEvery(3), now);
        assertNothing(tick(101));
        assertNothing(tick(102));
        assertThat(tick(103)).containsExactly(new StoreAction.TakeSnapshot());

        StoreWriterSettings few = new StoreWriterSettings(
                SETTINGS.batchInterval(), 200, 500, 25, 1000, SETTINGS.firstPause(), SETTINGS.longestPause());
        writer = new StoreWriter(EPOCH, LOADED, few, now);
        assertNothing(tick(101));
        assertNothing(tick(102));
        assertThat(tick(103)).containsExactly(new StoreAction.TakeSnapshot());
    }

    @Test
    void writesABatchBeforeASnapshotThatIsDue() {
        writer = new StoreWriter(EPOCH, LOADED, withSnapshotsEvery(2), now);
        tick(101);
        assertThat(tick(102)).containsExactly(new StoreAction.TakeSnapshot());

        assertThat(after(new StoreEvent.SnapshotTaken(102, STATE))).containsExactly(append(1, LOADED, 102));
        assertNothing(strongTick(103));
        assertThat(stored(1))
                .containsExactly(new StoreAction.Durable(102), new StoreAction.WriteSnapshot(2, 102, STATE));
        assertThat(stored(2)).containsExactly(append(3, own(102), 103));
    }

    private static StoreWriterSettings withSnapshotsEvery(long ticks) {
        return new StoreWriterSettings(
                SETTINGS.batchInterval(),
                SETTINGS.batchBytes(),
                ticks,
                SETTINGS.snapshotBytes(),
                SETTINGS.backlogBytes(),
                SETTINGS.firstPause(),
                SETTINGS.longestPause());
    }

    @Test
    void repeatsTheSameBatchAfterPausesThatGrow() {
        strongTick(101);

        for (long pause : new long[] {100, 200, 400, 800, 1000, 1000}) {
            long write = writer.failures() + 1L;
            assertNothing(after(new StoreEvent.Failed(write)));
            assertNothing(strongTick(writer.lastTick() + 1));
            assertThat(writer.nextDeadlineNanos())
                    .isEqualTo(now + Duration.ofMillis(pause).toNanos());
            assertNothing(afterMillis(pause - 1));
            assertThat(afterMillis(1)).containsExactly(append(write + 1, LOADED, 101));
        }
        assertThat(stored(7)).contains(new StoreAction.Durable(101));
        assertThat(writer.failures()).isZero();
    }

    @Test
    void takesNoNoticeOfAnAnswerToAnEarlierAttempt() {
        strongTick(101);
        after(new StoreEvent.Failed(1));
        afterMillis(100);

        assertNothing(stored(1));
        assertThat(writer.durableTick()).isEqualTo(StoreWriter.NOTHING);
        assertThat(stored(2)).containsExactly(new StoreAction.Durable(101));
    }

    @Test
    void dropsTheLogThatIsTooMuchAndHasASnapshotTakenOnceTheStoreAnswers() {
        strongTick(101);
        after(new StoreEvent.Failed(1));
        List<StoreAction> last = List.of();
        long tick = 102;
        while (last.isEmpty()) {
            last = strongTick(tick++);
            assertThat(writer.backlogBytes()).isLessThanOrEqualTo(SETTINGS.backlogBytes());
        }
        assertThat(last).containsExactly(new StoreAction.Dropped(990));
        assertThat(tick - 1).isEqualTo(201);

        afterMillis(100);
        assertThat(stored(2)).containsExactly(new StoreAction.Durable(101), new StoreAction.TakeSnapshot());
        assertNothing(strongTick(202));
        assertThat(after(new StoreEvent.SnapshotTaken(201, STATE)))
                .containsExactly(new StoreAction.WriteSnapshot(3, 201, STATE));
        assertThat(stored(3)).containsExactly(new StoreAction.Durable(201), append(4, own(201), 202));
    }

    @Test
    void hasASnapshotTakenIfATickWasNotLogged() {
        tick(101);

        assertThat(tick(103)).containsExactly(new StoreAction.Dropped(10), new StoreAction.TakeSnapshot());
    }

    @Test
    void hasASnapshotTakenIfTheStoreHasAnotherHistory() {
        strongTick(101);

        assertThat(after(new StoreEvent.Refused(
                        1, new Refusal.NotContiguous(ModelStore.REGION, EPOCH, LOADED, new LogPosition(5, 90)))))
                .containsExactly(new StoreAction.TakeSnapshot());
        assertThat(after(new StoreEvent.SnapshotTaken(101, STATE)))
                .containsExactly(new StoreAction.WriteSnapshot(2, 101, STATE));
    }

    @Test
    void claimsTheRegionAgainIfTheStoreHasLostIt() {
        strongTick(101);

        assertThat(after(new StoreEvent.Refused(1, new Refusal.NotClaimed(ModelStore.REGION, EPOCH, 0))))
                .containsExactly(new StoreAction.Claim(2));
        assertThat(stored(2)).containsExactly(new StoreAction.TakeSnapshot());
        assertThat(after(new StoreEvent.SnapshotTaken(101, STATE)))
                .containsExactly(new StoreAction.WriteSnapshot(3, 101, STATE));
    }

    @Test
    void claimsWhatNobodyHasClaimedAndOnlyThenHasASnapshotTaken() {
        writer = StoreWriter.unclaimed(EPOCH, SETTINGS, now);
        assertThat(after(new StoreEvent.TimePassed())).containsExactly(new StoreAction.Claim(1));
        assertNothing(strongTick(51));
        assertNothing(after(new StoreEvent.Failed(1)));
        assertThat(afterMillis(100)).containsExactly(new StoreAction.Claim(2));

        assertThat(stored(2)).containsExactly(new StoreAction.TakeSnapshot());

        assertThat(after(new StoreEvent.SnapshotTaken(51, STATE)))
                .containsExactly(new StoreAction.WriteSnapshot(3, 51, STATE));
        assertThat(stored(3)).containsExactly(new StoreAction.Durable(51));
        assertThat(strongTick(52)).containsExactly(append(4, own(51), 52));
    }

    @Test
    void stopsForGoodWhenTheRegionIsSomebodyElses() {
        Refusal.Superseded refusal = new Refusal.Superseded(ModelStore.REGION, EPOCH, 8, "demo-1#4");
        strongTick(101);
        tick(102);

        assertThat(after(new StoreEvent.Refused(1, refusal))).containsExactly(new StoreAction.Stopped(refusal));
        assertThat(writer.stopped()).isTrue();
        assertThat(writer.backlogBytes()).isZero();
        assertThat(writer.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertNothing(strongTick(103));
        assertNothing(after(new StoreEvent.SnapshotTaken(103, STATE)));
    }

    @Test
    void refusesTicksThatGoBack() {
        tick(101);

        assertThatThrownBy(() -> tick(101))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tick 101 is logged after 101");
    }

    @Test
    void aBatchGivesItsTicksBack() {
        List<Bytes> ticks = List.of(Bytes.copyOf(new byte[] {1, 2}), Bytes.empty(), Bytes.copyOf(new byte[300]));

        LogBatch batch = LogBatch.of(5, ticks);

        assertThat(batch.lastTick()).isEqualTo(7);
        assertThat(batch.ticks()).isEqualTo(ticks);
        assertThatThrownBy(() -> new LogBatch(5, 6, batch.entries()).ticks()).isInstanceOf(WireFormatException.class);
        assertThatThrownBy(() -> new LogBatch(5, 8, batch.entries()).ticks()).isInstanceOf(WireFormatException.class);
    }
}
