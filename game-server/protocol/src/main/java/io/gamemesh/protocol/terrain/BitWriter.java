package io.gamemesh.protocol.terrain;

/** Writes bits for a {@link BitReader}. Not thread-safe. */
final class BitWriter {

    /** Logarithm of one more than the greatest number. */
    static final int LOGARITHM = 12;

    /** Greatest number of an exponential Golomb code of order 0; those of higher orders reach a little less. */
    static final int GREATEST = (1 << (LOGARITHM + 1)) - 2;

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

    /** A number in an exponential Golomb code. */
    void number(int value, int order) {
        bits(value + (1 << order), length(value, order));
    }

    /** A run that nothing ends. */
    void endless(int order) {
        bits(0, lengthOfEndless(order));
    }

    /** Bits of a number in an exponential Golomb code. */
    static int length(int value, int order) {
        int logarithm = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value + (1 << order));
        return 2 * logarithm + 1 - order;
    }

    static int lengthOfEndless(int order) {
        return LOGARITHM + 1 - order;
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
