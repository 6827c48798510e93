package io.gamemesh.server.metrics;

import io.gamemesh.core.replication.ReplicationObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what happens to the replication of all regions that this server acts for. Thread-safe. */
public final class ReplicationMetrics implements ReplicationObserver {
    private final Counter suspensions;
    private final Counter divergences;
    private final DistributionSummary latency;

    public ReplicationMetrics(MeterRegistry registry) {
        suspensions = Counter.builder("replication_suspensions")
                .description(
                        "Times that a region stood still, since the lease of a backup or of the coordinator had run out")
                .register(registry);
        divergences = Counter.builder("replication_divergences")
                .description("Copies on backups that were found to be other than they should be, and were seeded anew")
                .register(registry);
        latency = ServerMetrics.summary(
                        "replication_latency_ms", "From the beginning of a tick until a backup has acknowledged it")
                .serviceLevelObjectives(ServerMetrics.TICK_BUCKETS)
                .register(registry);
    }

    @Override
    public void suspended() {
        suspensions.increment();
    }

    @Override
    public void diverged() {
        divergences.increment();
    }

    @Override
    public void acknowledged(long nanos) {
        latency.record(ServerMetrics.millis(nanos));
    }
}
