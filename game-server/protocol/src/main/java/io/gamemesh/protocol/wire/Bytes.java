package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes that compares by content. */
public final class Bytes {

    private static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** No bytes. */
    public static Bytes empty() {
        return EMPTY;
    }

    /** A copy of {@code content}. */
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /** A copy of what remains of {@code content}, whose position does not move. */
    public static Bytes copyOf(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.get(content.position(), copy);
        return new Bytes(copy);
    }

    static Bytes owning(byte[] content) {
        return new Bytes(content);
    }

    /** Number of bytes. */
    public int length() {
        return content.length;
    }

    public boolean isEmpty() {
        return content.length == 0;
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return content.clone();
    }

    /** A read-only view of the bytes, nothing copied. */
    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    byte[] content() {
        return content;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** The length and no content: tickets and tokens are secrets and must not reach a log. */
    @Override
    public String toString() {
        return content.length + " bytes";
    }

    /** The content in hexadecimal. */
    public String toHex() {
        return HexFormat.of().formatHex(content);
    }
}
