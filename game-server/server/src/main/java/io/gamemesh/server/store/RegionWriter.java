package io.gamemesh.server.store;

import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.StoreAction;
import io.gamemesh.core.store.StoreEvent;
import io.gamemesh.core.store.StoreWriter;
import io.gamemesh.core.store.StoreWriterSettings;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.store.RegionStore.Outcome;
import io.gamemesh.server.store.WriteBehind.Listener;
import io.gamemesh.server.store.WriteBehind.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a region at one epoch is written with. The public methods are safe for any thread and do not wait. */
public final class RegionWriter {
    private static final Logger LOG = Logger.getLogger(RegionWriter.class);
    /** A store that stays away is not logged each time. */
    private static final int LOG_EVERY = 20;

    private static final long NEVER = Long.MIN_VALUE;

    /** Which region, and for whom. */
    record Name(RegionId region, long epoch, ServerId claimant) {}

    /** Completed when the writer has stored that tick; or with false when it never will. */
    private record Waiting(long tick, CompletableFuture<Boolean> result) {}

    private final Name name;
    private final RegionStore store;
    private final StoreMetrics metrics;
    private final ScheduledExecutorService executor;
    private final Supplier<CompletableFuture<Snapshot>> snapshots;
    private final Listener listener;
    private final Consumer<Throwable> fatal;
    private final Consumer<RegionWriter> ended;
    private final StoreWriter writer;
    private final List<Waiting> flushes = new ArrayList<>();
    private volatile long durableTick = StoreWriter.NOTHING;
    // A tick that is not stored, and when it was logged.
    private long awaitedTick = StoreWriter.NOTHING;
    private volatile long awaitedSinceNanos = NEVER;
    private boolean failing;
    private long backlogBytes;
    private @Nullable ScheduledFuture<?> alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private boolean closed;

    RegionWriter(
            Name name,
            WriteBehind.Beginning beginning,
            StoreWriterSettings settings,
            RegionStore store,
            StoreMetrics metrics,
            ScheduledExecutorService executor,
            Supplier<CompletableFuture<Snapshot>> snapshots,
            Listener listener,
            Consumer<Throwable> fatal,
            Consumer<RegionWriter> ended) {
        this.name = name;
        this.store = store;
        this.metrics = metrics;
        this.executor = executor;
        this.snapshots = snapshots;
        this.listener = listener;
        this.fatal = fatal;
        this.ended = ended;
        this.writer = switch (beginning) {
            case WriteBehind.Beginning.Unclaimed() -> StoreWriter.unclaimed(name.epoch(), settings, System.nanoTime());
            case WriteBehind.Beginning.Claimed(LogPosition follows) ->
                new StoreWriter(name.epoch(), follows, settings, System.nanoTime());
        };
    }

    void begin() {
        post(new StoreEvent.TimePassed());
    }

    /**
     * The region has ended a tick; to be told of each, in order.
     *
     * @param log what it has changed
     * @param strong whether somebody waits for it to be durable
     */
    public void logged(long tick, Bytes log, boolean strong) {
        post(new StoreEvent.TickLogged(tick, log, strong));
    }

    /** All up to the end of this tick is durable; {@link StoreWriter#NOTHING} if that is not known of any. */
    public long durableTick() {
        return durableTick;
    }

    /** For how long a tick has waited to be stored, in nanoseconds; 0 if none does. Too little by a batch at most. */
    long lagNanos() {
        long since = awaitedSinceNanos;
        return since == NEVER ? 0 : Math.max(0, System.nanoTime() - since);
    }

    /**
     * Writes what has been logged as soon as may be.
     *
     * @return true once all of it is durable, false when it is certain that it never will be: the region is somebody
     *     else's, or this was closed. As long as the store does not answer it is neither
     */
    public CompletableFuture<Boolean> flush() {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        execute(
                () -> {
                    flushes.add(new Waiting(writer.lastTick(), result));
                    handle(new StoreEvent.Flush());
                },
                () -> result.complete(false));
        return result;
    }

    /** Writes nothing more of this region. What is under way may still be done. */
    public void close() {
        execute(this::end, () -> {});
    }

    private void end() {
        closed = true;
        awaitedSinceNanos = NEVER;
        cancelAlarm();
        account(0);
        flushed();
        ended.accept(this);
    }

    private void post(StoreEvent event) {
        execute(() -> handle(event), () -> {});
    }

