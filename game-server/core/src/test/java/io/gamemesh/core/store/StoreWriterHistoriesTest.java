package io.gamemesh.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.store.StoreAction.Write;
import io.gamemesh.protocol.wire.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Writers one after the other, each for an epoch of one region, and a store that fails, answers late or never, does what it
 * was told long after it was given up, and once in a while has lost all. The region's state after a tick is the
 * numbers of all ticks up to it, drawn by lot; so whatever is loaded shows which history it comes from.
 */
class StoreWriterHistoriesTest {

    private static final StoreWriterSettings SETTINGS = new StoreWriterSettings(
            Duration.ofMillis(100), 100, 40, 400, 200, Duration.ofMillis(10), Duration.ofMillis(80));
    private static final int STEPS = 400;
    private static final long STEP_NANOS = Duration.ofMillis(30).toNanos();

    /** A write of some writer that the store may yet do. */
    private record Attempt(long epoch, Write write) {}

    private static final class History {

        private final Random random;
        private final ModelStore store = new ModelStore();
        private final List<Attempt> lingering = new ArrayList<>();
        private long now = 1;
        private long epoch;
        // What each tick has logged, from tick 1 on; and other histories, which a store that nothing was said to have
        // reached
        // may still have.
        private List<Long> ticks = new ArrayList<>();
        private final List<List<Long>> before = new ArrayList<>();
        private StoreWriter writer;
        private @Nullable Write current;
        private boolean asked;
        private long durable;
        private long dropped;
        private int refused;
        private int late;

        History(long seed) {
            random = new Random(seed);
            writer = begin(null);
        }

        private StoreWriter begin(@Nullable LogPosition follows) {
            epoch += 1 + random.nextInt(2);
            store.claim(epoch);
            current = null;
            asked = false;
            durable = StoreWriter.NOTHING;
            writer = new StoreWriter(epoch, follows, SETTINGS, now);
            handle(new StoreEvent.TimePassed());
            return writer;
        }

        private void handle(StoreEvent event) {
            writer.handle(event, now, this::perform);
            assertThat(writer.backlogBytes()).isLessThanOrEqualTo(SETTINGS.backlogBytes());
            assertThat(writer.durableTick()).isEqualTo(durable);
        }

        private void perform(StoreAction action) {
            switch (action) {
                case Write write -> {
                    assertThat(current).as("two writes at a time").isNull();
                    current = write;
                }
                case StoreAction.TakeSnapshot() -> {
                    assertThat(asked).as("two questions at a time").isFalse();
                    asked = true;
                }
                case StoreAction.Durable(long tick) -> {
                    assertThat(tick).isGreaterThan(durable);
                    durable = tick;
                }
                case StoreAction.Dropped(long bytes) -> dropped += bytes;
                case StoreAction.Stopped(Refusal.Superseded refusal) -> throw new AssertionError(refusal.message());
            }
        }

        private static Bytes bytes(List<Long> numbers) {
            ByteBuffer bytes = ByteBuffer.allocate(numbers.size() * Long.BYTES);
            numbers.forEach(bytes::putLong);
            return Bytes.copyOf(bytes.flip());
        }

        private static void read(Bytes bytes, List<Long> numbers) {
            ByteBuffer in = bytes.asReadOnlyBuffer();
            while (in.hasRemaining()) {
                numbers.add(in.getLong());
            }
        }

        private void tick() {
            List<Long> log = new ArrayList<>();
            ticks.add(random.nextLong());
            log.add(ticks.getLast());
            handle(new StoreEvent.TickLogged(ticks.size(), bytes(log), random.nextInt(8) == 0));
        }

        private void takeSnapshot() {
            if (!asked) {
                return;
            }
            asked = false;
            if (random.nextInt(4) == 0) {
                handle(new StoreEvent.SnapshotFailed());
            } else {
                // The state that was saved may be from a while ago: others have had their turn since.
                int tick = ticks.size() - Math.min(ticks.size(), random.nextInt(3));
                handle(new StoreEvent.SnapshotTaken(tick, bytes(ticks.subList(0, tick))));
            }
        }

        private void answer() {
            Write write = current;
            if (write == null) {
                return;
            }
            current = null;
            switch (random.nextInt(5)) {
                case 0 -> {
                    // It was lost on its way, or it takes its time.
                    lingering.add(new Attempt(epoch, write));
                    handle(new StoreEvent.Failed(write.write()));
                }
                case 1 -> {
                    // The answer was lost on its way.
                    store.write(epoch, write);
                    handle(new StoreEvent.Failed(write.write()));
                }
                default -> deliver(write);
            }
        }

        private void deliver(Write write) {
            Refusal refusal = store.write(epoch, write);
            refused += refusal == null ? 0 : 1;
            handle(
                    refusal == null
                            ? new StoreEvent.Stored(write.write())
                            : new StoreEvent.Refused(write.write(), refusal));
        }

