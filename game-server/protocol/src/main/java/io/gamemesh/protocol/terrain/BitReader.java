package io.gamemesh.protocol.terrain;

import io.gamemesh.protocol.wire.WireFormatException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads bits, the highest of a byte first. It may read on into zeros for a while after the end, so that whoever reads
 * need not look after each bit, but has to ask {@link #requireInside} at least every {@value #ALLOWANCE} bytes. Not
 * thread-safe.
 */
final class BitReader {

    /** How many bytes may be read after the end before somebody asks. */
    static final int ALLOWANCE = 512;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private int position;
    private int end;

    /** Reads from arrays of up to that many bytes. */
    BitReader(int capacity) {
        bytes = new byte[capacity + ALLOWANCE + Long.BYTES];
    }

    /** Where to put what is to be read; up to the capacity. */
    byte[] bytes() {
        return bytes;
    }

    /** Begins to read at a byte, up to another. */
    void begin(int first, int until) {
        position = first * Byte.SIZE;
        end = until * Byte.SIZE;
        Arrays.fill(bytes, until, until + ALLOWANCE + Long.BYTES, (byte) 0);
    }

    private long peek() {
        return (long) LONG.get(bytes, position >>> 3) << (position & 7);
    }

    boolean bit() {
        int at = position++;
        return (bytes[at >>> 3] << (at & 7) & 0x80) != 0;
    }

    /** That many bits, 1 to 32. */
    int bits(int count) {
        int value = (int) (peek() >>> (Long.SIZE - count));
        position += count;
        return value;
    }

    /** That many bits, 0 to 32. */
    int few(int count) {
        int value = (int) (peek() >>> 1 >>> (Long.SIZE - 1 - count));
        position += count;
        return value;
    }

    /** A number in a code, one of {@value BitWriter#CODES}. */
    int number(int code) {
        long ahead = peek();
        int zeros = Long.numberOfLeadingZeros(ahead);
        int order = code & (BitWriter.ORDERS - 1);
        if (code >= BitWriter.RICE) {
            if (zeros > BitWriter.MOST_ZEROS) {
                throw endless(zeros, BitWriter.MOST_ZEROS);
            }
            position += zeros + 1 + order;
            return (zeros << order) | (int) (ahead << zeros << 1 >>> 1 >>> (Long.SIZE - 1 - order));
        }
        if (zeros > BitWriter.LOGARITHM - order) {
            throw endless(zeros, BitWriter.LOGARITHM - order);
        }
        int length = zeros + 1 + order;
        position += zeros + length;
        return (int) (ahead << zeros >>> (Long.SIZE - length)) - (1 << order);
    }

    /** That many numbers in a code, all of which are inside. */
    void numbers(int code, short[] numbers, int count) {
        int order = code & (BitWriter.ORDERS - 1);
        boolean isRice = code >= BitWriter.RICE;
        int most = isRice ? BitWriter.MOST_ZEROS : BitWriter.LOGARITHM - order;
        int at = position;
        for (int i = 0; i < count; i++) {
            if (at >= end) {
                position = end + 1;
                break;
            }
            long ahead = (long) LONG.get(bytes, at >>> 3) << (at & 7);
            int zeros = Long.numberOfLeadingZeros(ahead);
            if (zeros > most) {
                throw endless(zeros, most);
            }
            if (isRice) {
                at += zeros + 1 + order;
                numbers[i] = (short) ((zeros << order) | (int) (ahead << zeros << 1 >>> 1 >>> (Long.SIZE - 1 - order)));
            } else {
                int length = zeros + 1 + order;
                at += zeros + length;
                numbers[i] = (short) ((int) (ahead << zeros >>> (Long.SIZE - length)) - (1 << order));
            }
        }
        position = Math.max(position, at);
        requireInside();
    }

    private static WireFormatException endless(int zeros, int most) {
        return SectionForm.malformed("section number begins with " + zeros + " zeros, expected up to " + most);
    }

    /** Refuses to have read beyond the end. */
    void requireInside() {
        if (position > end) {
            throw SectionForm.malformed("section goes on after its last bit, expected its end");
        }
    }

    /** Refuses anything after this but less than a byte of zeros. */
    void end() {
        requireInside();
        int rest = end - position;
        if (rest >= Byte.SIZE) {
            throw SectionForm.malformed(
                    "section is followed by " + rest / Byte.SIZE + " bytes that do not belong to it, expected none");
        }
        if (rest > 0 && bits(rest) != 0) {
            throw SectionForm.malformed("the last " + rest + " bits of the section are not 0");
        }
    }
}
