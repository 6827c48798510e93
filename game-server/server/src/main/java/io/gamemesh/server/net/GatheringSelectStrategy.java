package io.gamemesh.server.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Looks for packets only so often, so that many are taken at a time: to wake for each of the packets that a thousand
 * players send, each at a moment of its own, costs more than what the packets do. Who is alone does not wait: a look that
 * comes later than that after the one before is made at once. Network cards do the same (interrupt moderation). Confined
 * to its event loop.
 */
final class GatheringSelectStrategy implements SelectStrategy {
    private final long gatheringNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer park;
    private long lookedNanos;

    /**
     * Of an event loop.
     *
     * @param gathering from one look to the next; tasks may wait for as long, too
     * @param nanoTime as {@link System#nanoTime}
     * @param park lets so many nanoseconds pass
     */
    GatheringSelectStrategy(Duration gathering, LongSupplier nanoTime, LongConsumer park) {
        this.gatheringNanos = gathering.toNanos();
        this.nanoTime = nanoTime;
        this.park = park;
        this.lookedNanos = nanoTime.getAsLong() - gatheringNanos;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        long now = nanoTime.getAsLong();
        if (hasTasks) {
            lookedNanos = now;
            return selectNow.get();
        }
        long rest = gatheringNanos - (now - lookedNanos);
        if (rest > 0) {
            park.accept(rest);
            now = nanoTime.getAsLong();
        }
        lookedNanos = now;
        return SELECT;
    }
}
