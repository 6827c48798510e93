package io.gamemesh.protocol.terrain;

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

    /** What {@link #run} says if nothing ends the run. */
    static final int ENDLESS = Integer.MAX_VALUE >>> 3;

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

    /** A number in an exponential Golomb code of order {@code order}, 0 to 7. */
    int number(int order) {
        int number = run(order);
        if (number == ENDLESS) {
            throw SectionForm.malformed("section number has no end, expected 0 to " + BitWriter.GREATEST);
        }
        return number;
    }

    /** As {@link #number}, or {@link #ENDLESS}. */
    int run(int order) {
        long ahead = peek();
        int zeros = Long.numberOfLeadingZeros(ahead);
        int most = BitWriter.LOGARITHM - order;
        if (zeros > most) {
            position += most + 1;
            return ENDLESS;
        }
        int length = zeros + 1 + order;
        position += zeros + length;
        return (int) (ahead << zeros >>> (Long.SIZE - length)) - (1 << order);
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
