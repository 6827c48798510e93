package io.gamemesh.client;

import io.gamemesh.protocol.sealed.Blockage;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides whether a client's datagrams go sealed or over QUIC: sealed once a probe has been answered, and until it is
 * sealed packets alone that do not come, or the server has sent over QUIC for a while. Times are of a monotonic clock. Not
 * thread-safe.
 */
final class SealedPath {
    /** From when the path has turned out to be blocked until the first probe; it doubles where that is soon so again. */
    static final Duration REST = Duration.ofSeconds(1);
    /** What it doubles up to. */
    static final Duration LAST_REST = Duration.ofMinutes(1);
    /** What has been open for so long has been so for good reason. */
    static final Duration LASTING = Duration.ofSeconds(10);
    /** After so long without anything sealed a probe asks whether the path is blocked. */
    static final Duration QUIET = Blockage.QUIET;
    /** After so long without anything sealed, or without any input taken, a question over QUIC does, too. */
    static final Duration ASKS_AFTER = Duration.ofMillis(500);
    /** From one question for inputs that are not taken to the next: a server that is slow is not asked by all players at each tick. */
    static final Duration ASKS_AGAIN_AFTER = Duration.ofSeconds(2);
    /** A server that sends nothing but QUIC datagrams for so long hears none that are sealed. */
    static final Duration FOLLOWS_AFTER = Duration.ofSeconds(2);
    /** Between the first two probes; it doubles with each further one. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** What it doubles up to. */
    static final Duration LAST_PAUSE = Duration.ofSeconds(5);

    private final LongSupplier tokens;
    private long token;
    private final Blockage blockage;
    private boolean open;
    private boolean asked;
    // When the server last showed that an input had got through, since when that has been missed, and when it was asked
    // last.
    private long inputTakenNanos;
    private boolean missesInputs;
    private long missesInputsNanos;
    private long askedForInputsNanos;
    // Whether the latest datagram came over QUIC, since when, and whether that has lasted too long.
    private boolean overQuic;
    private long overQuicNanos;
    private long latestOverQuicNanos;
    private boolean left;
    private long openedNanos;
    private long restNanos = REST.toNanos();
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
        this.askedForInputsNanos = nowNanos - ASKS_AGAIN_AFTER.toNanos();
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
        blockage.look(nowNanos);
        if (open && (left || blockage.isBlocked(nowNanos))) {
            open = false;
            if (nowNanos - openedNanos >= LASTING.toNanos()) {
                restNanos = REST.toNanos();
            }
            token = tokens.getAsLong();
            pauseNanos = FIRST_PAUSE.toNanos();
            nextProbeNanos = nowNanos + restNanos;
            restNanos = Math.min(2 * restNanos, LAST_REST.toNanos());
        }
        boolean due = open
                ? blockage.isSeenSilentFor(QUIET, nowNanos) && nowNanos - probedNanos >= QUIET.toNanos()
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

    /**
     * To be asked every tick. True, once in a silence, if something shall be asked over QUIC: its answer tells what is silent. True
     * as well, now and then, if the server is heard and takes no input: what this side seals may not get through, and by the question
     * the server learns that.
     */
    boolean asksOverQuic(long nowNanos) {
        if (!open) {
            return false;
        }
        boolean unheard = !asked && blockage.isSeenSilentFor(ASKS_AFTER, nowNanos);
        boolean untaken = missesInputs(nowNanos) && nowNanos - askedForInputsNanos >= ASKS_AGAIN_AFTER.toNanos();
        if (unheard) {
            asked = true;
        }
        if (untaken) {
            askedForInputsNanos = nowNanos;
        }
        return unheard || untaken;
    }

    /** Counted from a look on, however late that is: what came before it has not been read yet. */
    private boolean missesInputs(long nowNanos) {
        boolean missed = nowNanos - inputTakenNanos >= ASKS_AFTER.minus(QUIET).toNanos()
                && !blockage.isSeenSilentFor(QUIET, nowNanos);
        if (missed && !missesInputs) {
            missesInputsNanos = nowNanos;
        }
        missesInputs = missed;
        return missed && nowNanos - missesInputsNanos >= QUIET.toNanos();
    }

    /** The server has shown that it got an input that it had not shown before. */
    void inputTaken(long nowNanos) {
        inputTakenNanos = nowNanos;
        missesInputs = false;
    }

    /** A sealed packet has come that is authentic, of either kind. */
    void heard(long nowNanos) {
        blockage.heardSealed(nowNanos);
        asked = false;
    }

    /** It was a datagram. */
    void heardDatagram() {
        overQuic = false;
        left = false;
    }

    /** Something has come over QUIC. */
    void heardOverQuic(long nowNanos) {
        blockage.heardOverQuic(nowNanos);
    }

    /** A datagram has come over QUIC: the server has not heard any that is sealed yet, or for a while. */
    void datagramOverQuic(long nowNanos) {
        // After a gap the next that was read need not be the next that came: sealed ones may be waiting.
        if (!overQuic || nowNanos - latestOverQuicNanos >= QUIET.toNanos()) {
            overQuic = true;
            overQuicNanos = nowNanos;
        }
        latestOverQuicNanos = nowNanos;
        left = nowNanos - overQuicNanos >= FOLLOWS_AFTER.toNanos();
    }

    /** An answer to a probe has come. */
    void answered(long answer, long nowNanos) {
        if (answer == token && !open) {
            open = true;
            heardDatagram();
            openedNanos = nowNanos;
            inputTaken(nowNanos);
        }
    }
}
