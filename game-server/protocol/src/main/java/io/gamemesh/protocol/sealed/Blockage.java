package io.gamemesh.protocol.sealed;

import java.time.Duration;

/**
 * Judges whether it is sealed packets alone that do not come: nothing sealed for {@link #MOST}, though something came over
 * QUIC meanwhile, and nothing sealed soon after it. Where nothing comes over QUIC either, the other side, the network or
 * this thread is slow, and what is sent over QUIC would cost them more. Times are of a monotonic clock, nanoseconds. Not
 * thread-safe.
 */
public final class Blockage {
    /** For how long nothing sealed comes at least where that is blocked. */
    public static final Duration MOST = Duration.ofSeconds(1);
    /** After so long without anything sealed what comes over QUIC counts, and so long after that something sealed would have come. */
    public static final Duration QUIET = Duration.ofMillis(300);

    private long heardNanos;
    private boolean overQuic;
    private long overQuicNanos;

    /** Begins as if something sealed had just come. */
    public Blockage(long nowNanos) {
        this.heardNanos = nowNanos;
    }

    /** Something sealed has come that is authentic. */
    public void heardSealed(long nowNanos) {
        heardNanos = nowNanos;
        overQuic = false;
    }

    /** Something has come over QUIC. */
    public void heardOverQuic(long nowNanos) {
        if (!overQuic && isSilentFor(QUIET, nowNanos)) {
            overQuic = true;
            overQuicNanos = nowNanos;
        }
    }

    /** Whether nothing sealed has come for so long, or longer. */
    public boolean isSilentFor(Duration time, long nowNanos) {
        return nowNanos - heardNanos >= time.toNanos();
    }

    /** Whether it is sealed packets alone that do not come. */
    public boolean isBlocked(long nowNanos) {
        return overQuic && isSilentFor(MOST, nowNanos) && nowNanos - overQuicNanos >= QUIET.toNanos();
    }
}
