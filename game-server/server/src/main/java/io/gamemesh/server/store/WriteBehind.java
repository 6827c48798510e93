package io.gamemesh.server.store;

import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.core.store.StoreWriterSettings;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store up to date behind the regions of a server, which never wait for it. One thread decides for all regions;
 * the store has its own. The methods are safe for any thread.
 */
public final class WriteBehind implements AutoCloseable {
    private static final int CLOSING_SECONDS = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    /** A region's state at the end of a tick, as {@code RegionEngine.save} gives it. */
    public record Snapshot(long tick, Bytes state) {}

    /** Told on the deciding thread, where nothing may wait. */
    public interface Listener {

        /** All of the region up to the end of this tick is durable. */
        void durable(long tick);

        /** The region is somebody else's. Nothing more of it is written. */
        void superseded(Refusal.Superseded refusal);
    }

    private final RegionStore store;
    private final StoreMetrics metrics;
    private final StoreWriterSettings settings;
    private final Consumer<Throwable> fatal;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<RegionWriter> writers = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("gamemesh-write-behind").daemon().factory());

    /**
     * Starts the thread.
     *
     * @param store not closed with this
     * @param fatal told when a region's writer cannot go on, which only a mistake in this program can lead to
     */
    public WriteBehind(
            RegionStore store, StoreMetrics metrics, StoreWriterSettings settings, Consumer<Throwable> fatal) {
        this.store = store;
        this.metrics = metrics;
        this.settings = settings;
        this.fatal = fatal;
        metrics.lag(this::lagSeconds);
    }

    /** Which regions are written how. */
    public sealed interface Beginning {

        /** The region is claimed at its epoch first, and then written from a snapshot on. */
        record Unclaimed() implements Beginning {}

        /**
         * It has been claimed.
         *
         * @param follows where the region's own history has been stored: what it was loaded from; null to begin with a
         *     snapshot
         */
        record Claimed(@Nullable LogPosition follows) implements Beginning {}
    }

    /**
     * Begins to write a region at this epoch.
     *
     * @param claimant as whom it was claimed, or is to be
     * @param snapshots asked on the deciding thread for the region's state now or a little later; answers elsewhere
     */
    public RegionWriter open(
            RegionId region,
            long epoch,
            ServerId claimant,
            Beginning beginning,
            Supplier<CompletableFuture<Snapshot>> snapshots,
            Listener listener) {
        RegionWriter writer = new RegionWriter(
                new RegionWriter.Name(region, epoch, claimant),
                beginning,
                settings,
                store,
                metrics,
                executor,
                snapshots,
                listener,
                fatal,
                writers::remove);
        writers.add(writer);
        writer.begin();
        return writer;
    }

    /** For how long a tick has waited to be stored, the longest of all regions, in seconds; 0 if none does. */
    private double lagSeconds() {
        return writers.stream().mapToLong(RegionWriter::lagNanos).max().orElse(0) / NANOS_PER_SECOND;
    }

    /**
     * What was logged so far of all regions is written as soon as may be.
     *
     * @return completed once that is done or will never be; as long as the store does not answer it is neither
     */
    public CompletableFuture<Void> flush() {
        return CompletableFuture.allOf(writers.stream().map(RegionWriter::flush).toArray(CompletableFuture<?>[]::new));
    }

    /** Writes nothing more, and says so to those who wait; {@link RegionWriter#flush} before it. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        writers.forEach(RegionWriter::close);
        // Only then: writers that are not closed yet may want to be woken later.
        executor.execute(executor::shutdown);
        try {
            boolean _ = executor.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
