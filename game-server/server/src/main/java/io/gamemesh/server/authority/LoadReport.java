package io.gamemesh.server.authority;

import io.gamemesh.core.region.RegionStats;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.RegionLoad;
import io.gamemesh.protocol.v1.ServerLoad;
import io.gamemesh.server.metrics.ProcessLoad;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.metrics.TickWindow;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.RegionTicker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** Measures this server once a second, for heartbeats and meters. Sampled by one thread; the figures are for any. */
public final class LoadReport {
    /** A gigabit; what a pod really gets is not known to it. */
    private static final long BANDWIDTH_BYTES_PER_SECOND = 125_000_000;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double P99 = 0.99;

    private final ProcessLoad process;
    private final TickWindow window;
    private final RegionTicker ticker;
    private final HostedRegions regions;
    private final ServerMetrics metrics;
    private final IntSupplier players;
    private final int maxPlayers;

    private Map<RegionId, Long> lastRegionBytes = Map.of();
    private volatile Map<RegionId, Long> regionBytesPerSecond = Map.of();
    private volatile double ticksPerSecond;
    private volatile long sentPerSecond;
    private volatile long receivedPerSecond;
    private long lastNanos;
    private long lastTicks;
    private double lastSent;
    private double lastReceived;

    public LoadReport(
            ProcessLoad process,
            TickWindow window,
            RegionTicker ticker,
            HostedRegions regions,
            ServerMetrics metrics,
            IntSupplier players,
            int maxPlayers,
            long nowNanos) {
        this.process = process;
        this.window = window;
        this.ticker = ticker;
        this.regions = regions;
        this.metrics = metrics;
        this.players = players;
        this.maxPlayers = maxPlayers;
        this.lastNanos = nowNanos;
    }

    /** Measures the time since the last sample. */
    public void sample(long nowNanos) {
        double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
        if (seconds <= 0) {
            return;
        }
        lastNanos = nowNanos;
        process.sample(nowNanos);
        long ticks = ticker.ticks();
        int count = regions.size();
        ticksPerSecond = count == 0 ? 0 : (ticks - lastTicks) / seconds / count;
        lastTicks = ticks;
        sentPerSecond = Math.round((metrics.bytesSent() - lastSent) / seconds);
        lastSent = metrics.bytesSent();
        receivedPerSecond = Math.round((metrics.bytesReceived() - lastReceived) / seconds);
        lastReceived = metrics.bytesReceived();
        sampleRegions(seconds);
    }

    private void sampleRegions(double seconds) {
        Map<RegionId, Long> bytes = new HashMap<>();
        Map<RegionId, Long> rates = new HashMap<>();
        for (HostedRegion region : regions.all()) {
            long sent = region.sentBytes();
            bytes.put(region.id(), sent);
            rates.put(region.id(), Math.round((sent - lastRegionBytes.getOrDefault(region.id(), 0L)) / seconds));
        }
        lastRegionBytes = bytes;
        regionBytesPerSecond = Map.copyOf(rates);
    }

    /** Ticks a second of the regions, on average, within the last second. */
    public double ticksPerSecond() {
        return ticksPerSecond;
    }

    /** CPU and memory. */
    public ProcessLoad process() {
        return process;
    }

    /** What this server can take. */
    public Capacity capacity() {
        return Capacity.newBuilder()
                .setMaxPlayers(maxPlayers)
                .setCpuMillis(process.cpuMillis())
                .setMemoryBytes(process.memoryLimit())
                .setBandwidthBytesPerSecond(BANDWIDTH_BYTES_PER_SECOND)
                .build();
    }

    Heartbeat heartbeat(long sequence) {
        double period = ticker.periodNanos();
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder()
                .setSequence(sequence)
                .setLoad(ServerLoad.newBuilder()
                        .setPlayers(players.getAsInt())
                        .setCpu(process.cpu())
                        .setMemory(process.memory())
                        .setTick(window.quantile(P99) / period)
                        .setBytesSentPerSecond(sentPerSecond)
                        .setBytesReceivedPerSecond(receivedPerSecond));
        for (HostedRegion region : regions.all()) {
            RegionStats stats = region.stats();
            heartbeat.addRegions(RegionLoad.newBuilder()
                    .setRegionId(region.id().packed())
                    .setEpoch(region.epoch())
                    .setPlayers(stats.players())
                    .setEntities(stats.entities())
                    .setTick(region.tickNanos() / period)
                    .setBytesPerSecond(regionBytesPerSecond.getOrDefault(region.id(), 0L))
                    .setTickNumber(stats.tick()));
        }
        return heartbeat.build();
    }
}
