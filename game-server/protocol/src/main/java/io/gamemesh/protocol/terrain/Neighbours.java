package io.gamemesh.protocol.terrain;

import java.util.Arrays;

/**
 * The symbols of a section's blocks, eight to a word, and what those of them that come before a block foretell of it.
 * Half a row is looked at at a time, so that its neighbours are in a few words; most blocks are then seen to be
 * <em>quiet</em> without looking at each. What stands for the neighbours of blocks at the section's faces, and every
 * rule, is in {@code docs/protocol.md}. Both sides ask the same in the same order. Not thread-safe.
 */
abstract class Neighbours {

    static final int EDGE = 16;
    static final int VOLUME = EDGE * EDGE * EDGE;

    /** Words of a row. */
    static final int ROW = EDGE / Long.BYTES;

    // A row behind the first one of each layer, two layers below the first one.
    private static final int LAYER = ROW * (EDGE + 1);
    private static final int LAYERS_BELOW = 2;

    private static final long BYTES = 0x0101010101010101L;
    private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
    private static final long LAST = 0xffL << (Long.SIZE - Byte.SIZE);

    private static final int SAME_AS_REFERENCE = 16;

    /** Bit n: blocks in situation n are likely to be as their other neighbour, the rest as the one beside them. */
    private static final int AS_OTHER = situations(1, 3, 5, 7, 9, 11, 13, 15, 16, 24);

    /** Bit n: blocks in situation n mostly are what they are likely to be; counted on generated and edited terrain. */
    private static final int FAIR = situations(1, 2, 4, 5, 6, 9, 14, 18, 19, 21, 22, 26, 27, 28, 29, 30);

    private final long[] words = new long[LAYER * (EDGE + LAYERS_BELOW)];

    private static int situations(int... numbers) {
        int bits = 0;
        for (int number : numbers) {
            bits |= 1 << number;
        }
        return bits;
    }

    /** To be called first; {@code symbol} is the first block's. */
    final void begin(int symbol) {
        Arrays.fill(words, 0, LAYERS_BELOW * LAYER, symbol * BYTES);
    }

    /** Goes over all rows. */
    final void rows() {
        for (int layer = LAYERS_BELOW * LAYER; layer < words.length; layer += LAYER) {
            words[layer] = words[layer - LAYER + ROW];
            words[layer + 1] = words[layer - LAYER + ROW + 1];
            for (int row = layer + ROW; row < layer + LAYER; row += ROW) {
                row(row);
            }
        }
    }

    /** Goes over a row, of which the number of the first word is given. */
    void row(int row) {
        long behind = words[row - ROW];
        long next = words[row - ROW + 1];
        long below = words[row - LAYER];
        long belowNext = words[row - LAYER + 1];
        long back = words[row - LAYER - ROW];
        long first = half(
                row,
                behind,
                (behind >>> Byte.SIZE) | (next << (Long.SIZE - Byte.SIZE)),
                (behind << Byte.SIZE) | (back & 0xff),
                below,
                (below << Byte.SIZE) | (words[row - 2 * LAYER] & 0xff),
                back,
                (int) below & 0xff);
        words[row] = first;
        words[row + 1] = half(
                row + 1,
                next,
                (next >>> Byte.SIZE) | (next & LAST),
                (next << Byte.SIZE) | (behind >>> (Long.SIZE - Byte.SIZE)),
                belowNext,
                (belowNext << Byte.SIZE) | (below >>> (Long.SIZE - Byte.SIZE)),
                words[row - LAYER - ROW + 1],
                (int) (first >>> (Long.SIZE - Byte.SIZE)));
    }

