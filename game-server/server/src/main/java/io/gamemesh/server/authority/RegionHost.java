package io.gamemesh.server.authority;

import io.gamemesh.core.authority.Origin;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.core.replication.Configuration;
import io.gamemesh.core.replication.ReplicatedRegion;
import io.gamemesh.core.replication.ReplicationObserver;
import io.gamemesh.core.replication.ReplicationSettings;
import io.gamemesh.core.replication.Standing;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.replication.BackupStreams;
import io.gamemesh.server.replication.SharedChannels;
import io.gamemesh.server.store.RegionStore;
import io.gamemesh.server.store.RegionWriter;
import io.gamemesh.server.store.WriteBehind;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.MeshView;
import io.gamemesh.server.world.RegionTicker;
import io.gamemesh.server.world.TickBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs engines and stops them. All but {@link #restore} is for the authority's thread. */
public final class RegionHost {

    /** What every engine of this server is made with. */
    public record Plan(
            WorldGeometry geometry,
            Blocks blocks,
            Generator generator,
            int tickRate,
            RegionSettings.Limits limits,
            RegionSettings.Wildlife wildlife,
            RegionSettings.Items items,
            ReplicationSettings replication,
            int mailbox) {

        /**
         * What a region's engine is told.
         *
         * @throws IllegalArgumentException if the region is not one of this world
         */
        public RegionSettings settings(RegionId region) {
            return new RegionSettings(geometry, region, blocks, generator, tickRate, limits, wildlife, items);
        }

        /** Metres within which players see entities and terrain, in any region. */
        public int viewRadius() {
            return settings(geometry.regionAt(somewhere(), 0)).viewRadius();
        }

        private Vec3 somewhere() {
            return geometry.bounds() == null ? Vec3.ZERO : geometry.bounds().min();
        }
    }

    private final Plan plan;
    private final MeshView view;
    private final HostedRegions regions;
    private final RegionTicker ticker;
    private final Consumer<TickBatch> players;
    private final Consumer<PeerMessage> peers;
    private final ReplicationParts replication;
    private final @Nullable StoreParts store;
    private final Map<RegionId, BackupStreams> streams = new HashMap<>();
    private final Map<RegionId, RegionRecovery> recoveries = new HashMap<>();
    private final Map<RegionId, RegionWriter> writers = new HashMap<>();
    private final AtomicLong coordinatorLease = new AtomicLong(Long.MIN_VALUE);

    /**
     * What regions tell their backups by.
     *
     * @param executor the authority's thread
     * @param standings told on that thread how backups stand to a region of that epoch
     * @param observer told what happens to the replication of any region, on any thread
     */
    public record ReplicationParts(
            SharedChannels channels,
            ScheduledExecutorService executor,
            StandingListener standings,
            ReplicationObserver observer) {}

    /**
     * What keeps regions beyond the life of this server.
     *
     * @param writers of that store
     * @param executor the authority's thread
     * @param workers for what takes a while
     * @param listener told on that thread
     */
    public record StoreParts(
            RegionStore store,
            WriteBehind writers,
            ScheduledExecutorService executor,
            Executor workers,
            StoreListener listener) {}

    /** Hears what the store says of regions that are to act here, or do. */
    public interface StoreListener {

        /** The region does not begin yet, for that reason. */
        void waiting(RegionId region, long epoch, String reason);

        /** Somebody else has it, by the store: this server must not act for it at that epoch. */
        void superseded(RegionId region, long epoch, Refusal.Superseded refusal);
    }

    /** Told when a region that was to start acts. */
    @FunctionalInterface
    interface StartListener {
        void started(Origin origin);
    }

    /** Hears how backups stand to regions. */
    @FunctionalInterface
    public interface StandingListener {
        /** They stand otherwise than before. */
        void changed(RegionId region, long epoch, Standing standing);
    }

    /** @param store null if nothing keeps the world */
    public RegionHost(
            Plan plan,
            MeshView view,
            HostedRegions regions,
            RegionTicker ticker,
            Consumer<TickBatch> players,
            Consumer<PeerMessage> peers,
            ReplicationParts replication,
            @Nullable StoreParts store) {
        this.store = store;
        this.plan = plan;
        this.view = view;
        this.regions = regions;
        this.ticker = ticker;
        this.players = players;
        this.peers = peers;
        this.replication = replication;
    }

    /** Until when the coordinator lets this process act for regions without a backup in sync, by {@link System#nanoTime}. */
    void coordinatorLease(long nanos) {
        coordinatorLease.set(nanos);
    }

    /** An engine from a region's state; any thread. */
    public RegionEngine restore(RegionId region, long epoch, byte[] state) throws RegionStateException {
        return RegionEngine.restore(plan.settings(region), epoch, state);
    }

    /**
     * Runs a region from what the store has of it, or as generated where there is none. With a store that takes a while,
     * until {@link #cancelStart} at the longest.
     *
     * @throws IllegalArgumentException if the region is not one of this world
     */
    void start(RegionId region, long epoch, long configuration, StartListener started) {
        RegionSettings settings = plan.settings(region);
        StoreParts parts = store;
        if (parts == null) {
            run(RegionEngine.fresh(settings, epoch), configuration);
            started.started(Origin.GENERATED);
            return;
        }
        RegionRecovery recovery = new RegionRecovery(
                parts.store(),
                settings,
                epoch,
                self(region),
                parts.executor(),
                parts.workers(),
                new RegionRecovery.Listener() {
                    @Override
                    public void recovered(RegionEngine engine, Origin origin) {
                        recoveries.remove(region);
                        // Neighbours may know more of it than it does itself: what was stored is not gone on from.
                        run(engine, configuration, new WriteBehind.Beginning.Claimed(null));
                        started.started(origin);
                    }

                    @Override
                    public void waiting(String reason) {
                        parts.listener().waiting(region, epoch, reason);
                    }

                    @Override
                    public void superseded(Refusal.Superseded refusal) {
                        recoveries.remove(region);
                        parts.listener().superseded(region, epoch, refusal);
                    }
                });
        recoveries.put(region, recovery);
        recovery.begin();
    }

    /**
     * The region is not to start any more.
     *
     * @return false if it was not about to
     */
    boolean cancelStart(RegionId region) {
        RegionRecovery recovery = recoveries.remove(region);
        if (recovery != null) {
            recovery.cancel();
        }
        return recovery != null;
    }

    private ServerId self(RegionId region) {
        ServerId self = view.self();
        if (self == null) {
            throw new IllegalStateException("region " + region + " is to run before this process has a number");
        }
        return self;
    }

    /** As {@link #run(RegionEngine, long, WriteBehind.Beginning)}; nobody has claimed it yet at its epoch. */
    void run(RegionEngine engine, long configuration) {
        run(engine, configuration, new WriteBehind.Beginning.Unclaimed());
    }

    /**
     * @param configuration number of the configuration that the region begins with, which has no backup
     */
    private void run(RegionEngine engine, long configuration, WriteBehind.Beginning beginning) {
        RegionId region = engine.region();
        ServerId self = self(region);
        long epoch = engine.epoch();
        StreamListener listener = new StreamListener();
        BackupStreams ways = new BackupStreams(region, replication.channels(), replication.executor(), listener);
        streams.put(region, ways);
        HostedRegion hosted = new HostedRegion(
                new ReplicatedRegion(engine, self, configuration, plan.replication(), ways, replication.observer()),
                plan.mailbox(),
                coordinatorLease::get,
                players,
                peers,
                standing -> replication
                        .executor()
                        .execute(() -> replication.standings().changed(region, hosted(region, epoch), standing)));
        listener.region = hosted;
        write(hosted, epoch, beginning);
        hosted.postSurely(new RegionInput.MapChanged(view.leaves()));
        regions.add(hosted);
        ticker.add(hosted);
    }

    /** From the next tick on the store is kept up to date behind the region at this epoch. */
    private void write(HostedRegion hosted, long epoch, WriteBehind.Beginning beginning) {
        StoreParts parts = store;
        if (parts == null) {
            return;
        }
        RegionId region = hosted.id();
        RegionWriter writer = parts.writers()
                .open(
                        region,
                        epoch,
                        self(region),
                        beginning,
                        () -> CompletableFuture.supplyAsync(() -> snapshot(hosted), parts.workers()),
                        new WriteBehind.Listener() {
                            @Override
                            public void durable(long tick) {
                                hosted.durable(tick);
                            }

                            @Override
                            public void superseded(Refusal.Superseded refusal) {
                                parts.executor().execute(() -> parts.listener().superseded(region, epoch, refusal));
                            }
                        });
        RegionWriter before = writers.put(region, writer);
        if (before != null) {
            before.close();
        }
        hosted.between(replicated -> {
            replicated.store((tick, log, awaited) -> writer.logged(tick, Bytes.copyOf(log), awaited));
            return region;
        });
    }

    private static WriteBehind.Snapshot snapshot(HostedRegion hosted) {
        return hosted.between(replicated ->
                new WriteBehind.Snapshot(replicated.engine().tick(), Bytes.copyOf(replicated.snapshot())));
    }

    /** What the region has done so far is written as soon as may be. */
    void flush(RegionId region) {
        RegionWriter writer = writers.get(region);
        if (writer != null) {
            CompletableFuture<Boolean> _ = writer.flush();
        }
    }

    /**
     * The region's engine.
     *
     * @throws IllegalStateException if the region's engine does not run here
     */
    HostedRegion hosted(RegionId region) {
        HostedRegion hosted = regions.get(region);
        if (hosted == null) {
            throw new IllegalStateException("region " + region + " is not hosted here");
        }
        return hosted;
    }

    /** When this returns the engine is not stepped any more, and nobody finds it. */
    HostedRegion drop(RegionId region) {
        HostedRegion hosted = hosted(region);
        hosted.stop();
        BackupStreams ways = streams.remove(region);
        if (ways != null) {
            ways.close();
        }
        RegionWriter writer = writers.remove(region);
        if (writer != null) {
            writer.close();
        }
        regions.remove(hosted);
        return hosted;
    }

    private long hosted(RegionId region, long begun) {
        HostedRegion hosted = regions.get(region);
        return hosted == null ? begun : hosted.epoch();
    }

    /** The region goes by this configuration from now on, if it is newer. */
    void configure(RegionId region, Configuration configuration, Map<ServerId, String> addresses) {
        BackupStreams ways = streams.get(region);
        if (ways != null) {
            hosted(region).later(replicated -> replicated.configure(configuration, System.nanoTime()));
            ways.configure(configuration, addresses);
        }
    }

    /** The region goes on at this epoch. */
    void resume(RegionId region, long epoch) {
        HostedRegion hosted = hosted(region);
        boolean anew = epoch > hosted.epoch();
        hosted.between(replicated -> {
            replicated.resume(epoch);
            return epoch;
        });
        if (anew) {
            write(hosted, epoch, new WriteBehind.Beginning.Unclaimed());
        }
        BackupStreams ways = streams.get(region);
        if (anew && ways != null) {
            ways.restart();
        }
    }

    /** Hands what comes over streams to the region, which takes it between two ticks. */
    private static final class StreamListener implements BackupStreams.Listener {
        private @Nullable HostedRegion region;

        private void later(Consumer<ReplicatedRegion> task) {
            HostedRegion hosted = region;
            if (hosted != null) {
                hosted.later(task);
            }
        }

        @Override
        public void linked(ServerId backup, long link) {
            later(replicated -> replicated.linked(backup, link));
        }

        @Override
        public void unlinked(ServerId backup, long link) {
            later(replicated -> replicated.unlinked(backup, link));
        }

        @Override
        public void ready(ServerId backup, long link) {
            later(replicated -> replicated.ready(backup, link, System.nanoTime()));
        }

        @Override
        public void replied(ServerId backup, long link, ReplicationReply reply) {
            HostedRegion hosted = region;
            if (hosted != null) {
                hosted.replied(backup, link, reply);
            }
        }
    }

    /** When this returns no engine is stepped any more, and none begins. */
    void abandonAll() {
        recoveries.values().forEach(RegionRecovery::cancel);
        recoveries.clear();
        regions.all().forEach(HostedRegion::abandon);
    }

    void mapChanged(LeafMap map) {
        view.leaves(map);
        for (HostedRegion region : regions.all()) {
            region.postSurely(new RegionInput.MapChanged(map));
        }
    }
}
