package io.gamemesh.server.quic;

/** A token bucket: so many a second, and as many at once. Not thread-safe. */
final class RateLimit {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private double available;
    private long lastNanos;

    /**
     * A full bucket.
     *
     * @param perSecond at least 1
     */
    RateLimit(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.available = perSecond;
        this.lastNanos = nowNanos;
    }

    /** Takes one; false if none is left. {@code nowNanos} is of a monotonic clock. */
    boolean tryTake(long nowNanos) {
        available = Math.min(perSecond, available + (nowNanos - lastNanos) / NANOS_PER_SECOND * perSecond);
        lastNanos = nowNanos;
        if (available < 1) {
            return false;
        }
        available--;
        return true;
    }
}