    /**
     * Compares the neighbours of half a row.
     *
     * @param ahead what is beside those behind, one further
     * @param diagonal what is beside those behind, one before
     * @param back what is behind those below
     */
    private long half(
            int index, long behind, long ahead, long diagonal, long below, long belowBeside, long back, int beside) {
        // Of each byte the highest bit says whether two neighbours differ. Written out, as a method isn't always
        // inlined.
        long s = belowBeside ^ below;
        long h = back ^ below;
        long a = ahead ^ behind;
        long b = behind ^ below;
        s = (((s & LOW_BITS) + LOW_BITS) | s) & ~LOW_BITS;
        h = (((h & LOW_BITS) + LOW_BITS) | h) & ~LOW_BITS;
        a = (((a & LOW_BITS) + LOW_BITS) | a) & ~LOW_BITS;
        b = (((b & LOW_BITS) + LOW_BITS) | b) & ~LOW_BITS;
        long both = s & h;
        long reference = diagonal ^ ((diagonal ^ behind) & ((s << 1) - (s >>> 7)));
        long other = behind ^ ((behind ^ below) & ((both << 1) - (both >>> 7)));
        return half(index, behind, below, reference, other, (s >>> 7) | (h >>> 6) | (a >>> 5) | (b >>> 4), beside);
    }

    /**
     * Goes over half a row; each argument has a byte for each of its blocks.
     *
     * @param index number of its word
     * @param behind what is behind
     * @param below what is below
     * @param reference what tells, by being equal to what is beside or not, whose example is followed
     * @param other the neighbour that a block is like if not the one beside it
     * @param situations how neighbours agree, without the one beside
     * @param beside what is beside the first block
     * @return the word
     */
    abstract long half(int index, long behind, long below, long reference, long other, long situations, int beside);

    /** Where a row has its words. */
    static int row(int y, int z) {
        return (y + LAYERS_BELOW) * LAYER + (z + 1) * ROW;
    }

    final long word(int index) {
        return words[index];
    }

    final void set(int index, long word) {
        words[index] = word;
    }

    /** True if a row is equal to the one below. */
    final boolean repeatsBelow(int row) {
        return words[row] == words[row - LAYER] && words[row + 1] == words[row + 1 - LAYER];
    }

    /** True if all of a row is quiet and its neighbours are of one kind, for as long as the blocks are as they are. */
    final boolean isQuiet(int row) {
        long behind = words[row - ROW];
        return behind == words[row - ROW + 1]
                && behind == Long.rotateRight(behind, Byte.SIZE)
                && words[row - LAYER] == words[row - LAYER - ROW]
                && words[row - LAYER + 1] == words[row - LAYER - ROW + 1]
                && (words[row - LAYER] & 0xff) == (behind & 0xff);
    }

    /** Makes a row equal to the one behind. */
    final void repeatBehind(int row) {
        words[row] = words[row - ROW];
        words[row + 1] = words[row - ROW + 1];
    }

    /** The lowest bit of each byte whose block is not quiet, whatever is beside it. */
    static long unquiet(long situations) {
        long besideOrBehind = situations | (situations >>> 1);
        long both = situations & (situations >>> 1);
        return ((situations >>> 2) | both) & ((situations >>> 3) | besideOrBehind) & BYTES;
    }

    /** The lowest bit of each byte whose block ends a row of quiet ones before it. */
    static long ends(long situations, long unquiet) {
        return unquiet | (((situations >>> 2) & BYTES) << Byte.SIZE);
    }

    /** A block's situation: what its odds depend on. */
    static int situation(long situations, long reference, int shift, int beside) {
        return symbol(situations, shift) | (beside == symbol(reference, shift) ? SAME_AS_REFERENCE : 0);
    }

    /** What a block most likely is. */
    static int likely(int situation, int beside, int other) {
        return beside ^ ((beside ^ other) & -((AS_OTHER >>> situation) & 1));
    }

    /** A neighbour that is not the likeliest, or the likeliest if there is none. */
    static int second(int likely, int beside, int behind, int below) {
        if (beside != likely) {
            return beside;
        }
        return behind != likely ? behind : below;
    }

    /** True if the likeliest mostly is right in a situation. */
    static boolean isFair(int situation) {
        return ((FAIR >>> situation) & 1) != 0;
    }

    static int symbol(long word, int shift) {
        return (int) (word >>> shift) & 0xff;
    }
}
