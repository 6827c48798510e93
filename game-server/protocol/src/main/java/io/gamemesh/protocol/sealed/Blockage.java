package io.gamemesh.protocol.sealed;

import java.time.Duration;

/**
 * Judges whether it is sealed packets alone that do not come: nothing sealed for {@link #LEAST}, though something came over
 * QUIC meanwhile, and nothing sealed soon after the first such thing. Where nothing comes over QUIC either, the other side, the network or
 * this thread is slow, and what is sent over QUIC would cost them more. Times are of a monotonic clock, nanoseconds. Not
 * thread-safe.
 */
public final class Blockage {
    /** For how long nothing sealed comes at least where that is blocked. */
    public static final Duration LEAST = Duration.ofSeconds(1);
    /** After so long without anything sealed what comes over QUIC counts, and so long after that something sealed would have come. */
    public static final Duration QUIET = Duration.ofMillis(300);

    private long heardNanos;
    private boolean overQuic;
    private long overQuicNanos;
    private long lookedNanos;
    private boolean late;
    private long lateNanos;

    /** Begins as if something sealed had just come. */
    public Blockage(long nowNanos) {
        this.heardNanos = nowNanos;
        this.lookedNanos = nowNanos;
        this.lateNanos = nowNanos;
    }

    /** Something sealed has come that is authentic. */
    public void heardSealed(long nowNanos) {
        heardNanos = nowNanos;
        overQuic = false;
        late = false;
    }

    /**
     * To be called at every look, before the questions below. What has come while the thread could not run has not been read
     * yet. That excuses once in a silence: some always look so rarely.
     */
    public void look(long nowNanos) {
        if (!late && nowNanos - lookedNanos >= QUIET.toNanos()) {
            late = true;
            lateNanos = nowNanos;
        }
        lookedNanos = nowNanos;
    }

    /** Something has come over QUIC. */
    public void heardOverQuic(long nowNanos) {
        if (!overQuic && isSilentFor(QUIET, nowNanos)) {
            overQuic = true;
            overQuicNanos = nowNanos;
        }
    }

    private boolean isSilentFor(Duration time, long nowNanos) {
        return nowNanos - heardNanos >= time.toNanos();
    }

    /** Whether nothing sealed has come for so long, or longer, and that not only for want of a look. */
    public boolean isSeenSilentFor(Duration time, long nowNanos) {
        return isSilentFor(time, nowNanos) && nowNanos - lateNanos >= QUIET.toNanos();
    }

    /** Whether it is sealed packets alone that do not come. */
    public boolean isBlocked(long nowNanos) {
        return overQuic && isSeenSilentFor(LEAST, nowNanos) && nowNanos - overQuicNanos >= QUIET.toNanos();
    }
}
