package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what {@link BitWriter} has written, from memory of its own. Strict; not thread-safe; does not allocate. */
public final class BitReader {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_ONES = 31;

    private final byte[] bytes;
    private long position;
    private long end;

    /** @param capacity the longest string in bytes */
    public BitReader(int capacity) {
        // What is read beyond the end is zeros, and found out before it is used.
        bytes = new byte[capacity + 2 * Long.BYTES];
    }

    /**
     * Takes all that a buffer has left.
     *
     * @throws io.gamemesh.protocol.wire.WireFormatException if it is longer than the capacity
     */
    public void fill(ByteBuffer from) {
        int length = from.remaining();
        if (length > bytes.length - 2 * Long.BYTES) {
            throw malformed("bits are " + length + " bytes, expected at most " + (bytes.length - 2 * Long.BYTES));
        }
        from.get(bytes, 0, length);
        LONG.set(bytes, length, 0L);
        position = 0;
        end = (long) length * Byte.SIZE;
    }

    private long peek() {
        long word = (long) LONG.get(bytes, (int) (position >> 3));
        return word >>> (position & 7);
    }

    private void skip(int count, String what) {
        position += count;
        if (position > end) {
            throw malformed("bits end within " + what);
        }
    }

    /**
     * The next bits as a number.
     *
     * @param count 0 to 56
     */
    public long get(int count, String what) {
        long value = peek() & ((1L << count) - 1);
        skip(count, what);
        return value;
    }

    /** The next 64 bits. */
    public long getLong(String what) {
        return get(32, what) | (get(32, what) << 32);
    }

    /** The next bit. */
    public boolean getBoolean(String what) {
        return get(1, what) != 0;
    }

    /** A number that {@link BitWriter#putGolomb} has written. */
    public int getGolomb(int order, String what) {
        int ones = Long.numberOfTrailingZeros(~peek());
        if (ones + order > MAX_ONES) {
            throw malformed(what + " is too large: its code begins with " + ones + " ones, expected at most "
                    + (MAX_ONES - order));
        }
        skip(ones + 1, what);
        long value = get(ones + order, what) + (1L << (ones + order)) - (1L << order);
        if (value > Integer.MAX_VALUE) {
            throw malformed(what + " is " + value + ", expected at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** A number that {@link BitWriter#putSigned} has written. */
    public int getSigned(int order, String what) {
        int value = getGolomb(order, what);
        return (value >>> 1) ^ -(value & 1);
    }

    /**
     * Checks that nothing is left.
     *
     * @throws io.gamemesh.protocol.wire.WireFormatException if there is a whole byte, or a bit that is not 0
     */
    public void end(String what) {
        long left = end - position;
        if (left >= Byte.SIZE || (left > 0 && get((int) left, what) != 0)) {
            throw malformed(what + " has " + left + " bits more than expected");
        }
    }
}
