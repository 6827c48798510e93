package io.gamemesh.server;

import io.gamemesh.core.store.StoreWriterSettings;
import io.gamemesh.server.store.JdbcRegionStore;
import java.time.Duration;

/** From the configuration's words to the store's. */
final class StoreConfig {
    /** What a batch is written at though it is not due: well within what a database takes as one row. */
    private static final int BATCH_BYTES = 256 * 1024;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private StoreConfig() {}

    /**
     * How to reach the database.
     *
     * @throws IllegalArgumentException if a value is out of bounds
     */
    static JdbcRegionStore.Settings database(ServerConfig.Store store) {
        return new JdbcRegionStore.Settings(store.directory(), store.connections(), store.timeout());
    }

    /**
     * How regions are written.
     *
     * @param tickRate ticks a second
     * @throws IllegalArgumentException if a value is out of bounds
     */
    static StoreWriterSettings writer(ServerConfig.Store store, int tickRate) {
        return new StoreWriterSettings(
                store.batchInterval(),
                BATCH_BYTES,
                Math.multiplyExact(store.snapshotInterval().toSeconds(), tickRate),
                store.snapshotBytes(),
                store.backlogBytes(),
                FIRST_PAUSE,
                LONGEST_PAUSE);
    }
}
