package io.gamemesh.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the primitives of the wire format into a buffer that grows; {@link #reset()} makes it reusable without
 * allocation. A value out of its field's range is the caller's mistake: {@link IllegalArgumentException}. Not
 * thread-safe.
 */
public final class WireWriter {

    private ByteBuffer buffer;

    public WireWriter() {
        this(256);
    }

    /** A writer with room for {@code capacity} bytes before it grows. */
    public WireWriter(int capacity) {
        this.buffer = ByteBuffer.allocate(capacity);
    }

    /** Forgets what was written. */
    public WireWriter reset() {
        buffer.clear();
        return this;
    }

    /** Bytes written since the last reset. */
    public int length() {
        return buffer.position();
    }

    /** What was written: a view, good until the next write or reset. */
    public ByteBuffer view() {
        return buffer.slice(0, buffer.position());
    }

    /** What was written, copied. */
    public Bytes toBytes() {
        return Bytes.copyOf(view());
    }

    public WireWriter u8(long value) {
        room(Byte.BYTES).put((byte) ranged("u8", value, 0, 0xff));
        return this;
    }

    public WireWriter i8(long value) {
        room(Byte.BYTES).put((byte) ranged("i8", value, Byte.MIN_VALUE, Byte.MAX_VALUE));
        return this;
    }

    public WireWriter u16(long value) {
        room(Short.BYTES).putShort((short) ranged("u16", value, 0, 0xffff));
        return this;
    }

    public WireWriter i16(long value) {
        room(Short.BYTES).putShort((short) ranged("i16", value, Short.MIN_VALUE, Short.MAX_VALUE));
        return this;
    }

    public WireWriter u32(long value) {
        room(Integer.BYTES).putInt((int) ranged("u32", value, 0, 0xffff_ffffL));
        return this;
    }

    public WireWriter i32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public WireWriter i64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public WireWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** A variable-length integer of RFC 9000, section 16, in its shortest form: 0 to 2^62 - 1. */
    public WireWriter varint(long value) {
        putVarint(room(Long.BYTES), value);
        return this;
    }

    /** A signed integer, zigzag-coded into a variable-length one. */
    public WireWriter zigzag(int value) {
        return varint(zigzagged(value));
    }

    public WireWriter fixedBytes(Bytes value) {
        room(value.length()).put(value.content());
        return this;
    }

    /** A variable-length count, then the bytes. */
    public WireWriter bytes(Bytes value) {
        return varint(value.length()).fixedBytes(value);
    }

    /** A variable-length count of bytes, then the text in UTF-8. */
    public WireWriter string(String value) {
        return bytes(Bytes.owning(value.getBytes(StandardCharsets.UTF_8)));
    }

    static long zigzagged(int value) {
        return Integer.toUnsignedLong(value << 1 ^ value >> 31);
    }

    static int varintLength(long value) {
        if (value < 1L << 6) {
            return 1;
        }
        if (value < 1L << 14) {
            return 2;
        }
        return value < 1L << 30 ? 4 : 8;
    }

    static void putVarint(ByteBuffer target, long value) {
        ranged("varint", value, 0, Wire.MAX_VARINT);
        switch (varintLength(value)) {
            case 1 -> target.put((byte) value);
            case 2 -> target.putShort((short) (value | 0x4000));
            case 4 -> target.putInt((int) (value | 0x8000_0000L));
            default -> target.putLong(value | 0xc000_0000_0000_0000L);
        }
    }

    private static long ranged(String type, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(type + " " + value + " is not within " + min + " to " + max);
        }
        return value;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
        }
        return buffer;
    }
}
