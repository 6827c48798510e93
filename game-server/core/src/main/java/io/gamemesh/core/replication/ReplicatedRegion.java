package io.gamemesh.core.replication;

import com.google.protobuf.ByteString;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionSink;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationHello;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.gamemesh.protocol.v1.ReplicationTick;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A region for which this process is the authority, with its backups. It ticks only while it may act, tells the backups
 * each tick, and lets out what rests on a tick once those that count have it.
 *
 * <p>It may act while every backup in sync has granted it a lease, which runs from when it sent what the backup has
 * acknowledged; and, while the configuration lists no backup in sync, while the coordinator's lease runs. A backup counts
 * from when it has caught up, before anybody is told: so whoever may be promoted is one whose grant this needs. It stops
 * counting only by a configuration that says so. See {@code docs/authority.md}.
 *
 * <p>Not thread-safe. Time is any monotonic clock in nanoseconds, the same for all calls.
 */
public final class ReplicatedRegion {

    /** How far a backup may be behind to be waited for. */
    private static final int MAX_JOIN_LAG = 16;

    /** Outputs that may wait for a store: tens of megabytes. With more the region stands still. */
    private static final int MAX_HELD = 1 << 14;

    private static final long NO_STORE = Long.MAX_VALUE;
    private static final long NOTHING = -1;

    /** Takes each tick's log, for a store. */
    @FunctionalInterface
    public interface TickLog {

        /**
         * A tick has ended; told of each, in order.
         *
         * @param log from position to limit, good until this returns
         * @param awaited whether outputs wait for the store to have it
         */
        void logged(long tick, ByteBuffer log, boolean awaited);
    }

    private static final Comparator<ServerId> ORDER =
            Comparator.comparing(ServerId::name).thenComparingInt(ServerId::incarnation);

    private final RegionEngine engine;
    private final ServerId self;
    private final ReplicationSettings settings;
    private final ReplicationPort port;
    private final ReplicationObserver observer;
    private final Map<ServerId, Feed> feeds = new TreeMap<>(ORDER);
    private final Backlog backlog;
    private final HeldOutputs held = new HeldOutputs();
    private final Tagger tagger = new Tagger();
    private Configuration configuration;
    private @Nullable Standing told;
    private long coordinatorLeaseUntil = Long.MIN_VALUE;
    private @Nullable TickLog store;
    private long durableTick = NO_STORE;
    private long strongTick = NOTHING;
    private boolean logging;
    private long lastTick;
    private long lastChecksum;
    private long checksumTick = -1;
    private boolean suspended;

    /**
     * @param engine nobody else may step it from now on
     * @param self this process
     * @param number of the configuration that it begins with, which has no backup
     */
    public ReplicatedRegion(
            RegionEngine engine, ServerId self, long number, ReplicationSettings settings, ReplicationPort port) {
        this(engine, self, number, settings, port, ReplicationObserver.NONE);
    }

    /** As the other one, with somebody who is told what happens. */
    public ReplicatedRegion(
            RegionEngine engine,
            ServerId self,
            long number,
            ReplicationSettings settings,
            ReplicationPort port,
            ReplicationObserver observer) {
        this.engine = engine;
        this.self = self;
        this.settings = settings;
        this.port = port;
        this.observer = observer;
        this.configuration = Configuration.alone(number);
        this.backlog = new Backlog(settings.backlogBytes());
        this.lastTick = engine.tick();
    }

    /** The engine, for what neither steps it nor changes its state. */
    public RegionEngine engine() {
        return engine;
    }

    /** Which region this is. */
    public RegionId region() {
        return engine.region();
    }

    /** By which it goes. */
    public Configuration configuration() {
        return configuration;
    }

    // Who counts.

