package io.gamemesh.protocol.wire;

import java.util.Optional;

/**
 * Why a connection ends: the application error code of QUIC's CONNECTION_CLOSE (RFC 9000, section 19.19). The
 * reason phrase beside it names what was wrong, what was expected and what to do.
 */
public enum CloseCode {
    /** The client left, or follows a redirect. */
    NO_ERROR(0x00, Advice.STAY_AWAY),
    /** {@link ToServer.Hello} names a version that this server does not speak. */
    UNSUPPORTED_VERSION(0x01, Advice.GIVE_UP),
    /** Bytes that the specification does not allow, in a message or a datagram. */
    MALFORMED(0x02, Advice.GIVE_UP),
    /** A message longer than its stream allows. */
    TOO_LARGE(0x03, Advice.GIVE_UP),
    /** A well-formed message or stream at a time or place where it is not allowed. */
    UNEXPECTED(0x04, Advice.GIVE_UP),
    /** The token is missing, expired, or not valid for this mesh. */
    UNAUTHENTICATED(0x05, Advice.GIVE_UP),
    /** The ticket is expired or not signed by this mesh: join anew, without it. */
    BAD_TICKET(0x06, Advice.RETRY_WITHOUT_TICKET),
    /** The mesh's limit of players is reached on this server. */
    SERVER_FULL(0x07, Advice.TRY_ANOTHER),
    /** The server cannot place the player yet: it knows no authority for the region. */
    NOT_READY(0x08, Advice.TRY_ANOTHER),
    /** No {@link ToServer.Hello} arrived in time. */
    HANDSHAKE_TIMEOUT(0x09, Advice.TRY_ANOTHER),
    /** The same player has connected again, here or elsewhere. */
    REPLACED(0x0a, Advice.STAY_AWAY),
    /** An operator of the mesh removed the player. */
    KICKED(0x0b, Advice.STAY_AWAY),
    /** The server stops. */
    SHUTTING_DOWN(0x0c, Advice.TRY_ANOTHER),
    /** More messages than the server takes from one client. */
    RATE_LIMITED(0x0d, Advice.TRY_ANOTHER),
    /** The client does not read what it is sent, or does not acknowledge it, or says nothing. */
    TOO_SLOW(0x0e, Advice.TRY_ANOTHER),
    /** The client was told to go to another server and did not leave in time. */
    REDIRECTED(0x0f, Advice.TRY_ANOTHER),
    /** The server failed; nothing is wrong with the client. */
    INTERNAL_ERROR(0x10, Advice.TRY_ANOTHER);

    /** What a client does about it. */
    public enum Advice {
        /** It was meant to end: do not connect again by oneself. */
        STAY_AWAY,
        /** Trying again cannot help: tell the user. */
        GIVE_UP,
        /** Connect again, to any server, after a growing pause. */
        TRY_ANOTHER,
        /** Forget the ticket, then as {@link #TRY_ANOTHER}. */
        RETRY_WITHOUT_TICKET
    }

    private final int code;
    private final Advice advice;

    CloseCode(int code, Advice advice) {
        this.code = code;
        this.advice = advice;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** What a client does about it. */
    public Advice advice() {
        return advice;
    }

    /** The constant with that number on the wire; empty if this version has none. */
    public static Optional<CloseCode> of(long code) {
        for (CloseCode each : values()) {
            if (each.code == code) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
