package io.gamemesh.core.store;

import io.gamemesh.core.store.StoreAction.Append;
import io.gamemesh.core.store.StoreAction.Claim;
import io.gamemesh.core.store.StoreAction.Write;
import io.gamemesh.core.store.StoreAction.WriteSnapshot;
import io.gamemesh.core.store.StoreEvent.Failed;
import io.gamemesh.core.store.StoreEvent.Flush;
import io.gamemesh.core.store.StoreEvent.Refused;
import io.gamemesh.core.store.StoreEvent.SnapshotFailed;
import io.gamemesh.core.store.StoreEvent.SnapshotTaken;
import io.gamemesh.core.store.StoreEvent.Stored;
import io.gamemesh.core.store.StoreEvent.TickLogged;
import io.gamemesh.core.store.StoreEvent.TimePassed;
import io.gamemesh.protocol.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store behind one region, at one epoch, up to date: gathers the log of ticks into batches, asks for snapshots
 * now and then, repeats what has failed, and knows what is durable. It never makes the region wait: when more log has
 * gathered than it may hold, it drops the log and has a snapshot of the region taken once the store answers again.
 *
 * <p>What is in the store is the history of this epoch at each moment: log is written only behind the position that it
 * follows. So a writer begins with a snapshot, unless it is told where the stored history ends that the region goes on
 * from. Not thread-safe.
 */
public final class StoreWriter {

    /** The {@link #durableTick} of a writer that has stored nothing yet. */
    public static final long NOTHING = -1;

    private static final long NEVER = Long.MAX_VALUE;

    private final long epoch;
    private final StoreWriterSettings settings;

    // The log that waits: that of the ticks from queueFirst on, without a gap.
    private final Deque<Bytes> queue = new ArrayDeque<>();
    private long queueFirst;
    private long queueBytes;
    private long queuedNanos;
    private boolean hurry;
    private long lastTick = NOTHING;

    // Where what is stored ends, as far as known: null if it is unknown, or another history.
    private @Nullable LogPosition head;
    private long durableTick = NOTHING;

    private @Nullable Write inFlight;
    private long inFlightBytes;
    private boolean waiting;
    private long writes;
    private long retryNanos;
    private long pauseNanos;
    private int failures;

    private @Nullable SnapshotTaken snapshot;
    private boolean asked;
    private long askNanos;
    // A snapshot lets one batch go first: there may be somebody who waits for that.
    private boolean batchFirst;
    private long snapshotTick = NOTHING;
    private long bytesSinceSnapshot;
    private boolean stopped;

    /**
     * The writer of a region that has been claimed at this epoch.
     *
     * @param epoch 1 or more
     * @param follows where the region's own history up to now has been stored, as far as known: what it was loaded from,
     *     or what its authority before has flushed; null to begin with a snapshot. A position at which something else is
     *     stored costs a refusal, no more
     */
    public StoreWriter(long epoch, @Nullable LogPosition follows, StoreWriterSettings settings, long nowNanos) {
        this.epoch = epoch;
        this.head = follows;
        this.settings = settings;
        this.pauseNanos = settings.firstPause().toNanos();
        this.queueFirst = follows == null ? 0 : follows.tick() + 1;
        this.askNanos = nowNanos;
        this.snapshotTick = follows == null ? NOTHING : follows.tick();
    }

    /**
     * The writer of a region that has not been claimed yet: it does that first, and then begins with a snapshot.
     *
     * @param epoch 1 or more
     */
    public static StoreWriter unclaimed(long epoch, StoreWriterSettings settings, long nowNanos) {
        StoreWriter writer = new StoreWriter(epoch, null, settings, nowNanos);
        writer.inFlight = new Claim(0);
        writer.retryNanos = nowNanos;
        return writer;
    }

    /** All ticks up to this one, included, are in the store; {@link #NOTHING} if that is not known of any. */
    public long durableTick() {
        return durableTick;
    }

    /** The tick that was logged last; {@link #NOTHING} before the first. */
    public long lastTick() {
        return lastTick;
    }

    /** Bytes of log that wait or are on their way; at most {@link StoreWriterSettings#backlogBytes}. */
    public long backlogBytes() {
        return queueBytes + inFlightBytes;
    }

    /** How often in a row the present write has failed. */
    public int failures() {
        return failures;
    }

    /** True once the region was found to be somebody else's: nothing is written any more. */
    public boolean stopped() {
        return stopped;
    }