    /**
     * Goes by a newer configuration; one that is not newer changes nothing.
     *
     * @return the backups that it has had and has no longer, whose links are of no use
     */
    public List<ServerId> configure(Configuration newer, long nowNanos) {
        if (newer.number() < configuration.number()) {
            return List.of();
        }
        if (newer.number() == configuration.number()) {
            told = null;
            return List.of();
        }
        configuration = newer;
        told = null;
        List<ServerId> gone = new ArrayList<>(feeds.keySet());
        for (Configuration.Backup backup : newer.backups()) {
            gone.remove(backup.server());
            Feed feed = feeds.computeIfAbsent(backup.server(), Feed::new);
            feed.listed = backup.inSync();
            if (feed.listed) {
                feed.required = true;
                feed.joinsFrom = Feed.NOT_JOINING;
            } else if (feed.required) {
                strikeOff(feed, nowNanos);
            }
        }
        gone.forEach(feeds::remove);
        return gone;
    }

    private void strikeOff(Feed feed, long nowNanos) {
        if (isBehind(feed, nowNanos)) {
            feed.probationUntil = nowNanos + settings.probationNanos();
        }
        feed.required = false;
        feed.joinsFrom = Feed.NOT_JOINING;
    }

    private boolean isBehind(Feed feed, long nowNanos) {
        return feed.phase == Feed.Phase.EMPTY || nowNanos - feed.heardAt > settings.suspicionNanos();
    }

    /**
     * Until when the coordinator lets this process act for regions without a backup in sync.
     *
     * @param nanos of the clock of the other calls
     */
    public void coordinatorLease(long nanos) {
        coordinatorLeaseUntil = nanos;
    }

    /**
     * There is a store, which is told of each tick from the next one on. While no backup in sync is listed, what rests on a
     * strong entry of such a tick waits for {@link #durable}.
     */
    public void store(TickLog log) {
        store = log;
        if (durableTick == NO_STORE) {
            durableTick = NOTHING;
        }
    }

    /**
     * The store has the region up to that tick.
     *
     * @param out gets what has waited for it
     */
    public void durable(long tick, long nowNanos, RegionSink out) {
        if (store != null && tick > durableTick) {
            durableTick = tick;
            release(nowNanos, out);
        }
    }

    /** All of its state as of now, as {@link RegionEngine#save} gives it; a copy of it can apply the log of the next tick. */
    public byte[] snapshot() {
        byte[] state = engine.save();
        engine.startLog();
        return state;
    }

    /** True while this process may act for the region. */
    public boolean mayAct(long nowNanos) {
        boolean alone = true;
        for (Feed feed : feeds.values()) {
            alone &= !feed.listed;
            if (feed.required && nowNanos >= feed.leaseUntil) {
                return false;
            }
        }
        return !alone || nowNanos < coordinatorLeaseUntil;
    }

    /** How backups stand to it, if that has changed since the last call or a configuration has come; else null. */
    public @Nullable Standing news(long nowNanos) {
        List<ServerId> inSync = new ArrayList<>(feeds.size());
        List<ServerId> behind = new ArrayList<>(feeds.size());
        for (Feed feed : feeds.values()) {
            if (feed.required) {
                inSync.add(feed.backup);
                if (isBehind(feed, nowNanos)) {
                    behind.add(feed.backup);
                }
            }
        }
        Standing now = new Standing(configuration.number(), inSync, behind);
        if (now.equals(told)) {
            return null;
        }
        told = now;
        return now;
    }

    /** Stops between two ticks, for good or until {@link #resume}; backups are still asked for grants. */
    public void freeze() {
        engine.freeze();
    }

    /**
     * {@linkplain #freeze Stops}, for another process to go on.
     *
     * @return the tick that its copy is about to be at, and from which it can go on; empty if it is no backup in sync
     */
    public OptionalLong freezeFor(ServerId successor, long nowNanos) {
        freeze();
        Feed feed = feeds.get(successor);
        if (feed == null || !feed.required || feed.phase != Feed.Phase.FOLLOWING) {
            return OptionalLong.empty();
        }
        tagger.nowNanos = nowNanos;
        feed.pump(backlog, port, settings.chunkBytes(), tagger);
        return OptionalLong.of(lastTick);
    }

