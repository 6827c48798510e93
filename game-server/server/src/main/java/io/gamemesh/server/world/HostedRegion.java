package io.gamemesh.server.world;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSink;
import io.gamemesh.core.region.RegionStats;
import io.gamemesh.core.replication.ReplicatedRegion;
import io.gamemesh.core.replication.ReplicationStats;
import io.gamemesh.core.replication.Standing;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.gamemesh.server.metrics.MovingMean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One region's engine with its mailbox. Inputs come from any thread; the engine itself is only touched between and
 * within ticks, under its lock, which a tick never waits for.
 */
public final class HostedRegion {
    private static final Logger LOG = Logger.getLogger(HostedRegion.class);
    /** An engine that fails so often in a row will not recover. */
    private static final int FATAL_FAILURES = 5;

    private static final double TICK_MEAN_WEIGHT = 0.05;

    private final ReplicatedRegion region;
    private final RegionEngine engine;
    private final LongSupplier coordinatorLease;
    private final Consumer<Standing> standings;
    private final Queue<Consumer<ReplicatedRegion>> tasks = new ConcurrentLinkedQueue<>();
    private final ArrayBlockingQueue<RegionInput> mailbox;
    private final List<RegionInput> taken = new ArrayList<>();
    private final Queue<RegionInput> overflow = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder sentBytes = new LongAdder();
    private final Consumer<TickBatch> players;
    private final Consumer<PeerMessage> peers;
    private final MovingMean tickNanos = new MovingMean(TICK_MEAN_WEIGHT);
    private final RegionId id;
    private volatile RegionStats stats;
    private volatile ReplicationStats replication;
    private volatile long epoch;
    private volatile boolean stopped;
    private final Output output = new Output();
    private TickBatch batch;
    // What has been handed over to players: the latest, and the one before, which the ticker asks for without the lock.
    private @Nullable TickBatch latest;
    private volatile @Nullable TickBatch before;
    private long stepNanos;
    private long durationNanos;
    private int failures;

    /**
     * Takes the engine over: nobody else may touch it any more.
     *
     * @param mailbox how many inputs may wait for a tick
     * @param coordinatorLease until when the coordinator lets this process act, on the clock of {@link System#nanoTime}
     * @param players gets what a tick has for players
     * @param peers gets what a tick has for neighbours, one by one
     * @param standings gets how backups stand to the region, when that has changed
     */
    public HostedRegion(
            ReplicatedRegion region,
            int mailbox,
            LongSupplier coordinatorLease,
            Consumer<TickBatch> players,
            Consumer<PeerMessage> peers,
            Consumer<Standing> standings) {
        this.region = region;
        this.engine = region.engine();
        this.coordinatorLease = coordinatorLease;
        this.standings = standings;
        this.id = engine.region();
        this.epoch = engine.epoch();
        this.mailbox = new ArrayBlockingQueue<>(mailbox);
        this.players = players;
        this.peers = peers;
        this.batch = new TickBatch(id, 0, 0);
        this.stats = engine.stats();
        this.replication = region.stats();
    }

    /** Which region this is. */
    public RegionId id() {
        return id;
    }

    /** The epoch at which this server acts for it. */
    public long epoch() {
        return epoch;
    }

    /** As of the last tick. */
    public RegionStats stats() {
        return stats;
    }

    /** How it stood with its backups after the last tick. */
    public ReplicationStats replication() {
        return replication;
    }

    /** The mean duration of its ticks lately, in nanoseconds. */
    public double tickNanos() {
        return tickNanos.get();
    }

    /** Bytes of snapshots since the start. */
    public long sentBytes() {
        return sentBytes.sum();
    }

    /** Puts an input into the mailbox for the next tick; false if it is full, and the input is lost. */
    public boolean post(RegionInput input) {
        return mailbox.offer(input);
    }

    /** Takes an input that must not be lost, mailbox full or not: at most a few for each connection. */
    public void postSurely(RegionInput input) {
        if (!mailbox.offer(input)) {
            overflow.add(input);
        }
    }

    /**
     * Does something with the engine between two ticks, on the calling thread, which waits for a tick under way. No tick
     * begins meanwhile: the thread that would step the region goes on with others.
     */
    public <T> T between(Function<ReplicatedRegion, T> task) {
        lock.lock();
        try {
            T result = task.apply(region);
            epoch = engine.epoch();
            return result;
        } finally {
            lock.unlock();
            doTasks();
        }
    }

    /** Does something with the region between two ticks, soon, on any thread; nobody waits. In the order of the calls. */
    public void later(Consumer<ReplicatedRegion> task) {
        tasks.add(task);
        doTasks();
    }

    /** A backup answers: what rests on what it has now is let go at once. */
    public void replied(ServerId backup, long link, ReplicationReply reply) {
        later(replicated -> replicated.receive(backup, link, reply, System.nanoTime(), output));
    }

    /** The store has the region up to that tick: what waits for that is let go at once. */
    public void durable(long tick) {
        later(replicated -> replicated.durable(tick, System.nanoTime(), output));
    }

