package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Cuts a stream of length-prefixed messages, that arrives in any pieces, into messages. Holds at most one unfinished
 * message, for which it takes memory as bytes arrive and not as they are announced. Not thread-safe; of no use after
 * it has thrown.
 *
 * @param <T> the messages
 */
public final class MessageReader<T> {

    private static final int MIN_CAPACITY = 512;

    private final MessageCodec<T> codec;

    /** The unfinished message with its length prefix, from 0 to position. */
    private ByteBuffer partial = ByteBuffer.allocate(0);

    public MessageReader(MessageCodec<T> codec) {
        this.codec = codec;
    }

    /**
     * Takes all that remains of {@code bytes} and hands over the messages that are complete with it, in order.
     *
     * @throws WireFormatException if a length is 0 or above the stream's limit, or a message is malformed; messages
     *     before it have been handed over
     */
    public void read(ByteBuffer bytes, Consumer<? super T> sink) {
        while (bytes.hasRemaining()) {
            if (partial.position() == 0) {
                int whole = frameLength(bytes, bytes.position(), bytes.remaining());
                if (whole > 0 && whole <= bytes.remaining()) {
                    deliver(bytes.slice(bytes.position(), whole), sink);
                    bytes.position(bytes.position() + whole);
                    continue;
                }
            }
            append(bytes, sink);
        }
    }

    /** True if the stream may end here: no message is unfinished. */
    public boolean atBoundary() {
        return partial.position() == 0;
    }

    private void append(ByteBuffer bytes, Consumer<? super T> sink) {
        int whole = frameLength(partial, 0, partial.position());
        int wanted = whole > 0 ? whole - partial.position() : 1;
        int taken = Math.min(wanted, bytes.remaining());
        room(taken).put(partial.position(), bytes, bytes.position(), taken);
        partial.position(partial.position() + taken);
        bytes.position(bytes.position() + taken);
        if (partial.position() == frameLength(partial, 0, partial.position())) {
            ByteBuffer message = partial.slice(0, partial.position());
            partial = ByteBuffer.allocate(0);
            deliver(message, sink);
        }
    }

    private ByteBuffer room(int bytes) {
        if (partial.remaining() < bytes) {
            int capacity = Math.max(partial.position() + bytes, Math.max(MIN_CAPACITY, partial.capacity() * 2));
            partial = ByteBuffer.allocate(capacity).put(partial.flip());
        }
        return partial;
    }

    private void deliver(ByteBuffer frame, Consumer<? super T> sink) {
        frame.position(prefixLength(frame.get(0)));
        sink.accept(codec.read(frame));
    }

    /** Length of the frame at {@code offset}, prefix included; 0 while the prefix is not all there. */
    private int frameLength(ByteBuffer from, int offset, int available) {
        if (available == 0 || available < prefixLength(from.get(offset))) {
            return 0;
        }
        int prefix = prefixLength(from.get(offset));
        long length = new WireReader(from.slice(offset, prefix)).varint("message length", 0, Wire.MAX_VARINT);
        if (length == 0) {
            throw WireFormatException.malformed("message length is 0, expected at least the type byte");
        }
        if (length > codec.maxLength()) {
            throw new WireFormatException(
                    CloseCode.TOO_LARGE, "message length is " + length + ", expected at most " + codec.maxLength());
        }
        return prefix + (int) length;
    }

    private static int prefixLength(byte first) {
        return 1 << (first >> 6 & 3);
    }
}