    /**
     * Goes on after {@link #freeze}, at a higher epoch: all links to backups are to be opened again.
     *
     * @param epoch at which it goes on: its own, or a higher one
     */
    public void resume(long epoch) {
        if (epoch > engine.epoch()) {
            feeds.values().forEach(Feed::unlink);
        }
        engine.resume(epoch);
        told = null;
    }

    // Ticks.

    /**
     * One tick if it may act; in any case backups are told what they have not been told, and asked to let it go on.
     *
     * @param out gets snapshots at once, all else when those that count have what it rests on
     * @return false if it may not act, or too much waits for the store
     */
    public boolean step(long nowNanos, RegionSink out) {
        tagger.nowNanos = nowNanos;
        boolean acts = mayAct(nowNanos) && !(waitsForStore() && held.size() >= MAX_HELD);
        if (acts) {
            suspended = false;
            tick(nowNanos, out);
        } else if (!suspended) {
            suspended = true;
            observer.suspended();
        }
        for (Feed feed : feeds.values()) {
            seedIfWanted(feed);
            if (!feed.pump(backlog, port, settings.chunkBytes(), tagger)) {
                feed.renew(tagger, port);
            }
            assess(feed, nowNanos);
        }
        trim();
        release(nowNanos, out);
        return acts;
    }

    private void tick(long nowNanos, RegionSink out) {
        setLogging();
        held.begin(engine.frozen() ? engine.tick() : engine.tick() + 1, holds(), out);
        engine.step(nowNanos, held);
        ByteBuffer log = engine.log();
        if (log.hasRemaining()) {
            lastTick = engine.tick();
            backlog.add(lastTick, ByteString.copyFrom(log));
            tellStore();
            if (lastTick % settings.checksumTicks() == 0) {
                checksumTick = lastTick;
                lastChecksum = engine.checksum();
            }
        } else {
            lastTick = engine.tick();
        }
    }

    private void tellStore() {
        if (engine.loggedStrong()) {
            strongTick = lastTick;
        }
        if (store != null) {
            store.logged(lastTick, engine.log(), waitsForStore() && strongTick > durableTick);
        }
    }

    private boolean holds() {
        // What the tick will do is not known yet: if it is nothing strong, its outputs leave at its end.
        if (waitsForStore()) {
            return true;
        }
        for (Feed feed : feeds.values()) {
            if (feed.gates()) {
                return true;
            }
        }
        return false;
    }

    private void setLogging() {
        boolean wanted = store != null || !feeds.isEmpty();
        if (wanted && !logging) {
            engine.startLog();
            backlog.restart(engine.tick() + 1);
        } else if (!wanted && logging) {
            engine.stopLog();
        }
        logging = wanted;
    }

    private void trim() {
        long needed = backlog.next();
        for (Feed feed : feeds.values()) {
            needed = Math.min(needed, feed.needs(backlog.next()));
        }
        backlog.trim(needed);
    }

    /** Only one that does not count: what it has may be all that there is, once this process is gone. */
    private void seedIfWanted(Feed feed) {
        if (feed.phase == Feed.Phase.EMPTY && !feed.required && logging) {
            feed.beginSeed(snapshot(), engine.tick(), port);
        }
    }

    /** Whether it has caught up, or does not keep up. */
    private void assess(Feed feed, long nowNanos) {
        if (feed.required || feed.phase != Feed.Phase.FOLLOWING) {
            return;
        }
        boolean silent = nowNanos - feed.heardAt > settings.suspicionNanos();
        if (feed.joinsFrom == Feed.NOT_JOINING) {
            if (!silent && feed.ackedTick >= lastTick - MAX_JOIN_LAG && nowNanos >= feed.probationUntil) {
                feed.joinsFrom = lastTick;
            }
        } else if (silent) {
            feed.joinsFrom = Feed.NOT_JOINING;
            feed.probationUntil = nowNanos + settings.probationNanos();
        }
        if (feed.joinsFrom != Feed.NOT_JOINING && feed.ackedTick >= feed.joinsFrom && nowNanos < feed.leaseUntil) {
            feed.required = true;
            feed.joinsFrom = Feed.NOT_JOINING;
        }
    }

