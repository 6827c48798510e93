package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;

/**
 * Both directions of the messages of one stream. Implementations have no state: one instance serves all threads.
 *
 * @param <T> the messages
 */
public interface MessageCodec<T> {

    /** Greatest length of a message, in bytes, type byte included. */
    int maxLength();

    /** Appends the message, type byte and body. */
    void write(WireWriter out, T message);

    /**
     * Reads a whole message, type byte and body.
     *
     * @param message exactly one message, from position to limit
     * @throws WireFormatException if it is none, or is followed by more bytes
     */
    T read(ByteBuffer message);

    /**
     * The message with the length that frames it on the stream.
     *
     * @throws IllegalArgumentException if a field is out of range or the whole is longer than {@link #maxLength()}
     */
    default Bytes frame(T message) {
        WireWriter body = new WireWriter();
        write(body, message);
        if (body.length() > maxLength()) {
            throw new IllegalArgumentException(
                    "the message is " + body.length() + " bytes, expected at most " + maxLength());
        }
        byte[] framed = new byte[WireWriter.varintLength(body.length()) + body.length()];
        ByteBuffer target = ByteBuffer.wrap(framed);
        WireWriter.putVarint(target, body.length());
        target.put(body.view());
        return Bytes.owning(framed);
    }
}
