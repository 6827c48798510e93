package io.gamemesh.core.sync;

import java.util.Arrays;

/** What a client is to be told in a tick, by rising number. Used again and again, and packed, since it is long. Not thread-safe. */
final class DueList {

    /** In place of an age: there is no record to refer to. */
    static final int APPEARED = 0;
    /** In place of an age: it is gone. */
    static final int LEFT = -1;

    // Of each two words: from the lowest bit on number, how many bits it takes, how many of these are the difference,
    // how
    // urgent it is, the age less LEFT and whether it is in step; then the difference, or where that is if it is longer.
    private static final int STRIDE = 2;
    private static final int NUMBER_BITS = 16;
    private static final int SIZE_BITS = 12;
    private static final int LENGTH_SHIFT = NUMBER_BITS + SIZE_BITS;
    private static final int LEVEL_SHIFT = LENGTH_SHIFT + SIZE_BITS;
    private static final int AGE_SHIFT = LEVEL_SHIFT + Byte.SIZE;
    private static final int IN_STEP_SHIFT = AGE_SHIFT + Byte.SIZE;
    private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;
    private static final int BYTE_MASK = (1 << Byte.SIZE) - 1;

    private long[] words = new long[256 * STRIDE];
    private int count;
    private long total;

    void clear() {
        count = 0;
        total = 0;
    }

    int count() {
        return count;
    }

    /** How many bits all of it takes, its numbers not counted. */
    long total() {
        return total;
    }

    /**
     * Adds what has a greater number than all before.
     *
     * @param size how many bits it takes, its number not counted, up to 4,095
     * @param level how urgent it is, 0 to 255
     * @param age of the record that it is told as a difference from, or {@link #APPEARED} or {@link #LEFT}
     * @param length how many bits the difference has
     * @param difference its bits, or if these are more than 64 where it is
     */
    void add(int number, int size, int level, int age, int length, long difference, boolean inStep) {
        int at = count++ * STRIDE;
        if (at == words.length) {
            words = Arrays.copyOf(words, 2 * at);
        }
        words[at] = number
                | ((long) size << NUMBER_BITS)
                | ((long) length << LENGTH_SHIFT)
                | ((long) level << LEVEL_SHIFT)
                | ((long) (age - LEFT) << AGE_SHIFT)
                | ((inStep ? 1L : 0L) << IN_STEP_SHIFT);
        words[at + 1] = difference;
        total += size;
    }

    /** All but the difference, for the functions below. */
    long word(int index) {
        return words[index * STRIDE];
    }

    static int number(long word) {
        return (int) word & ((1 << NUMBER_BITS) - 1);
    }

    static int size(long word) {
        return (int) (word >>> NUMBER_BITS) & SIZE_MASK;
    }

    static int level(long word) {
        return (int) (word >>> LEVEL_SHIFT) & BYTE_MASK;
    }

    static int age(long word) {
        return ((int) (word >>> AGE_SHIFT) & BYTE_MASK) + LEFT;
    }

    static int length(long word) {
        return (int) (word >>> LENGTH_SHIFT) & SIZE_MASK;
    }

    static boolean isInStep(long word) {
        return (word >>> IN_STEP_SHIFT) != 0;
    }

    /** The bits of a difference, or if these are more than 64 where it is. */
    long difference(int index) {
        return words[index * STRIDE + 1];
    }

    void setLevel(int index, int level) {
        long others = words[index * STRIDE] & ~((long) BYTE_MASK << LEVEL_SHIFT);
        words[index * STRIDE] = others | ((long) level << LEVEL_SHIFT);
    }

    /** Puts something in an earlier place. */
    void move(int from, int to) {
        words[to * STRIDE] = words[from * STRIDE];
        words[to * STRIDE + 1] = words[from * STRIDE + 1];
    }

    /** Leaves only so many of the first. */
    void cut(int most) {
        count = most;
    }
}
