package io.gamemesh.server.world;

import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.metrics.TickWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Steps regions at the tick rate on a small pool of platform threads. Whichever thread is free takes the region that is
 * due the earliest, so a region is on one thread at a time and a slow one delays no other as long as a thread
 * is left. A region that is late catches up by at most a few ticks and then skips the rest. None runs away from the
 * players' event loop: it waits until that has sent what the tick before the latest had for players, though not for long.
 */
public final class RegionTicker implements AutoCloseable {
    private static final int MAX_CATCH_UP_TICKS = 3;
    /** What neighbours and backups get must not wait longer for players than that. */
    public static final Duration PATIENCE = Duration.ofMillis(250);
    /** From one look whether players have been sent what they are owed to the next. */
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final DelayQueue<Schedule> queue = new DelayQueue<>();
    private final long periodNanos;
    private final long patienceNanos;
    private final ServerMetrics metrics;
    private final TickWindow window;
    private final Consumer<Throwable> fatal;
    private final LongAdder ticks = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Starts the threads.
     *
     * @param tickRate ticks a second
     * @param patience how long a tick may wait for players to be sent what they are owed
     * @param fatal told when an engine can no longer be stepped; the process ends then
     */
    public RegionTicker(
            int threadCount,
            int tickRate,
            Duration patience,
            ServerMetrics metrics,
            TickWindow window,
            Consumer<Throwable> fatal) {
        this.periodNanos = TimeUnit.SECONDS.toNanos(1) / tickRate;
        this.patienceNanos = patience.toNanos();
        this.metrics = metrics;
        this.window = window;
        this.fatal = fatal;
        for (int i = 0; i < threadCount; i++) {
            threads.add(
                    Thread.ofPlatform().name("gamemesh-engine-" + i).daemon().start(this::run));
        }
    }

    private static final class Schedule implements Delayed {
        private final HostedRegion region;
        private long deadlineNanos;
        private long dueNanos;
        private boolean waiting;
        private long waitingSince;
        private long waitedNanos;
        private long inputsDropped;

        private Schedule(HostedRegion region, long deadlineNanos) {
            this.region = region;
            this.deadlineNanos = deadlineNanos;
            this.dueNanos = deadlineNanos;
        }

        /** Whether it shall be looked at again a little later, and not be stepped now. */
        private boolean waits(long patienceNanos) {
            long now = System.nanoTime();
            if (!waiting) {
                waitingSince = now;
            }
            waitedNanos = now - waitingSince;
            waiting = waitedNanos < patienceNanos && region.isAheadOfPlayers();
            if (waiting) {
                dueNanos = now + WAIT_NANOS;
            }
            return waiting;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(dueNanos - ((Schedule) other).dueNanos);
        }
    }

    /** Begins to step the region, at once and until it is stopped. */
    public void add(HostedRegion region) {
        // From the second tick on spread over the period, so that the regions of one server do not all fall due at
        // once. The
        // first is due already: a region that has come from another server has stood still for long enough.
        long offset = Math.floorMod(region.id().hashCode() * 0x9E3779B9L, periodNanos);
        queue.add(new Schedule(region, System.nanoTime() + offset - periodNanos));
    }

    /** Ticks of all regions since the start. */
    public long ticks() {
        return ticks.sum();
    }

    /** The time that a tick has, in nanoseconds. */
    public long periodNanos() {
        return periodNanos;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Schedule due = queue.take();
                if (due.region.runnable()) {
                    if (!due.waits(patienceNanos)) {
                        tick(due);
                    }
                    queue.add(due);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fatal.accept(e);
        }
    }

    private void tick(Schedule due) {
        long begin = System.nanoTime();
        if (due.region.tick(begin)) {
            long duration = due.region.durationNanos();
            // A server that cannot send as fast as it ticks is as busy as one that cannot tick.
            window.add(duration + due.waitedNanos);
            metrics.tick(duration, begin - due.deadlineNanos);
            metrics.physicsStep(due.region.stepNanos());
            long dropped = due.region.stats().inputsDropped();
            if (dropped > due.inputsDropped) {
                metrics.refused("inputs-surplus", dropped - due.inputsDropped);
                due.inputsDropped = dropped;
            }
            ticks.increment();
        }
        due.deadlineNanos += periodNanos;
        long behind = System.nanoTime() - due.deadlineNanos;
        if (behind > MAX_CATCH_UP_TICKS * periodNanos) {
            due.deadlineNanos += behind / periodNanos * periodNanos;
        }
        due.dueNanos = due.deadlineNanos;
    }

    /** Stops the threads after the tick that each is at. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
