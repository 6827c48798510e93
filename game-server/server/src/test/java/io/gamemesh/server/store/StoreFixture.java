package io.gamemesh.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.store.RegionStore.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A store of a mesh of its own, so that tests share a database and nothing in it; and what to put into it. */
final class StoreFixture implements AutoCloseable {

    static final RegionId REGION = RegionId.of(0, 1, -2, 3);
    static final ServerId ANN = new ServerId("demo-0", 1);
    static final ServerId BOB = new ServerId("demo-1", 2);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final String mesh;
    final JdbcRegionStore store;

    StoreFixture(Path secret) {
        this(secret, UUID.randomUUID().toString(), 4);
    }

    StoreFixture(Path secret, String mesh, int connections) {
        this.mesh = mesh;
        try {
            store = new JdbcRegionStore(
                    "default",
                    mesh,
                    new JdbcRegionStore.Settings(secret, connections, Duration.ofSeconds(5)),
                    new StoreMetrics(registry));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The log of a tick, told from any other. */
    static Bytes log(long epoch, long tick) {
        return Bytes.copyOf(ByteBuffer.allocate(16).putLong(epoch).putLong(tick).flip());
    }

    static List<Bytes> logs(long epoch, long first, long last) {
        List<Bytes> logs = new ArrayList<>();
        for (long tick = first; tick <= last; tick++) {
            logs.add(log(epoch, tick));
        }
        return logs;
    }

    static Bytes state(long epoch, long tick, int size) {
        return Bytes.copyOf(
                ByteBuffer.allocate(size + 16).putLong(epoch).putLong(tick).rewind());
    }

    static Bytes state(long epoch, long tick) {
        return state(epoch, tick, 100);
    }

    static LogPosition at(long epoch, long tick) {
        return new LogPosition(epoch, tick);
    }

    static <T> T answer(CompletableFuture<T> future) throws StoreException {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    Outcome claim(long epoch, ServerId server) throws StoreException {
        return answer(store.claim(REGION, epoch, server));
    }

    Outcome append(long epoch, LogPosition after, long last) throws StoreException {
        return answer(store.append(
                REGION, epoch, after, LogBatch.of(after.tick() + 1, logs(epoch, after.tick() + 1, last))));
    }

    Outcome snapshot(long epoch, long tick) throws StoreException {
        return answer(store.snapshot(REGION, epoch, tick, state(epoch, tick)));
    }

    StoredRegion load() throws StoreException {
        return answer(store.load(REGION));
    }

    StoredRegion.Contents contents() throws StoreException {
        StoredRegion.Contents contents = load().contents();
        assertThat(contents).isNotNull();
        return Objects.requireNonNull(contents);
    }

    static void assertDone(Outcome outcome) {
        assertThat(outcome).isEqualTo(new Outcome.Done());
    }

    static void assertRefused(Outcome outcome, Refusal refusal) {
        assertThat(outcome).isEqualTo(new Outcome.Refused(refusal));
    }

    /** Claimed by Ann at epoch 1, a snapshot of tick 10, and the log of ticks 11 to 20. */
    StoreFixture begun() throws StoreException {
        assertDone(claim(1, ANN));
        assertDone(snapshot(1, 10));
        assertDone(append(1, at(1, 10), 20));
        return this;
    }

    @Override
    public void close() {
        store.close();
    }
}
