package io.gamemesh.server.store;

import static io.gamemesh.server.store.StoreFixture.ANN;
import static io.gamemesh.server.store.StoreFixture.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.core.store.StoreWriterSettings;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs the writers, before a store that never answers. */
class WriteBehindTest {

    private static final StoreWriterSettings SETTINGS = new StoreWriterSettings(
            Duration.ofSeconds(1), 1000, 1000, 10_000, 2000, Duration.ofMillis(100), Duration.ofSeconds(1));

    private static final class SilentStore implements RegionStore {

        @Override
        public CompletableFuture<Outcome> claim(RegionId region, long epoch, ServerId claimant) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<StoredRegion> load(RegionId region) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Outcome> append(RegionId region, long epoch, LogPosition after, LogBatch batch) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Outcome> snapshot(RegionId region, long epoch, long tick, Bytes state) {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WriteBehind behind =
            new WriteBehind(new SilentStore(), new StoreMetrics(registry), SETTINGS, failure -> {
                throw new AssertionError(failure);
            });

    @AfterEach
    void close() {
        behind.close();
    }

    private RegionWriter open() {
        RegionWriter writer = behind.open(
                REGION,
                1,
                ANN,
                new WriteBehind.Beginning.Claimed(new LogPosition(1, 10)),
                CompletableFuture::new,
                new WriteBehind.Listener() {
                    @Override
                    public void durable(long tick) {
                        throw new AssertionError("tick " + tick + " cannot be durable");
                    }

                    @Override
                    public void superseded(Refusal.Superseded refusal) {
                        throw new AssertionError(refusal.message());
                    }
                });
        writer.logged(11, Bytes.copyOf(new byte[100]), true);
        return writer;
    }

    @Test
    void tellsThoseWhoWaitForAFlushThatItIsClosed() {
        CompletableFuture<Boolean> flush = open().flush();

        behind.close();

        assertThat(flush).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
        assertThat(registry.get("store_backlog_bytes").gauge().value()).isZero();
    }

    @Test
    void tellsThoseWhoWaitForAFlushThatItsRegionIsClosed() {
        RegionWriter writer = open();
        CompletableFuture<Boolean> flush = writer.flush();

        writer.close();

        assertThat(flush).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
        assertThat(writer.flush()).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
    }

    @Test
    void takesAFlushForLostOnceItIsClosed() {
        RegionWriter writer = open();

        behind.close();

        assertThat(writer.flush()).isCompletedWithValue(false);
    }
}
