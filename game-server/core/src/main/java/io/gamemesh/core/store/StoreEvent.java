package io.gamemesh.core.store;

import io.gamemesh.protocol.wire.Bytes;

/** What happens to a {@link StoreWriter}. */
public sealed interface StoreEvent {

    /**
     * The region has ended a tick.
     *
     * @param tick later than that of any such event before
     * @param log what it has changed, in a form that is the region's own
     * @param strong whether somebody waits for it to be durable: it is not held back for a larger batch
     */
    record TickLogged(long tick, Bytes log, boolean strong) implements StoreEvent {}

    /** The answer to {@link StoreAction.TakeSnapshot}: all of the region's state at the end of a tick. */
    record SnapshotTaken(long tick, Bytes state) implements StoreEvent {}

    /** The answer to {@link StoreAction.TakeSnapshot} if there is no state to be had now. */
    record SnapshotFailed() implements StoreEvent {}

    /** The write has been done, by this attempt or an earlier one. */
    record Stored(long write) implements StoreEvent {}

    /** The write has not been done and never will be. */
    record Refused(long write, Refusal refusal) implements StoreEvent {}

    /** Nobody knows whether the write has been done, or yet will be: it is tried again. */
    record Failed(long write) implements StoreEvent {}

    /** What has been logged so far is wanted in the store as soon as may be. */
    record Flush() implements StoreEvent {}

    /** Time has passed. */
    record TimePassed() implements StoreEvent {}
}
