package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads the primitives of the wire format from a buffer, whose position it advances. Every method checks that its
 * bytes are there and its value in range before it allocates anything, and throws {@link WireFormatException} with the
 * field's name otherwise. Not thread-safe.
 */
public final class WireReader {

    private final ByteBuffer buffer;

    /** Reads what remains of {@code buffer}, which must be big-endian. */
    public WireReader(ByteBuffer buffer) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the wire is big-endian and this buffer is not: use a fresh one");
        }
        this.buffer = buffer;
    }

    /** Bytes left. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Unsigned 8 bits. */
    public int u8(String field) {
        need(field, Byte.BYTES);
        return Byte.toUnsignedInt(buffer.get());
    }

    /** Signed 8 bits. */
    public int i8(String field) {
        need(field, Byte.BYTES);
        return buffer.get();
    }

    /** Unsigned 16 bits. */
    public int u16(String field) {
        need(field, Short.BYTES);
        return Short.toUnsignedInt(buffer.getShort());
    }

    /** Signed 16 bits. */
    public int i16(String field) {
        need(field, Short.BYTES);
        return buffer.getShort();
    }

    /** Signed 32 bits. */
    public int i32(String field) {
        need(field, Integer.BYTES);
        return buffer.getInt();
    }

    /** Unsigned 32 bits. */
    public long u32(String field) {
        need(field, Integer.BYTES);
        return Integer.toUnsignedLong(buffer.getInt());
    }

    /** 64 bits. */
    public long i64(String field) {
        need(field, Long.BYTES);
        return buffer.getLong();
    }

    /** One byte, 0 or 1. */
    public boolean bool(String field) {
        return (int) bounded(field, u8(field), 0, 1) == 1;
    }

    /**
     * A variable-length integer of RFC 9000, section 16, in its shortest form, between {@code min} and {@code max}
     * inclusive.
     */
    public long varint(String field, long min, long max) {
        need(field, 1);
        int length = 1 << (buffer.get(buffer.position()) >> 6 & 3);
        need(field, length);
        long value = switch (length) {
            case 1 -> buffer.get() & 0x3fL;
            case 2 -> buffer.getShort() & 0x3fffL;
            case 4 -> buffer.getInt() & 0x3fff_ffffL;
            default -> buffer.getLong() & Wire.MAX_VARINT;
        };
        if (WireWriter.varintLength(value) != length) {
            throw WireFormatException.malformed(
                    field + " " + value + " is written in " + length + " bytes, use the shortest form");
        }
        return bounded(field, value, min, max);
    }

    /** A signed integer, zigzag-coded into a variable-length one; must fit 32 bits. */
    public int zigzag(String field) {
        long coded = varint(field, 0, 0xffff_ffffL);
        return (int) (coded >>> 1 ^ -(coded & 1));
    }

    /** {@code length} bytes, copied; the caller has bounded the length. */
    public Bytes fixedBytes(String field, int length) {
        need(field, length);
        byte[] content = new byte[length];
        buffer.get(content);
        return Bytes.owning(content);
    }

    /** A variable-length count, then as many bytes, {@code min} to {@code max} of them. */
    public Bytes bytes(String field, int min, int max) {
        return fixedBytes(field, (int) varint(field + " length", min, max));
    }

    /** All that is left, at most {@code max} bytes. */
    public Bytes rest(String field, int max) {
        return fixedBytes(field, (int) bounded(field + " length", remaining(), 0, max));
    }

    /** A variable-length count of bytes, {@code min} to {@code max}, then as many bytes of well-formed UTF-8. */
    public String string(String field, int min, int max) {
        int length = (int) varint(field + " length", min, max);
        need(field, length);
        ByteBuffer encoded = buffer.slice(buffer.position(), length);
        try {
            CharBuffer decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(encoded);
            buffer.position(buffer.position() + length);
            return decoded.toString();
        } catch (CharacterCodingException e) {
            throw WireFormatException.malformed(field + " is not well-formed UTF-8");
        }
    }

    /** Refuses bytes after the end of {@code message}. */
    public void end(String message) {
        if (buffer.hasRemaining()) {
            throw WireFormatException.malformed(message + " is followed by " + buffer.remaining()
                    + " bytes that do not belong to it, expected none");
        }
    }

    static long bounded(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw WireFormatException.malformed(field + " is " + value + ", expected " + min + " to " + max);
        }
        return value;
    }

    private void need(String field, int bytes) {
        if (buffer.remaining() < bytes) {
            throw WireFormatException.malformed(
                    field + " needs " + bytes + " bytes, " + buffer.remaining() + " are left");
        }
    }
}
