package io.gamemesh.server.store;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import java.util.concurrent.CompletableFuture;

/**
 * The regions of one mesh, kept for good: of each the highest epoch that was claimed, a snapshot, and the log of the ticks
 * after it. What is stored of a region is one history without a gap at each moment.
 *
 * <p>Each write carries the epoch of whom it comes from and is done, whole or not at all, only if nobody has claimed a
 * higher one. A write may be repeated, and an attempt that was given up may be carried out later: neither changes what is
 * stored after it was once done. Writes of one region are to be made one after the other.
 *
 * <p>Futures fail with a {@link StoreException}: then nobody knows whether a write was done. They are completed on a thread
 * of the store's, where nothing may wait. All methods are safe for any thread, return at once, and throw nothing.
 */
public interface RegionStore extends AutoCloseable {

    /** What became of a write. */
    sealed interface Outcome {

        /** It is durable. */
        record Done() implements Outcome {}

        /** It was not done and will not be. */
        record Refused(Refusal refusal) implements Outcome {}
    }

    /**
     * Makes this the region's epoch, so that whoever had it before can write no more. Whoever begins to act for a region
     * does this first, and then loads it. The same process may repeat it.
     *
     * @param epoch 1 or more
     * @return {@link Refusal.Superseded} if a higher epoch was claimed, or the same by another process
     */
    CompletableFuture<Outcome> claim(RegionId region, long epoch, ServerId claimant);

    /**
     * All that is stored of the region, verified.
     *
     * @return fails with {@link StoreException.Reason#CORRUPT} if it is not what was stored
     */
    CompletableFuture<StoredRegion> load(RegionId region);

    /**
     * Puts the log of some ticks behind what is stored.
     *
     * @param epoch the region's, claimed before
     * @param after where the log goes on from: the end of the tick before its first
     * @return {@link Refusal.NotContiguous} if what is stored does not end there
     */
    CompletableFuture<Outcome> append(RegionId region, long epoch, LogPosition after, LogBatch batch);

    /**
     * Replaces what is stored by the region's state at the end of a tick. Log of the same epoch's later ticks stays. The
     * snapshot before stays, too, until this one is stored as a whole.
     *
     * @param epoch the region's, claimed before
     * @param state not empty, up to 1 GiB
     */
    CompletableFuture<Outcome> snapshot(RegionId region, long epoch, long tick, Bytes state);

    /** Ends what is under way, and returns when that has ended or could not be ended in a few seconds. */
    @Override
    void close();
}
