package io.gamemesh.protocol.terrain;

/** Writes bits for a {@link BitReader}. Not thread-safe. */
final class BitWriter {

    /** Logarithm of one more than the greatest number. */
    static final int LOGARITHM = 12;

    /** Greatest number of an exponential Golomb code of order 0; those of higher orders reach a little less. */
    static final int GREATEST = (1 << (LOGARITHM + 1)) - 2;

    /** Orders of each kind of code. */
    static final int ORDERS = 8;

    /** Codes: exponential Golomb codes by their orders, then, from here on, Rice codes. */
    static final int RICE = ORDERS;

    static final int CODES = 2 * ORDERS;

    /** Most zeros before the 1 of a Rice code. */
    static final int MOST_ZEROS = 15;

    /** Longer than anything. */
    static final int TOO_LONG = 1 << 14;

    private final byte[] bytes;
    private int position;
    private long pending;
    private int count;

    /** Writes into an array. */
    BitWriter(byte[] bytes) {
        this.bytes = bytes;
    }

    void begin(int first) {
        position = first;
        pending = 0;
        count = 0;
    }

    /** That many bits, 1 to 32. */
    void bits(int value, int bits) {
        pending = (pending << bits) | value;
        count += bits;
        for (; count >= Byte.SIZE; count -= Byte.SIZE) {
            bytes[position++] = (byte) (pending >>> (count - Byte.SIZE));
        }
    }

    /** A number in a code. */
    void number(int value, int code) {
        int order = code & (ORDERS - 1);
        if (code >= RICE) {
            bits((1 << order) | (value & ((1 << order) - 1)), (value >>> order) + 1 + order);
        } else {
            bits(value + (1 << order), length(value, code));
        }
    }

    /** Bits of a number in a code; {@link #TOO_LONG} if it can't be said. */
    static int length(int value, int code) {
        int order = code & (ORDERS - 1);
        if (code >= RICE) {
            int zeros = value >>> order;
            return zeros > MOST_ZEROS ? TOO_LONG : zeros + 1 + order;
        }
        int logarithm = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value + (1 << order));
        return 2 * logarithm + 1 - order;
    }

    /**
     * Fills the last byte with zeros.
     *
     * @return where it ends
     */
    int end() {
        if (count > 0) {
            bits(0, Byte.SIZE - count);
        }
        return position;
    }
}
