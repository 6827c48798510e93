package io.gamemesh.client;

import io.gamemesh.protocol.sealed.Blockage;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides whether a client's datagrams go sealed or over QUIC: sealed once a probe has been answered, and until it is
 * sealed packets alone that do not come. Times are of a monotonic clock. Not thread-safe.
 */
final class SealedPath {
    /** From when the path has turned out to be blocked until the first probe. */
    static final Duration REST = Duration.ofSeconds(1);
    /** After so long without anything sealed a probe asks whether the path is blocked. */
    static final Duration QUIET = Blockage.QUIET;
    /** After so long without anything sealed a question over QUIC does, too. */
    static final Duration SILENCE = Duration.ofMillis(500);
    /** Between the first two probes; it doubles with each further one. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** What it doubles up to. */
    static final Duration LAST_PAUSE = Duration.ofSeconds(5);

    private final LongSupplier tokens;
    private long token;
    private final Blockage blockage;
    private boolean open;
    private boolean asked;
    private long lookedNanos;
    private long lateNanos;
    private long probedNanos;
    private long nextProbeNanos;
    private long pauseNanos = FIRST_PAUSE.toNanos();

    /** @param tokens draws what nobody can guess */
    SealedPath(LongSupplier tokens, long nowNanos) {
        this.tokens = tokens;
        this.token = tokens.getAsLong();
        this.blockage = new Blockage(nowNanos);
        this.nextProbeNanos = nowNanos;
        this.probedNanos = nowNanos;
        this.lookedNanos = nowNanos;
        this.lateNanos = nowNanos;
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
        if (open && blockage.isBlocked(nowNanos)) {
            open = false;
            token = tokens.getAsLong();
            pauseNanos = FIRST_PAUSE.toNanos();
            nextProbeNanos = nowNanos + REST.toNanos();
        }
        boolean due = open
                ? blockage.isSilentFor(QUIET, nowNanos) && nowNanos - probedNanos >= QUIET.toNanos()
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

    /** To be asked every tick. True, once in a silence, if something shall be asked over QUIC: its answer tells what is silent. */
    boolean asksOverQuic(long nowNanos) {
        // What has come while the thread could not run has not been read yet.
        if (nowNanos - lookedNanos >= QUIET.toNanos()) {
            lateNanos = nowNanos;
        }
        lookedNanos = nowNanos;
        boolean asks =
                open && !asked && blockage.isSilentFor(SILENCE, nowNanos) && nowNanos - lateNanos >= QUIET.toNanos();
        asked |= asks;
        return asks;
    }

    /** An authentic packet has come. */
    void heard(long nowNanos) {
        blockage.heardSealed(nowNanos);
        asked = false;
    }

    /** Something has come over QUIC. */
    void heardOverQuic(long nowNanos) {
        blockage.heardOverQuic(nowNanos);
    }

    /** An answer to a probe has come. */
    void answered(long answer) {
        if (answer == token) {
            open = true;
        }
    }
}
