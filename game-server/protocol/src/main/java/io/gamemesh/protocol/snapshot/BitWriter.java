package io.gamemesh.protocol.snapshot;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A string of bits that grows, the least significant bit of a number first: bit <i>k</i> of the string is bit <i>k</i>
 * mod 8 of byte <i>k</i> / 8. Not thread-safe; allocates only when it grows.
 */
public final class BitWriter {

    private long[] words;
    private int bits;

    /** An empty string with room for so many 64-bit words. */
    public BitWriter(int words) {
        this.words = new long[Math.max(words, 1)];
    }

    /** Empties it. */
    public void clear() {
        Arrays.fill(words, 0, Math.min(words.length, (bits >> 6) + 1), 0);
        bits = 0;
    }

    /** Its length in bits. */
    public int length() {
        return bits;
    }

    /**
     * Appends the lowest bits of a number.
     *
     * @param value all bits above {@code count} are 0
     * @param count 0 to 64
     */
    public void put(long value, int count) {
        int word = bits >> 6;
        int shift = bits & 63;
        if (word + 2 > words.length) {
            words = Arrays.copyOf(words, words.length * 2 + 2);
        }
        words[word] |= value << shift;
        if (shift + count > Long.SIZE) {
            words[word + 1] = value >>> (Long.SIZE - shift);
        }
        bits += count;
    }

    /** Appends 1 for true, 0 for false. */
    public void put(boolean value) {
        put(value ? 1 : 0, 1);
    }

    /**
     * Appends a number as an exponential Golomb code of order k, the length in unary first (Teuhola, "A compression
     * method for clustered bit-vectors", 1978).
     *
     * @param value 0 to 2^31 - 1
     * @param order 0 to 30: how many of the lowest bits are sent as they are
     */
    public void putGolomb(int value, int order) {
        put(golomb(value, order), golombLength(value, order));
    }

    /** The code that {@link #putGolomb} appends, {@link #golombLength} bits. */
    static long golomb(int value, int order) {
        long shifted = (long) value + (1L << order);
        int significant = Long.SIZE - 1 - Long.numberOfLeadingZeros(shifted);
        int ones = significant - order;
        // ones x 1, a 0, then all but the highest bit.
        return ((1L << ones) - 1) | ((shifted & ((1L << significant) - 1)) << (ones + 1));
    }

    /** Appends a signed number, 0, -1, 1, -2, … as 0, 1, 2, 3, …; magnitudes below 2^30. */
    public void putSigned(int value, int order) {
        putGolomb((value << 1) ^ (value >> 31), order);
    }

    /** Appends a string of bits that begins at a word of another. */
    public void putAll(BitWriter from, int firstWord, int count) {
        int word = firstWord;
        int left = count;
        while (left > 0) {
            int take = Math.min(left, Long.SIZE);
            long value = from.words[word++];
            put(take == Long.SIZE ? value : value & ((1L << take) - 1), take);
            left -= take;
        }
    }

    /** Appends zeros up to the next word and returns its number. */
    public int alignToWord() {
        bits = (bits + 63) & ~63;
        return bits >> 6;
    }

    /** The 64 bits of a word, or those that there are and zeros; of a word that has been written to. */
    public long word(int word) {
        return words[word];
    }

    /** How many bits {@link #putGolomb} takes. */
    public static int golombLength(int value, int order) {
        int significant = Long.SIZE - 1 - Long.numberOfLeadingZeros((long) value + (1L << order));
        return 2 * significant - order + 1;
    }

    /** How many bits {@link #putSigned} takes. */
    public static int signedLength(int value, int order) {
        return golombLength((value << 1) ^ (value >> 31), order);
    }

    /** Copies it, filled up with zeros to a whole byte. */
    public void copyTo(ByteBuffer out) {
        int bytes = (bits + 7) >> 3;
        for (int i = 0; i < bytes; i += Long.BYTES) {
            long word = words[i >> 3];
            if (bytes - i >= Long.BYTES) {
                out.putLong(Long.reverseBytes(word));
            } else {
                for (int j = i; j < bytes; j++) {
                    out.put((byte) (word >>> ((j & 7) * Byte.SIZE)));
                }
            }
        }
    }
}
