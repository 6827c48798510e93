package io.gamemesh.protocol.wire;

/**
 * Judges whether the other side has been silent for too long, from when something authentic came, over QUIC or sealed.
 * Whoever looks late does not judge: what has come while the thread could not run has not been read yet. Times are of a
 * monotonic clock. Not thread-safe.
 */
public final class Silence {
    private final long mostNanos;
    private final long lookNanos;
    private long heardNanos;
    private long lookedNanos;

    /**
     * Begins as if something had just come.
     *
     * @param mostNanos how long the other side may be silent
     * @param lookNanos from one look to the next
     */
    public Silence(long mostNanos, long lookNanos, long nowNanos) {
        this.mostNanos = mostNanos;
        this.lookNanos = lookNanos;
        this.heardNanos = nowNanos;
        this.lookedNanos = nowNanos;
    }

    /** Something authentic has come. */
    public void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** For how long nothing has come. */
    public long lastsNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    /** To be asked at every look: whether it has lasted too long. */
    public boolean isTooLong(long nowNanos) {
        boolean late = nowNanos - lookedNanos > 2 * lookNanos;
        lookedNanos = nowNanos;
        return !late && nowNanos - heardNanos > mostNanos;
    }
}