    private void execute(Runnable task, Runnable otherwise) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException _) {
            otherwise.run();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            end();
            fatal.accept(e);
        }
    }

    private void handle(StoreEvent event) {
        if (closed) {
            flushed();
            return;
        }
        List<StoreAction> actions = new ArrayList<>();
        writer.handle(event, System.nanoTime(), actions::add);
        durableTick = writer.durableTick();
        await();
        account(writer.backlogBytes());
        actions.forEach(this::perform);
        flushed();
        setAlarm();
    }

    private void await() {
        boolean waits = awaitedSinceNanos != NEVER;
        if (waits && durableTick < awaitedTick && !writer.stopped()) {
            return;
        }
        awaitedTick = writer.lastTick();
        boolean behind = awaitedTick > durableTick && !writer.stopped();
        awaitedSinceNanos = behind ? System.nanoTime() : NEVER;
    }

    private void account(long backlog) {
        metrics.backlog(backlog - backlogBytes);
        backlogBytes = backlog;
    }

    private void perform(StoreAction action) {
        switch (action) {
            case StoreAction.Append(long write, var after, var batch) ->
                answer(write, store.append(name.region(), name.epoch(), after, batch));
            case StoreAction.WriteSnapshot(long write, long tick, Bytes state) ->
                answer(write, store.snapshot(name.region(), name.epoch(), tick, state));
            case StoreAction.Claim(long write) -> {
                if (writer.durableTick() != StoreWriter.NOTHING) {
                    LOG.warnf("The store has lost that region %s was claimed: it is claimed again", name.region());
                }
                answer(write, store.claim(name.region(), name.epoch(), name.claimant()));
            }
            case StoreAction.TakeSnapshot() -> takeSnapshot();
            case StoreAction.Durable(long tick) -> listener.durable(tick);
            case StoreAction.Dropped(long bytes) -> {
                metrics.dropped(bytes);
                LOG.warnf(
                        "The store is too far behind region %s: dropped %d bytes of log, a snapshot is to replace them",
                        name.region(), bytes);
            }
            case StoreAction.Stopped(var refusal) -> {
                LOG.warnf("Stopped writing: %s", refusal.message());
                listener.superseded(refusal);
            }
        }
    }

    private void answer(long write, CompletableFuture<Outcome> outcome) {
        CompletableFuture<Outcome> _ = outcome.whenComplete((done, failure) -> execute(
                () -> {
                    tellOfFailure(failure);
                    handle(
                            switch (done) {
                                case Outcome.Done() -> new StoreEvent.Stored(write);
                                case Outcome.Refused(var refusal) -> new StoreEvent.Refused(write, refusal);
                                case null -> new StoreEvent.Failed(write);
                            });
                },
                () -> {}));
    }

    private void tellOfFailure(@Nullable Throwable failure) {
        if (failure != null && (!failing || writer.failures() % LOG_EVERY == 0)) {
            LOG.warnf(
                    "Cannot write region %s to the store, will try again; the region goes on: %s",
                    name.region(), cause(failure).getMessage());
        } else if (failure == null && failing) {
            LOG.infof("The store takes region %s again", name.region());
        }
        failing = failure != null;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void takeSnapshot() {
        CompletableFuture<Snapshot> _ = snapshots.get().whenComplete((snapshot, failure) -> {
            if (failure == null) {
                post(new StoreEvent.SnapshotTaken(snapshot.tick(), snapshot.state()));
            } else {
                LOG.warnf(
                        "No snapshot of region %s for the store: %s",
                        name.region(), cause(failure).getMessage());
                post(new StoreEvent.SnapshotFailed());
            }
        });
    }

    private void flushed() {
        boolean never = closed || writer.stopped();
        flushes.removeIf(waiting -> {
            boolean done = durableTick >= waiting.tick();
            if (done || never) {
                waiting.result().complete(done);
            }
            return done || never;
        });
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        alarmNanos = Long.MAX_VALUE;
    }

    private void setAlarm() {
        long deadline = writer.nextDeadlineNanos();
        if (deadline == alarmNanos) {
            return;
        }
        cancelAlarm();
        if (deadline != Long.MAX_VALUE) {
            alarmNanos = deadline;
            alarm = executor.schedule(
                    () -> run(() -> {
                        alarm = null;
                        alarmNanos = Long.MAX_VALUE;
                        handle(new StoreEvent.TimePassed());
                    }),
                    deadline - System.nanoTime(),
                    TimeUnit.NANOSECONDS);
        }
    }
}
