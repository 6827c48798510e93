package io.gamemesh.client;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides whether a client's datagrams go sealed or over QUIC: sealed once a probe has been answered, and until nothing
 * sealed has come for a while. Times are of a monotonic clock. Not thread-safe.
 */
final class SealedPath {
    /** After so long without anything sealed the path counts as broken. */
    static final Duration SILENCE = Duration.ofSeconds(1);
    /** After so long without anything sealed a probe asks whether it is. */
    static final Duration QUIET = Duration.ofMillis(300);
    /** Between the first two probes; it doubles with each further one. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** What it doubles up to. */
    static final Duration LAST_PAUSE = Duration.ofSeconds(5);

    private final LongSupplier tokens;
    private long token;
    private boolean open;
    private long heardNanos;
    private long probedNanos;
    private long nextProbeNanos;
    private long pauseNanos = FIRST_PAUSE.toNanos();

    /** @param tokens draws what nobody can guess */
    SealedPath(LongSupplier tokens, long nowNanos) {
        this.tokens = tokens;
        this.token = tokens.getAsLong();
        this.nextProbeNanos = nowNanos;
        this.probedNanos = nowNanos;
    }

    /** True if datagrams go sealed now. */
    boolean isOpen() {
        return open;
    }

    /** What the answer to a probe must repeat. */
    long token() {
        return token;
    }

    /** To be asked every tick. True if a probe with {@link #token()} shall be sent. */
    boolean tick(long nowNanos) {
        if (open && nowNanos - heardNanos >= SILENCE.toNanos()) {
            open = false;
            token = tokens.getAsLong();
            pauseNanos = FIRST_PAUSE.toNanos();
            nextProbeNanos = nowNanos + SILENCE.toNanos();
        }
        boolean due = open
                ? nowNanos - heardNanos >= QUIET.toNanos() && nowNanos - probedNanos >= QUIET.toNanos()
                : nowNanos - nextProbeNanos >= 0;
        if (due) {
            probedNanos = nowNanos;
            if (!open) {
                nextProbeNanos = nowNanos + pauseNanos;
                pauseNanos = Math.min(2 * pauseNanos, LAST_PAUSE.toNanos());
            }
        }
        return due;
    }

    /** An authentic packet has come. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** An answer to a probe has come. */
    void answered(long answer) {
        if (answer == token) {
            open = true;
        }
    }
}