    /** When there is something to do if nothing happens before, {@link Long#MAX_VALUE} if there is not. */
    public long nextDeadlineNanos() {
        if (stopped || waiting) {
            return NEVER;
        }
        if (inFlight != null) {
            return retryNanos;
        }
        long batch = chained() && !queue.isEmpty()
                ? queuedNanos + settings.batchInterval().toNanos()
                : NEVER;
        long ask = wantsSnapshot() && !asked && snapshot == null ? askNanos : NEVER;
        return Math.min(batch, ask);
    }

    /**
     * Takes an event.
     *
     * @param nowNanos a clock that never goes back
     * @param out gets what is to be done, in order
     * @throws IllegalArgumentException if a tick is not later than those before
     */
    public void handle(StoreEvent event, long nowNanos, Consumer<StoreAction> out) {
        if (stopped) {
            return;
        }
        switch (event) {
            case TickLogged tick -> logged(tick, nowNanos, out);
            case SnapshotTaken taken -> taken(taken, nowNanos);
            case SnapshotFailed() -> {
                asked = false;
                askAfterAPause(nowNanos);
            }
            case Stored(long write) -> answered(write, done -> stored(done, out));
            case Refused(long write, Refusal refusal) -> answered(write, refused -> refused(refusal, nowNanos, out));
            case Failed(long write) -> answered(write, failed -> failed(nowNanos));
            case Flush() -> hurry = !queue.isEmpty();
            case TimePassed() -> {}
        }
        write(nowNanos, out);
    }

    private void logged(TickLogged event, long nowNanos, Consumer<StoreAction> out) {
        long tick = event.tick();
        if (tick <= lastTick) {
            throw new IllegalArgumentException(
                    "tick " + tick + " is logged after " + lastTick + ", expected a later one");
        }
        lastTick = tick;
        long size = event.log().length();
        bytesSinceSnapshot += size;
        if (tick < queueFirst) {
            // A snapshot has it already.
            return;
        }
        if (tick != queueFirst + queue.size()) {
            drop(tick, out);
        }
        if (backlogBytes() + size > settings.backlogBytes()) {
            drop(tick + 1, out);
            return;
        }
        if (queue.isEmpty()) {
            queuedNanos = nowNanos;
        }
        queue.add(event.log());
        queueBytes += size;
        hurry |= event.strong();
    }

    /** The log until that tick is not to be written any more; what comes after it is, once there is a snapshot. */
    private void drop(long next, Consumer<StoreAction> out) {
        if (queueBytes > 0) {
            out.accept(new StoreAction.Dropped(queueBytes));
        }
        queue.clear();
        queueBytes = 0;
        queueFirst = next;
        hurry = false;
    }

    private void taken(SnapshotTaken taken, long nowNanos) {
        if (!asked) {
            return;
        }
        asked = false;
        askNanos = nowNanos;
        if (chained() || mends(taken.tick())) {
            snapshot = taken;
            snapshotTick = taken.tick();
            bytesSinceSnapshot = 0;
            batchFirst = true;
        } else {
            // It is older than what has been dropped since.
            askAfterAPause(nowNanos);
        }
    }

    private void askAfterAPause(long nowNanos) {
        askNanos = nowNanos + settings.firstPause().toNanos();
    }

    /** Whether what waits goes on from what is stored, or will be once the write that is on its way has been done. */
    private boolean chained() {
        LogPosition end = endOfStored();
        return end != null && end.tick() + 1 == queueFirst;
    }

    private @Nullable LogPosition endOfStored() {
        return inFlight instanceof Append append
                ? new LogPosition(epoch, append.batch().lastTick())
                : head;
    }

    /** Whether what waits goes on from a snapshot of that tick, or is part of it. */
    private boolean mends(long tick) {
        return tick + 1 >= queueFirst;
    }

    private void answered(long write, Consumer<Write> answer) {
        Write current = inFlight;
        // Of an earlier attempt otherwise: what it says the present one will say too.
        if (current != null && waiting && current.write() == write) {
            waiting = false;
            answer.accept(current);
        }
    }

    private void settled() {
        inFlight = null;
        inFlightBytes = 0;
        failures = 0;
        pauseNanos = settings.firstPause().toNanos();
    }

