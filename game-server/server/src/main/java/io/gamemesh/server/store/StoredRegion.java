package io.gamemesh.server.store;

import io.gamemesh.core.store.LogPosition;
import io.gamemesh.protocol.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store has of a region.
 *
 * @param epoch the highest that was claimed; 0 if the store does not know the region
 * @param contents null if nothing was ever written
 */
public record StoredRegion(long epoch, @Nullable Contents contents) {

    /** A region that the store does not know. */
    public static final StoredRegion UNKNOWN = new StoredRegion(0, null);

    /**
     * A snapshot, and what leads on from it.
     *
     * @param snapshotTick the tick at whose end the snapshot was taken
     * @param snapshot the region's state then
     * @param log of each tick after it, in order
     * @param head where the log ends: what a {@code StoreWriter} of whoever goes on from here follows
     */
    public record Contents(long snapshotTick, Bytes snapshot, List<Bytes> log, LogPosition head) {

        /** Keeps a copy of the list. */
        public Contents {
            log = List.copyOf(log);
        }
    }
}
