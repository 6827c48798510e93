package io.gamemesh.server.quic;

import io.gamemesh.protocol.sealed.Blockage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which way a client's datagrams go, sealed or over QUIC, and to which address. The client chooses, by what it
 * sends; an address is sent to when somebody there has proven that he gets what is sent. Times are of a monotonic clock.
 * Not thread-safe.
 */
final class SealedPath {
    /** The least time between two probes. */
    static final Duration PROBE_PAUSE = Duration.ofMillis(100);
    /** For so long somebody who has proven his address is taken to be there before he is asked again. */
    static final Duration TRUSTED = Duration.ofSeconds(5);
    /** From one question to the next, until there is an answer. */
    static final Duration CHECK_PAUSE = Duration.ofSeconds(1);
    /** Who has been asked for so long without an answer is not taken to be there any more. */
    static final Duration LAPSES = Duration.ofSeconds(7);

    private final LongSupplier tokens;
    private InetSocketAddress address;
    private @Nullable InetSocketAddress candidate;
    private long token;
    private long provenNanos;
    private boolean checking;
    private long checkToken;
    private long askedNanos;
    private long checkedNanos;
    private boolean probed;
    private long probedNanos;
    private final Blockage blockage;
    private boolean chosen;

    /**
     * @param proven the client's address, which it has shown to be its own
     * @param tokens draws what nobody can guess
     */
    SealedPath(InetSocketAddress proven, LongSupplier tokens, long nowNanos) {
        this.tokens = tokens;
        this.address = proven;
        this.provenNanos = nowNanos;
        this.blockage = new Blockage(nowNanos);
    }

    /** True if the client is to be sent sealed datagrams. */
    boolean isOpen(long nowNanos) {
        blockage.look(nowNanos);
        chosen &= !blockage.isBlocked(nowNanos);
        return chosen && !lapsed(nowNanos);
    }

    private boolean lapsed(long nowNanos) {
        return checking && nowNanos - askedNanos > LAPSES.toNanos();
    }

    /** True if a probe with {@link #checkToken()} shall be sent to {@link #address()}, before more is. */
    boolean checkDue(long nowNanos) {
        if (checking ? nowNanos - checkedNanos < CHECK_PAUSE.toNanos() : nowNanos - provenNanos < TRUSTED.toNanos()) {
            return false;
        }
        if (!checking) {
            checking = true;
            askedNanos = nowNanos;
            // The same each time: an answer may take longer than a pause.
            checkToken = tokens.getAsLong();
        }
        checkedNanos = nowNanos;
        return true;
    }

    /** A sealed datagram of the client has been opened. */
    void heardSealed(long nowNanos) {
        chosen = true;
        blockage.heardSealed(nowNanos);
    }

    /** The client has sent a datagram over QUIC. */
    void datagramOverQuic() {
        chosen = false;
    }

    /** The client has sent something else over QUIC. */
    void heardOverQuic(long nowNanos) {
        blockage.heardOverQuic(nowNanos);
    }

    /** Where to send. */
    InetSocketAddress address() {
        return address;
    }

    /** What the answer to a probe of the address that is sent to must repeat. */
    long checkToken() {
        return checkToken;
    }

    /** What the answer to a probe of another address must repeat. */
    long token() {
        return token;
    }

    /**
     * An authentic packet has come.
     *
     * @param newest true if none that was sent later has come before: an old one says nothing about where the client is
     * @return true if a probe with {@link #token()} shall be sent to where it came from
     */
    boolean cameFrom(InetSocketAddress from, boolean newest, long nowNanos) {
        if (!newest || (from.equals(address) && !lapsed(nowNanos))) {
            return false;
        }
        if (probed && nowNanos - probedNanos < PROBE_PAUSE.toNanos()) {
            return false;
        }
        if (!from.equals(candidate)) {
            candidate = from;
            token = tokens.getAsLong();
        }
        probed = true;
        probedNanos = nowNanos;
        return true;
    }

    /**
     * An answer to a probe has come.
     *
     * @return true if it proves that the client is at another address now
     */
    boolean answered(InetSocketAddress from, long answer, long nowNanos) {
        boolean stays = checking && from.equals(address) && answer == checkToken;
        boolean comes = from.equals(candidate) && answer == token;
        if (!stays && !comes) {
            return false;
        }
        boolean moved = !from.equals(address);
        address = from;
        candidate = null;
        checking = false;
        provenNanos = nowNanos;
        return moved;
    }
}