    private void doTasks() {
        // Whoever has the lock looks again after it has let go of it.
        while (!tasks.isEmpty() && lock.tryLock()) {
            try {
                doTasksLocked();
            } finally {
                lock.unlock();
            }
        }
    }

    private void doTasksLocked() {
        for (Consumer<ReplicatedRegion> task = tasks.poll(); task != null; task = tasks.poll()) {
            if (stopped) {
                continue;
            }
            try {
                task.accept(region);
            } catch (RuntimeException e) {
                LOG.errorf(e, "Region %s failed to take what its backups or its store say", id);
            }
        }
        tellStanding();
        if (!batch.isEmpty()) {
            players.accept(batch);
            batch = new TickBatch(id, 0, 0);
        }
    }

    private void tellStanding() {
        Standing standing = stopped ? null : region.news(System.nanoTime());
        if (standing != null) {
            standings.accept(standing);
        }
    }

    /**
     * When this returns the region is not stepped any more. A last step changes nothing and refuses what has come in, so
     * that whoever waits for an answer has one; what comes in later is lost.
     */
    public void stop() {
        lock.lock();
        try {
            engine.freeze();
            if (!stopped) {
                refuseWhatHasCome();
            }
        } finally {
            stopped = true;
            lock.unlock();
        }
    }

    /** When this returns the region is not stepped any more, and nobody has been told. */
    public void abandon() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether players have not been sent what the tick before the latest had for them. */
    boolean isAheadOfPlayers() {
        TickBatch owed = before;
        return owed != null && !owed.isSent();
    }

    /** False once the region shall not be stepped any more. */
    boolean runnable() {
        return !stopped;
    }

    /**
     * One tick, unless somebody is busy with the engine.
     *
     * @return false if there was no tick
     * @throws IllegalStateException if the engine fails again and again
     */
    boolean tick(long nowNanos) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (stopped) {
                return false;
            }
            step(nowNanos);
            doTasksLocked();
            return true;
        } finally {
            lock.unlock();
            doTasks();
        }
    }

    private void refuseWhatHasCome() {
        takeInputs();
        engine.step(System.nanoTime(), output);
        if (!batch.isEmpty()) {
            players.accept(batch);
            batch = new TickBatch(id, 0, 0);
        }
    }

    private void takeInputs() {
        mailbox.drainTo(taken);
        taken.forEach(this::accept);
        taken.clear();
        for (RegionInput input = overflow.poll(); input != null; input = overflow.poll()) {
            accept(input);
        }
    }

    private void step(long nowNanos) {
        takeInputs();
        region.coordinatorLease(coordinatorLease.getAsLong());
        long begin = System.nanoTime();
        try {
            region.step(nowNanos, output);
            failures = 0;
        } catch (RuntimeException e) {
            failures++;
            LOG.errorf(e, "Region %s failed in tick %d, %d times in a row", id, stats.tick() + 1, failures);
            if (failures >= FATAL_FAILURES) {
                throw new IllegalStateException("region " + id + " cannot be stepped", e);
            }
        }
        long end = System.nanoTime();
        stepNanos = end - begin;
        durationNanos = end - nowNanos;
        tickNanos.add((double) durationNanos);
        stats = engine.stats();
        replication = region.stats();
        // Last, and no part of the tick: it wakes the players' loop, which may take this thread's processor for a
        // while.
        if (!batch.isEmpty()) {
            int datagrams = batch.datagrams();
            int bytes = batch.size();
            before = latest;
            latest = batch;
            players.accept(batch);
            batch = new TickBatch(id, datagrams, bytes);
        }
    }

    /** How long the latest tick took until what it has for players could be handed over. For the thread that has stepped it. */
    long durationNanos() {
        return durationNanos;
    }

    /** How long the engine's step took of that. */
    long stepNanos() {
        return stepNanos;
    }

    private void accept(RegionInput input) {
        try {
            engine.accept(input);
        } catch (RuntimeException e) {
            // One input of one player or peer; the others' are as good as ever.
            LOG.errorf(e, "Region %s failed to take %s", id, input.getClass().getSimpleName());
        }
    }

    /** Sorts what the engine gives out: to peers at once, the rest to the players' loop with the whole tick. */
    private final class Output implements RegionSink {

        @Override
        public void put(RegionOutput output) {
            switch (output) {
                case RegionOutput.ToPeer message -> peers.accept(message.message());
                case RegionOutput.Snapshot snapshot -> snapshot(snapshot.session(), snapshot.datagram());
                case RegionOutput.Joined joined -> batch.events().add(joined);
                case RegionOutput.JoinElsewhere elsewhere -> batch.events().add(elsewhere);
                case RegionOutput.JoinRefused refused -> batch.events().add(refused);
                case RegionOutput.Send send -> batch.events().add(send);
                case RegionOutput.Located located -> batch.events().add(located);
                case RegionOutput.Crossed crossed -> batch.events().add(crossed);
                case RegionOutput.Close close -> batch.events().add(close);
            }
        }

        @Override
        public void snapshot(long session, ByteBuffer datagram) {
            sentBytes.add(datagram.remaining());
            batch.add(session, datagram);
        }
    }
}
