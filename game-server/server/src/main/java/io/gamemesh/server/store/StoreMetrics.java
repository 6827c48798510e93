package io.gamemesh.server.store;

import io.gamemesh.core.store.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** The meters of a server's store. Thread-safe. */
public final class StoreMetrics {

    private final MeterRegistry registry;
    private final LongAdder backlogBytes = new LongAdder();
    private final DistributionSummary batchBytes;
    private final Counter droppedBytes;

    public StoreMetrics(MeterRegistry registry) {
        this.registry = registry;
        batchBytes = DistributionSummary.builder("store_batch_bytes")
                .description("Log of a region that was written to the store in one batch")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        droppedBytes = Counter.builder("store_dropped_bytes")
                .description("Log that was given up in favour of a snapshot, since too much was waiting")
                .register(registry);
        Gauge.builder("store_backlog_bytes", backlogBytes, LongAdder::sum)
                .description("Log that waits for the store or is on its way, of all regions")
                .register(registry);
    }

    /** @param operation a short name: claim, append, snapshot, load */
    void took(String operation, long nanos) {
        Timer.builder("store_write_seconds")
                .description("One operation of the store, from its transaction's begin to its end, repeats included")
                .tag("operation", operation)
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(StoreException.Reason reason) {
        Counter.builder("store_write_failures")
                .description("Operations of the store that failed, by reason; those that write are tried again")
                .tag("reason", reason.tag())
                .register(registry)
                .increment();
    }

    void conflicted() {
        Counter.builder("store_conflicts")
                .description("Transactions begun anew since another was in their way")
                .register(registry)
                .increment();
    }

    void refused(Refusal refusal) {
        String reason = switch (refusal) {
            case Refusal.Superseded _ -> "superseded";
            case Refusal.NotClaimed _ -> "not-claimed";
            case Refusal.NotContiguous _ -> "not-contiguous";
        };
        Counter.builder("store_refused")
                .description("Writes that the store has refused, by reason")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    void batch(int bytes) {
        batchBytes.record(bytes);
    }

    void dropped(long bytes) {
        droppedBytes.increment((double) bytes);
    }

    /** @param seconds asked by whoever reads the metrics */
    void lag(Supplier<Number> seconds) {
        Gauge.builder("store_lag_seconds", seconds)
                .description("For how long a tick has waited to be stored, the longest of all regions")
                .register(registry);
    }

    void backlog(long change) {
        backlogBytes.add(change);
    }
}
