package io.gamemesh.protocol.sealed;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import java.nio.ByteBuffer;

/**
 * What the two sides say about the way between them, as the payload of a sealed packet.
 *
 * @param kind which of the two
 * @param token drawn at random by who probes, and repeated in the answer
 */
public record PathMessage(Kind kind, long token) {

    /** Which message it is. */
    public enum Kind {
        /** Asks for an {@link #ANSWER}. */
        PROBE,
        /** A {@link #PROBE} has arrived; sent to where it came from. */
        ANSWER
    }

    /** Length of the payload. */
    public static final int BYTES = 1 + Long.BYTES;

    private static final int PROBE = 1;
    private static final int ANSWER = 2;

    /** Puts the payload where {@link Sealer#seal} takes it from; returns its length. */
    public int write(byte[] packet) {
        ByteBuffer.wrap(packet, SealedPacket.HEADER_BYTES, BYTES)
                .put((byte) (kind == Kind.PROBE ? PROBE : ANSWER))
                .putLong(token);
        return BYTES;
    }

    /**
     * Reads a payload, from position to limit.
     *
     * @throws WireFormatException if it is none
     */
    public static PathMessage read(ByteBuffer payload) {
        WireReader in = new WireReader(payload);
        int type = in.u8("path message type");
        Kind kind = switch (type) {
            case PROBE -> Kind.PROBE;
            case ANSWER -> Kind.ANSWER;
            default ->
                throw new WireFormatException(
                        CloseCode.MALFORMED, "path message type is " + type + ", expected 1 to 2");
        };
        PathMessage message = new PathMessage(kind, in.i64("path message token"));
        in.end("path message");
        return message;
    }
}
