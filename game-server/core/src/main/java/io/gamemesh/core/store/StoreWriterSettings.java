package io.gamemesh.core.store;

import java.time.Duration;

/**
 * How a {@link StoreWriter} goes about it.
 *
 * @param batchInterval how long a tick's log waits at most for others to be written with it, unless the store is slow
 * @param batchBytes a batch that has grown to this goes at once, and none grows much beyond it; at most half the backlog
 * @param snapshotTicks a new snapshot is due after so many ticks
 * @param snapshotBytes a new snapshot is due after so many bytes of log
 * @param backlogBytes of log that may wait or be on its way; beyond it the log is dropped in favour of a snapshot
 * @param firstPause before a failed write is tried again, or an unanswered question for a snapshot asked again
 * @param longestPause what the pause grows to, doubling
 */
public record StoreWriterSettings(
        Duration batchInterval,
        int batchBytes,
        long snapshotTicks,
        long snapshotBytes,
        long backlogBytes,
        Duration firstPause,
        Duration longestPause) {

    /** Refuses what would never write anything, or always. */
    public StoreWriterSettings {
        if (batchInterval.isNegative()) {
            throw new IllegalArgumentException("batch interval is " + batchInterval + ", expected 0 or more");
        }
        atLeast("batch bytes", batchBytes, 1);
        atLeast("snapshot ticks", snapshotTicks, 1);
        atLeast("snapshot bytes", snapshotBytes, 1);
        atLeast("backlog bytes", backlogBytes, 2L * batchBytes);
        if (firstPause.isNegative() || firstPause.isZero() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses are " + firstPause + " to " + longestPause
                    + ", expected more than 0, and the longest last");
        }
    }

    private static void atLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " are " + value + ", expected at least " + least);
        }
    }
}
