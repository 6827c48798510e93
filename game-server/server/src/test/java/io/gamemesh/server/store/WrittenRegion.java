package io.gamemesh.server.store;

import static io.gamemesh.server.store.StoreFixture.ANN;
import static io.gamemesh.server.store.StoreFixture.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.core.store.StoreWriterSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A region at epoch 1 that does nothing but tick, with a store written behind it. */
final class WrittenRegion implements AutoCloseable {

    static final long BACKLOG_BYTES = 8000;

    private static final StoreWriterSettings SETTINGS = new StoreWriterSettings(
            Duration.ofMillis(20), 2000, 200, 100_000, BACKLOG_BYTES, Duration.ofMillis(20), Duration.ofMillis(200));

    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private final AtomicReference<Refusal> superseded = new AtomicReference<>();
    private final AtomicLong durable = new AtomicLong(-1);
    private final AtomicLong tick = new AtomicLong();
    private final WriteBehind behind;
    private @Nullable RegionWriter writer;

    WrittenRegion(StoreFixture mesh) {
        behind = new WriteBehind(mesh.store, new StoreMetrics(mesh.registry), SETTINGS, fatal::set);
    }

    void open(@Nullable LogPosition follows) {
        writer = behind.open(
                REGION,
                1,
                ANN,
                new WriteBehind.Beginning.Claimed(follows),
                () -> CompletableFuture.supplyAsync(() -> {
                    long now = tick.get();
                    return new WriteBehind.Snapshot(now, StoreFixture.state(1, now));
                }),
                new WriteBehind.Listener() {
                    @Override
                    public void durable(long to) {
                        assertThat(durable.getAndSet(to)).isLessThan(to);
                    }

                    @Override
                    public void superseded(Refusal.Superseded refusal) {
                        superseded.set(refusal);
                    }
                });
    }

    RegionWriter writer() {
        return Objects.requireNonNull(writer);
    }

    void run(int ticks) {
        for (int i = 0; i < ticks; i++) {
            long ended = tick.incrementAndGet();
            writer().logged(ended, StoreFixture.log(1, ended), ended % 50 == 0);
        }
    }

    boolean flush() {
        try {
            return writer().flush().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** That it is what the region has been, up to its last tick. */
    void assertStored(StoredRegion.Contents stored) {
        long from = stored.snapshotTick();
        assertThat(stored.snapshot()).isEqualTo(StoreFixture.state(1, from));
        assertThat(stored.log()).isEqualTo(StoreFixture.logs(1, from + 1, tick.get()));
        assertThat(durable.get()).isEqualTo(tick.get());
    }

    AtomicReference<Throwable> fatal() {
        return fatal;
    }

    @Nullable Refusal superseded() {
        return superseded.get();
    }

    @Override
    public void close() {
        behind.close();
    }
}