        private void linger() {
            if (!lingering.isEmpty()) {
                Attempt attempt = lingering.remove(random.nextInt(lingering.size()));
                Refusal refusal = store.write(attempt.epoch, attempt.write);
                late += refusal == null ? 1 : 0;
            }
        }

        private void leaveBehind() {
            if (current != null) {
                lingering.add(new Attempt(epoch, current));
            }
        }

        /** All that had the region are gone: somebody begins with what is stored. */
        private void startFromTheStore() {
            leaveBehind();
            store.claim(++epoch);
            ticks = loaded();
            before.clear();
            begin(store.load().head());
        }

        /** A backup goes on from what it has, whatever is stored. */
        private void promote() {
            leaveBehind();
            int tick = ticks.size() - Math.min(ticks.size(), random.nextInt(4));
            LogPosition follows = random.nextBoolean() ? null : new LogPosition(epoch, tick);
            if (durable != StoreWriter.NOTHING) {
                before.clear();
            }
            before.add(ticks);
            ticks = new ArrayList<>(ticks.subList(0, tick));
            begin(follows);
        }

        private List<Long> loaded() {
            ModelStore.Loaded loaded = store.load();
            List<Long> numbers = new ArrayList<>();
            read(loaded.snapshot(), numbers);
            loaded.log().forEach(entry -> read(entry, numbers));
            assertThat(numbers)
                    .hasSize(loaded.head() == null ? 0 : (int) loaded.head().tick());
            return numbers;
        }

        private void check() {
            List<Long> loaded = loaded();
            if (durable != StoreWriter.NOTHING) {
                assertThat((long) loaded.size()).isGreaterThanOrEqualTo(durable);
            }
            boolean old =
                    durable == StoreWriter.NOTHING && before.stream().anyMatch(history -> startsWith(history, loaded));
            assertThat(old || startsWith(ticks, loaded))
                    .as("loaded are %d ticks of a history of %d", loaded.size(), ticks.size())
                    .isTrue();
        }

        private static boolean startsWith(List<Long> history, List<Long> loaded) {
            return loaded.size() <= history.size()
                    && history.subList(0, loaded.size()).equals(loaded);
        }

        private void step() {
            now += random.nextLong(STEP_NANOS);
            switch (random.nextInt(40)) {
                case 0 -> startFromTheStore();
                case 1 -> promote();
                case 2 -> handle(new StoreEvent.Flush());
                case 3, 4 -> linger();
                case 5, 6, 7, 8, 9, 10 -> takeSnapshot();
                case 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> answer();
                case 21, 22, 23, 24, 25 -> handle(new StoreEvent.TimePassed());
                default -> tick();
            }
            check();
        }

        /** The store answers again, and nothing new happens. */
        private void settle() {
            for (int i = 0; i < 50 && (durable < ticks.size() || current != null); i++) {
                handle(new StoreEvent.Flush());
                Write write = current;
                if (write != null) {
                    current = null;
                    deliver(write);
                } else if (asked) {
                    asked = false;
                    handle(new StoreEvent.SnapshotTaken(ticks.size(), bytes(ticks)));
                } else {
                    assertThat(writer.nextDeadlineNanos()).isNotEqualTo(Long.MAX_VALUE);
                    now = Math.max(now, writer.nextDeadlineNanos());
                    handle(new StoreEvent.TimePassed());
                }
            }
        }
    }

    @Property(tries = 500)
    void whatIsLoadedIsAPrefixOfWhatWasFedAndHasAllThatIsDurable(@ForAll long seed) {
        History history = new History(seed);

        for (int i = 0; i < STEPS; i++) {
            history.step();
        }
        history.tick();
        history.settle();

        history.check();
        assertThat(history.durable).isEqualTo(history.ticks.size());
        assertThat(history.loaded()).isEqualTo(history.ticks);
    }

    @Property(tries = 100)
    void aStoreThatWasSetUpAnewIsFilledAgain(@ForAll long seed) {
        History history = new History(seed);
        for (int i = 0; i < 100; i++) {
            history.step();
        }

        history.store.lose();
        history.lingering.clear();
        history.tick();
        history.settle();
        history.tick();
        history.settle();

        assertThat(history.loaded()).isEqualTo(history.ticks);
    }

    @Test
    void theHistoriesHaveInThemWhatGoesWrong() {
        List<History> histories = LongStream.range(0, 50).mapToObj(History::new).toList();

        histories.forEach(history -> {
            for (int i = 0; i < STEPS; i++) {
                history.step();
            }
        });

        assertThat(histories).anyMatch(history -> history.dropped > 0);
        assertThat(histories).anyMatch(history -> history.refused > 0);
        assertThat(histories).anyMatch(history -> history.late > 0);
    }
}