    private boolean waitsForStore() {
        return durableTick != NO_STORE && configuration.inSync().isEmpty();
    }

    private void release(long nowNanos, RegionSink out) {
        if (held.size() == 0 || !mayAct(nowNanos)) {
            return;
        }
        long upTo = waitsForStore() && strongTick > durableTick ? durableTick : Long.MAX_VALUE;
        for (Feed feed : feeds.values()) {
            if (feed.gates()) {
                upTo = Math.min(upTo, feed.letsGo());
            }
        }
        held.release(upTo, out);
    }

    // Links.

    /**
     * There is a link to a backup.
     *
     * @param link a number of the caller's, never used twice
     */
    public void linked(ServerId backup, long link) {
        Feed feed = feeds.get(backup);
        if (feed == null) {
            return;
        }
        feed.unlink();
        feed.link = link;
        port.send(
                backup,
                link,
                ReplicationMessage.newBuilder()
                        .setHello(ReplicationHello.newBuilder()
                                .setRegionId(region().packed())
                                .setEpoch(engine.epoch())
                                .setAuthority(self.toProto())
                                .setBackup(backup.toProto())
                                .setLeaseMillis(settings.leaseMillis())
                                .setChecksumVersion(RegionEngine.CHECKSUM_VERSION))
                        .build());
    }

    /** A link takes more: what there is for it need not wait for the next tick. */
    public void ready(ServerId backup, long link, long nowNanos) {
        Feed feed = feeds.get(backup);
        if (feed != null && feed.link == link) {
            tagger.nowNanos = nowNanos;
            feed.pump(backlog, port, settings.chunkBytes(), tagger);
        }
    }

    /** A link has ended. */
    public void unlinked(ServerId backup, long link) {
        Feed feed = feeds.get(backup);
        if (feed != null && feed.link == link) {
            feed.unlink();
        }
    }

    /** A backup answers; what it has let go of leaves by {@code out}. */
    public void receive(ServerId backup, long link, ReplicationReply reply, long nowNanos, RegionSink out) {
        Feed feed = feeds.get(backup);
        if (feed == null || feed.link != link) {
            return;
        }
        switch (reply.getBodyCase()) {
            case WELCOME -> {
                long tick = reply.getWelcome().getTick();
                if (reply.getWelcome().getHasState() && backlog.goesOnFrom(tick)) {
                    feed.follow(tick);
                } else {
                    feed.phase = Feed.Phase.EMPTY;
                }
            }
            case ACK -> {
                long sequence = reply.getAck().getSequence();
                if (feed.acknowledged(sequence, settings.leaseNanos(), nowNanos)) {
                    observer.acknowledged(nowNanos - feed.sentAt(sequence));
                    assess(feed, nowNanos);
                    release(nowNanos, out);
                }
            }
            case GAP -> feed.resendAfter(reply.getGap().getTick());
            case SEED_WANTED -> {
                observer.diverged();
                feed.phase = Feed.Phase.EMPTY;
            }
            case REFUSED, BODY_NOT_SET -> feed.phase = Feed.Phase.AWAY;
        }
    }

    /** How it stands now; O(n) in the number of backups. */
    public ReplicationStats stats() {
        int inSync = 0;
        for (Feed feed : feeds.values()) {
            inSync += feed.required ? 1 : 0;
        }
        return new ReplicationStats(inSync, backlog.bytes(), held.size(), suspended);
    }

    private final class Tagger implements Feed.Tagger {
        private long sequence;
        private long nowNanos;

        @Override
        public void tag(long tick, ReplicationTick.Builder message) {
            if (tick == checksumTick) {
                message.setStateChecksum(lastChecksum);
            }
        }

        @Override
        public long nextSequence() {
            return ++sequence;
        }

        @Override
        public long nowNanos() {
            return nowNanos;
        }
    }
}
