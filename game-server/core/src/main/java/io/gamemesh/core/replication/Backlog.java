package io.gamemesh.core.replication;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The log of the last ticks, one after the other, for backups that have not acknowledged them. */
final class Backlog {

    private final int maxBytes;
    private @Nullable ByteString[] ring = new ByteString[64];
    private long first;
    private long next;
    private long bytes;

    Backlog(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What was there is of no use any more: the next tick is that one. */
    void restart(long tick) {
        Arrays.fill(ring, null);
        first = tick;
        next = tick;
        bytes = 0;
    }

    /** One tick more; the oldest ones go where there is no room. */
    void add(long tick, ByteString log) {
        if (tick != next) {
            throw new IllegalStateException("tick " + tick + " follows tick " + (next - 1) + " in the backlog");
        }
        if (next - first == ring.length) {
            grow();
        }
        ring[index(tick)] = log;
        next++;
        bytes += log.size();
        while (bytes > maxBytes && next - first > 1) {
            drop();
        }
    }

    private void grow() {
        @Nullable ByteString[] bigger = new ByteString[ring.length * 2];
        for (long tick = first; tick < next; tick++) {
            bigger[(int) (tick & (bigger.length - 1))] = ring[index(tick)];
        }
        ring = bigger;
    }

    private void drop() {
        ByteString dropped = ring[index(first)];
        ring[index(first)] = null;
        bytes -= dropped == null ? 0 : dropped.size();
        first++;
    }

    /** What is older is needed no more. */
    void trim(long firstNeeded) {
        while (first < next && first < firstNeeded) {
            drop();
        }
    }

    private int index(long tick) {
        return (int) (tick & (ring.length - 1));
    }

    /** True if a backup that has this tick can be told all that came after. */
    boolean goesOnFrom(long tick) {
        return tick + 1 >= first && tick < next;
    }

    /** The one after the last. */
    long next() {
        return next;
    }

    ByteString get(long tick) {
        ByteString log = tick >= first && tick < next ? ring[index(tick)] : null;
        if (log == null) {
            throw new IllegalStateException(
                    "tick " + tick + " is not in the backlog of " + first + " to " + (next - 1));
        }
        return log;
    }

    long bytes() {
        return bytes;
    }
}