    private void stored(Write done, Consumer<StoreAction> out) {
        settled();
        switch (done) {
            case Append append -> {
                head = new LogPosition(epoch, append.batch().lastTick());
                durable(append.batch().lastTick(), out);
            }
            case WriteSnapshot written -> {
                if (head == null || head.epoch() != epoch || head.tick() < written.tick()) {
                    head = new LogPosition(epoch, written.tick());
                }
                forget(written.tick());
                durable(written.tick(), out);
            }
            // What was stored is gone, so what follows it has nowhere to go.
            case Claim _ -> head = null;
        }
    }

    /** What waits is in a snapshot up to that tick. */
    private void forget(long tick) {
        while (queueFirst <= tick && !queue.isEmpty()) {
            queueBytes -= queue.remove().length();
            queueFirst++;
        }
        if (queue.isEmpty()) {
            queueFirst = Math.max(queueFirst, tick + 1);
            hurry = false;
        }
    }

    private void durable(long tick, Consumer<StoreAction> out) {
        if (tick > durableTick) {
            durableTick = tick;
            out.accept(new StoreAction.Durable(tick));
        }
    }

    private void refused(Refusal refusal, long nowNanos, Consumer<StoreAction> out) {
        settled();
        switch (refusal) {
            case Refusal.Superseded superseded -> {
                stopped = true;
                queue.clear();
                queueBytes = 0;
                snapshot = null;
                out.accept(new StoreAction.Stopped(superseded));
            }
            case Refusal.NotClaimed _ -> {
                head = null;
                inFlight = new Claim(0);
                retryNanos = nowNanos;
            }
            case Refusal.NotContiguous _ -> head = null;
        }
    }

    private void failed(long nowNanos) {
        failures++;
        retryNanos = nowNanos + pauseNanos;
        pauseNanos = Math.min(2 * pauseNanos, settings.longestPause().toNanos());
    }

    /** Does what there is to do now. */
    private void write(long nowNanos, Consumer<StoreAction> out) {
        if (stopped) {
            return;
        }
        if (inFlight != null && !waiting && retryNanos <= nowNanos) {
            send(again(inFlight), out);
        } else if (inFlight == null) {
            writeNext(nowNanos, out);
        }
        // While the store does not answer no state is saved that would only wait in memory.
        if (wantsSnapshot() && !asked && snapshot == null && askNanos <= nowNanos && failures == 0) {
            asked = true;
            out.accept(new StoreAction.TakeSnapshot());
        }
    }

    private void writeNext(long nowNanos, Consumer<StoreAction> out) {
        SnapshotTaken pending = snapshot;
        if (pending != null && !chained() && !mends(pending.tick())) {
            snapshot = null;
            pending = null;
        }
        boolean batch = chained() && !queue.isEmpty() && (pending == null ? batchDue(nowNanos) : batchFirst);
        if (batch) {
            batchFirst = false;
            send(nextBatch(), out);
        } else if (pending != null) {
            snapshot = null;
            send(new WriteSnapshot(++writes, pending.tick(), pending.state()), out);
        }
    }

    private boolean batchDue(long nowNanos) {
        return hurry
                || queueBytes >= settings.batchBytes()
                || nowNanos - queuedNanos >= settings.batchInterval().toNanos();
    }

    private Append nextBatch() {
        LogPosition after = head;
        if (after == null) {
            throw new IllegalStateException("there is a batch to write and nothing that it follows");
        }
        List<Bytes> ticks = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && bytes < settings.batchBytes()) {
            Bytes tick = queue.remove();
            ticks.add(tick);
            bytes += tick.length();
        }
        LogBatch batch = LogBatch.of(queueFirst, ticks);
        queueFirst = batch.lastTick() + 1;
        queueBytes -= bytes;
        inFlightBytes = bytes;
        // What is left has waited as long, and is due as soon as this batch is stored.
        hurry &= !queue.isEmpty();
        return new Append(++writes, after, batch);
    }

    private Write again(Write failed) {
        return switch (failed) {
            case Append append -> new Append(++writes, append.after(), append.batch());
            case WriteSnapshot written -> new WriteSnapshot(++writes, written.tick(), written.state());
            case Claim _ -> new Claim(++writes);
        };
    }

    private void send(Write write, Consumer<StoreAction> out) {
        inFlight = write;
        waiting = true;
        out.accept(write);
    }

    private boolean wantsSnapshot() {
        if (inFlight instanceof WriteSnapshot || inFlight instanceof Claim) {
            return false;
        }
        return !chained()
                || (snapshotTick != NOTHING && lastTick - snapshotTick >= settings.snapshotTicks())
                || bytesSinceSnapshot >= settings.snapshotBytes();
    }
}
