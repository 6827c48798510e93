package io.gamemesh.server.store;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.store.StoreException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * A store in PostgreSQL or CockroachDB, over JDBC: each operation is one transaction, on one of a few threads of its own
 * with a connection each. Tables are made before the first of them; no database need be there until then.
 */
public final class JdbcRegionStore implements RegionStore {
    private static final Logger LOG = Logger.getLogger(JdbcRegionStore.class);
    /** Operations that may wait for a thread: many more than regions of a server. */
    private static final int QUEUE = 16_384;
    /** Transactions that others have been in the way of; then whoever wants it may try again. */
    private static final int MOST_TRIES = 12;

    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 500;
    private static final int CLOSING_SECONDS = 5;

    private final String mesh;
    private final StoreCredentials credentials;
    private final StorePool pool;
    private final StoreSchema schema;
    private final StoreMetrics metrics;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock migration = new ReentrantLock();
    private volatile boolean migrated;

    /**
     * How to reach the database.
     *
     * @param directory has the files {@code url}, {@code username} and {@code password}
     * @param connections threads and connections, 1 to 64
     * @param timeout for a connection and for each answer of the database, 1 s to 1 h; fractions of a second do not count
     */
    public record Settings(Path directory, int connections, Duration timeout) {
        private static final int MOST_CONNECTIONS = 64;
        private static final Duration SHORTEST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofHours(1);

        /** Refuses what is out of bounds. */
        public Settings {
            if (connections < 1 || connections > MOST_CONNECTIONS) {
                throw new IllegalArgumentException(
                        "the store's connections are " + connections + ", expected 1 to " + MOST_CONNECTIONS);
            }
            if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "the store's timeout is " + timeout + ", expected " + SHORTEST + " to " + LONGEST);
            }
        }
    }

    /** What an operation does with a connection. */
    private interface Work<T> {
        T in(RegionTables tables) throws SQLException, StoreException;
    }

    /**
     * Connects to nothing yet.
     *
     * @param meshNamespace of the mesh whose regions these are
     * @param meshName its name
     * @throws StoreException if the files of the Secret are missing or make no sense
     */
    public JdbcRegionStore(String meshNamespace, String meshName, Settings settings, StoreMetrics metrics)
            throws StoreException {
        this.mesh = meshNamespace + "/" + meshName;
        this.metrics = metrics;
        credentials = new StoreCredentials(settings.directory());
        pool = new StorePool(credentials, settings.connections(), settings.timeout());
        schema = new StoreSchema(pool, credentials);
        threads = new ThreadPoolExecutor(
                settings.connections(),
                settings.connections(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                Thread.ofPlatform().name("gamemesh-store-", 0).daemon().factory());
    }

    @Override
    public CompletableFuture<Outcome> claim(RegionId region, long epoch, ServerId claimant) {
        return write("claim", region, tables -> tables.claim(region, epoch, claimant));
    }

    @Override
    public CompletableFuture<StoredRegion> load(RegionId region) {
        return submit("load", region, Connection.TRANSACTION_REPEATABLE_READ, tables -> tables.load(region));
    }

    @Override
    public CompletableFuture<Outcome> append(RegionId region, long epoch, LogPosition after, LogBatch batch) {
        if (batch.firstTick() != after.tick() + 1) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("the log of region " + region
                    + " begins with tick " + batch.firstTick() + ", expected the one after " + after));
        }
        metrics.batch(batch.entries().length());
        return write("append", region, tables -> tables.append(region, epoch, after, batch));
    }

    @Override
    public CompletableFuture<Outcome> snapshot(RegionId region, long epoch, long tick, Bytes state) {
        return write("snapshot", region, tables -> tables.snapshot(region, epoch, tick, state));
    }

    private CompletableFuture<Outcome> write(String operation, RegionId region, Work<Outcome> work) {
        return submit(operation, region, Connection.TRANSACTION_READ_COMMITTED, work)
                .thenApply(outcome -> {
                    if (outcome instanceof Outcome.Refused refused) {
                        metrics.refused(refused.refusal());
                    }
                    return outcome;
                });
    }

    private <T> CompletableFuture<T> submit(String operation, RegionId region, int isolation, Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> run(operation, region, isolation, work, result));
        } catch (RejectedExecutionException _) {
            metrics.failed(Reason.UNAVAILABLE);
            result.completeExceptionally(new StoreException(
                    Reason.UNAVAILABLE,
                    operation + " of region " + region + ": "
                            + (threads.isShutdown() ? "the store is closed" : QUEUE + " operations are waiting")));
        }
        return result;
    }

    private <T> void run(String operation, RegionId region, int isolation, Work<T> work, CompletableFuture<T> result) {
        long begin = System.nanoTime();
        T value;
        try {
            migrate();
            value = transact(operation + " of region " + region, isolation, work);
        } catch (StoreException e) {
            metrics.failed(e.reason());
            result.completeExceptionally(e);
            return;
        } catch (RuntimeException | Error e) {
            // What it says may have been made of the login.
            LOG.errorf(
                    "%s of region %s failed: %s",
                    operation, region, credentials.redact(String.valueOf(e.getMessage())));
            metrics.failed(Reason.OTHER);
            StoreException failure = new StoreException(
                    Reason.OTHER,
                    operation + " of region " + region + ": " + e.getClass().getName());
            failure.setStackTrace(e.getStackTrace());
            result.completeExceptionally(failure);
            return;
        }
        metrics.took(operation, System.nanoTime() - begin);
        result.complete(value);
    }

    private void migrate() throws StoreException {
        if (migrated) {
            return;
        }
        migration.lock();
        try {
            if (!migrated) {
                schema.migrate();
                migrated = true;
            }
        } finally {
            migration.unlock();
        }
    }

    private <T> T transact(String what, int isolation, Work<T> work) throws StoreException {
        for (int tries = 1; ; tries++) {
            try {
                return transactOnce(isolation, work);
            } catch (SQLException e) {
                if (!StoreCredentials.isConflict(e) || tries == MOST_TRIES) {
                    throw credentials.explain(what, e);
                }
                metrics.conflicted();
                pause(what, tries);
            }
        }
    }

    private <T> T transactOnce(int isolation, Work<T> work) throws SQLException, StoreException {
        try (Connection connection = pool.connection()) {
            boolean done = false;
            try {
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    // Otherwise it is what the pool has set; finding that out takes a round trip.
                    connection.setTransactionIsolation(isolation);
                }
                T result = work.in(new RegionTables(connection, mesh));
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    rollBack(connection);
                }
            }
        }
    }

    /** The error that led here is what is to be told, not that of a rollback over a broken connection. */
    private void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debugf("Cannot roll back: SQLSTATE %s", e.getSQLState());
        }
    }

    /** By lot, so that those who were in each other's way are not again. */
    private static void pause(String what, int tries) throws StoreException {
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << tries);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, most + 1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StoreException(Reason.UNAVAILABLE, what + ": the store is being closed");
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf(
                        "Closing the store with %d operations not done",
                        threads.getActiveCount() + threads.getQueue().size());
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
