package io.gamemesh.core.store;

import io.gamemesh.protocol.wire.Bytes;

/** What a {@link StoreWriter} wants done. */
public sealed interface StoreAction {

    /**
     * Of which there is one at a time, until {@link StoreEvent.Stored}, {@link StoreEvent.Refused} or
     * {@link StoreEvent.Failed} answers it.
     */
    sealed interface Write extends StoreAction {

        /** Chosen for each attempt, never used again. */
        long write();
    }

    /** Put the log of some ticks behind what is stored, if that ends where the log follows. */
    record Append(long write, LogPosition after, LogBatch batch) implements Write {}

    /** Replace what is stored by all of the region's state; log of later ticks is kept if it is of the same history. */
    record WriteSnapshot(long write, long tick, Bytes state) implements Write {}

    /** Claim the region at the writer's epoch: it has not been yet, or the store has lost that it was. */
    record Claim(long write) implements Write {}

    /**
     * Save the region's state, as it is now or a little later. Answered by {@link StoreEvent.SnapshotTaken} or
     * {@link StoreEvent.SnapshotFailed}; there is one such question at a time.
     */
    record TakeSnapshot() implements StoreAction {}

    /** All up to this tick, included, is in the store, and survives whatever that survives. */
    record Durable(long tick) implements StoreAction {}

    /** Too much was waiting, and has been given up; a snapshot is to come instead. */
    record Dropped(long bytes) implements StoreAction {}

    /** The region is somebody else's, and the writer has stopped for good. */
    record Stopped(Refusal.Superseded refusal) implements StoreAction {}
}
