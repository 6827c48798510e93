package io.gamemesh.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The meters of one game server. Names are those that dashboards, alerts and autoscaling know, so they carry their unit
 * and do not change. Thread-safe.
 */
public final class ServerMetrics {
    private static final double[] PERCENTILES = {0.5, 0.99, 0.999};
    /** Milliseconds; fine round the limits that ticks are held to. */
    static final double[] TICK_BUCKETS = {
        0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7.5, 10, 12.5, 15, 20, 25, 30, 40, 50, 75, 100, 150, 250, 500,
        1000
    };

    /** Bytes a second; what a player may be sent at most is in the middle. */
    private static final double[] RATE_BUCKETS = {
        500, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 35_000, 50_000, 75_000, 100_000, 200_000, 500_000
    };

    private final MeterRegistry registry;
    // What is counted with each datagram is added up here and read at each scrape: a counter of a composite registry
    // takes ten times as long.
    private final LongAdder bytesSent;
    private final LongAdder bytesReceived;
    private final Counter packetsDropped;
    private final DistributionSummary tickDuration;
    private final DistributionSummary tickLateness;
    private final DistributionSummary tickDelivery;
    private final DistributionSummary physicsStep;
    private final DistributionSummary transferDuration;
    private final DistributionSummary roundTrip;
    private final LongAdder transfers = new LongAdder();
    private final LongAdder transferFailures = new LongAdder();
    private final LongAdder[] bytesOfSent;
    private final LongAdder[] messagesSent;
    private final LongAdder[] bytesOfReceived;
    private final LongAdder[] messagesReceived;
    private final DistributionSummary playerSentRate;
    private final DistributionSummary playerReceivedRate;
    private final ConcurrentMap<String, Counter> refusals = new ConcurrentHashMap<>();

    public ServerMetrics(MeterRegistry registry) {
        this.registry = registry;
        bytesSent = counted("bytes_sent", "Bytes of UDP payload sent to players");
        bytesReceived = counted("bytes_received", "Bytes of UDP payload received on the players' port");
        packetsDropped = Counter.builder("packets_dropped")
                .description("Packets and datagrams dropped: not QUIC, malformed, or no room in a queue")
                .register(registry);
        bytesOfSent = byKind("message_bytes_sent", "Bytes of messages and datagrams to players, before encryption");
        messagesSent = byKind("messages_sent", "Messages and datagrams to players");
        bytesOfReceived =
                byKind("message_bytes_received", "Bytes of messages and datagrams of players, after decryption");
        messagesReceived = byKind("messages_received", "Messages and datagrams of players");
        playerSentRate = summary("player_sent_bytes_per_second", "What a player was sent in a second, each second")
                .serviceLevelObjectives(RATE_BUCKETS)
                .register(registry);
        playerReceivedRate = summary("player_received_bytes_per_second", "What a player has sent in a second")
                .serviceLevelObjectives(RATE_BUCKETS)
                .register(registry);
        tickDuration = summary(
                        "tick_duration_ms", "One tick of one region, from its mailbox to what it has for players")
                .serviceLevelObjectives(TICK_BUCKETS)
                .register(registry);
        tickLateness = summary("tick_lateness_ms", "How long after its deadline a tick began")
                .serviceLevelObjectives(TICK_BUCKETS)
                .register(registry);
        tickDelivery = summary("tick_delivery_ms", "From the end of a tick until all that it has for players is sent")
                .serviceLevelObjectives(TICK_BUCKETS)
                .register(registry);
        physicsStep =
                summary("physics_step_ms", "One step of one region's engine").register(registry);
        transferDuration = summary(
                        "authority_transfer_duration_ms", "From freezing a region until its target has accepted it")
                .register(registry);
        roundTrip = summary("inter_server_latency_ms", "Round trips to the servers linked to, one a second each")
                .serviceLevelObjectives(TICK_BUCKETS)
                .register(registry);
        // Gauges: as counters their names would have to end in _total.
        Gauge.builder("authority_transfer_count", transfers, LongAdder::sum)
                .description("Regions handed over to another server since the start")
                .register(registry);
        Gauge.builder("authority_transfer_failures", transferFailures, LongAdder::sum)
                .description("Hand-overs refused or of unknown outcome since the start")
                .register(registry);
    }

    private LongAdder counted(String name, String description, String... tags) {
        LongAdder sum = new LongAdder();
        FunctionCounter.builder(name, sum, LongAdder::sum)
                .description(description)
                .tags(tags)
                .register(registry);
        return sum;
    }

    private LongAdder[] byKind(String name, String description) {
        MessageKind[] kinds = MessageKind.values();
        LongAdder[] sums = new LongAdder[kinds.length];
        for (MessageKind kind : kinds) {
            sums[kind.place()] = counted(name, description, "kind", kind.tag());
        }
        return sums;
    }

    static DistributionSummary.Builder summary(String name, String description) {
        return DistributionSummary.builder(name)
                .description(description)
                .publishPercentiles(PERCENTILES)
                .distributionStatisticExpiry(Duration.ofMinutes(1))
                .distributionStatisticBufferLength(4);
    }

    /** Publishes the value of {@code source} at each scrape; {@code source} must not block. */
    public void gauge(String name, String description, Supplier<Number> source) {
        Gauge.builder(name, source)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** {@code reason} is one of a fixed set of short names, never something that a stranger sent. */
    public void refused(String reason) {
        refused(reason, 1);
    }

    /** A packet was dropped because of what it is. */
    public void refusedPacket(String reason) {
        dropped(1);
        refused(reason);
    }

    /** As {@link #refused(String)}, {@code count} times. */
    public void refused(String reason, long count) {
        refusals.computeIfAbsent(
                        reason,
                        r -> Counter.builder("inputs_refused")
                                .description("Connections, messages and inputs refused, by reason")
                                .tag("reason", r)
                                .register(registry))
                .increment((double) count);
    }

    public void sent(int bytes) {
        bytesSent.add(bytes);
    }

    public void received(int bytes) {
        bytesReceived.add(bytes);
    }

    void messageSent(MessageKind kind, int bytes) {
        count(messagesSent, bytesOfSent, kind, bytes);
    }

    void messageReceived(MessageKind kind, int bytes) {
        count(messagesReceived, bytesOfReceived, kind, bytes);
    }

    private static void count(LongAdder[] messages, LongAdder[] bytes, MessageKind kind, int length) {
        messages[kind.place()].increment();
        bytes[kind.place()].add(length);
    }

    /** What one player was sent and has sent in the last second or so, bytes a second. */
    void playerRates(double sent, double received) {
        playerSentRate.record(sent);
        playerReceivedRate.record(received);
    }

    public void dropped(int packets) {
        packetsDropped.increment(packets);
    }

    public double bytesSent() {
        return bytesSent.sum();
    }

    public double bytesReceived() {
        return bytesReceived.sum();
    }

    public void tick(long durationNanos, long latenessNanos) {
        tickDuration.record(millis(durationNanos));
        tickLateness.record(millis(latenessNanos));
    }

    public void delivered(long nanos) {
        tickDelivery.record(millis(nanos));
    }

    public void physicsStep(long nanos) {
        physicsStep.record(millis(nanos));
    }

    public void transferred(long nanos) {
        transfers.increment();
        transferDuration.record(millis(nanos));
    }

    /** A peer has answered after so long. */
    public void roundTrip(long nanos) {
        roundTrip.record(millis(nanos));
    }

    public void transferFailed() {
        transferFailures.increment();
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }
}
