package io.gamemesh.protocol.terrain;

import java.util.Arrays;

/**
 * The symbols of a section's blocks, a row of sixteen to a word, and how a row comes about: it is the row behind it, but
 * for those blocks that are told. Which blocks are likely to differ from the one behind is seen by comparing rows that are
 * complete, all blocks of a row at once; one bit of each four stands for a block then. What stands for the neighbours of
 * blocks at the section's faces, and every rule, is in {@code docs/protocol.md}. Both sides ask the same in the same order.
 * Not thread-safe.
 */
abstract class Neighbours {

    static final int EDGE = 16;
    static final int VOLUME = EDGE * EDGE * EDGE;

    /** Bits of a symbol in a row. */
    static final int SYMBOL_BITS = 4;

    /** How many symbols there are. */
    static final int SYMBOLS = 1 << SYMBOL_BITS;

    static final int LAST_SYMBOL = SYMBOLS - 1;

    /** Blocks whose neighbours all agree. */
    static final int QUIET = 0;

    /** Blocks of which about each tenth is not as behind. */
    static final int FAIR = 1;

    /** Blocks of which about each third or fourth is not as behind. */
    static final int RESTLESS = 2;

    // A row behind the first one of each layer, two layers below the first one.
    private static final int LAYER = EDGE + 1;
    private static final int LAYERS_BELOW = 2;

    private static final long LOWEST = 0x1111111111111111L;
    private static final long LOW_BITS = 0x7777777777777777L;
    private static final long LAST = (long) LAST_SYMBOL << (Long.SIZE - SYMBOL_BITS);

    private final long[] rows = new long[LAYER * (EDGE + LAYERS_BELOW)];

    /** Goes over all rows; {@code symbol} is the first block's. */
    final void rows(int symbol) {
        Arrays.fill(rows, 0, LAYERS_BELOW * LAYER, symbol * LOWEST);
        for (int y = 0; y < EDGE; y++) {
            int layer = (y + LAYERS_BELOW) * LAYER;
            long behind = rows[layer - LAYER + 1];
            long back = rows[layer - LAYER];
            rows[layer] = behind;
            layer(y);
            for (int z = 0; z < EDGE; z++) {
                int index = layer + 1 + z;
                long below = rows[index - LAYER];
                boolean alike = behind == below && below == back && behind == Long.rotateRight(behind, SYMBOL_BITS);
                if (!alike || !isBehind(index, behind)) {
                    behind = row(y * EDGE + z, index, behind, below, back);
                }
                rows[index] = behind;
                back = below;
            }
        }
    }

    /**
     * A row that isn't quiet and equal to the one behind throughout.
     *
     * @param number of the row, from below and behind
     * @param back what is behind the row below
     */
    private long row(int number, int index, long behind, long below, long back) {
        long b = differs(behind ^ below);
        long h = differs(behind ^ back);
        long d = differs(below ^ back);
        long left = differs(behind ^ besideLeft(behind));
        long right = left >>> SYMBOL_BITS;
        long any = left | right;
        long one = left ^ right;
        long level = b & ~d;
        long upright = b & ~h;
        long restless = (level & one) | (upright & ~any) | (h & ~b & any);
        long unsure = (level & left & right) | (upright & any) | (b & h & d);
        long quiet = LOWEST & ~(b | h | any);
        long fair = LOWEST & ~(quiet | restless | unsure);
        long actual = actual(number, index, behind, below);
        long told = fair(fair, actual) | restless(restless, actual) | bits(unsure, actual);
        long spread = spread(told, quiet, actual);
        told |= spread;
        long open = quiet & ~asked(told, quiet);
        while (open != 0) {
            long exception = quiet(open, actual);
            if (exception == 0) {
                break;
            }
            open &= -(exception << 1);
            spread = spread(exception, open, actual);
            told |= exception | spread;
            open &= ~asked(exception | spread, open);
        }
        return told == 0 ? behind : replace(behind, below, back, told, number, index);
    }

    /** Beside a block that differs, its neighbours are asked for, and theirs if they do. */
    private long spread(long differing, long open, long actual) {
        long found = 0;
        long left = open;
        long ask = asked(differing, left);
        while (ask != 0) {
            long last = bits(ask, actual);
            found |= last;
            left &= ~ask;
            ask = asked(last, left);
        }
        return found;
    }

    private static long asked(long differing, long open) {
        return ((differing << SYMBOL_BITS) | (differing >>> SYMBOL_BITS)) & open;
    }

    private long replace(long behind, long below, long back, long told, int number, int index) {
        long row = behind;
        long right = (behind >>> SYMBOL_BITS) | (behind & LAST);
        for (long left = told; left != 0; left &= left - 1) {
            int shift = Long.numberOfTrailingZeros(left);
            int likely = symbol(behind, shift);
            int lower = symbol(below, shift) == likely ? symbol(back, shift) : symbol(below, shift);
            int later = symbol(right, shift) == likely ? lower : symbol(right, shift);
            int beside = symbol(besideLeft(row), shift);
            int second = beside == likely ? later : beside;
            row ^= (long) (likely ^ unlikely(number, index, shift, likely, second)) << shift;
        }
        return row;
    }

    private static long besideLeft(long row) {
        return (row << SYMBOL_BITS) | (row & LAST_SYMBOL);
    }

    /** The lowest bit of each four that are not all 0. */
    static long differs(long difference) {
        return ((((difference & LOW_BITS) + LOW_BITS) | difference) >>> (SYMBOL_BITS - 1)) & LOWEST;
    }

    /** True if a row of quiet blocks is as the one behind, and that need not be looked at further. */
    abstract boolean isBehind(int index, long behind);

    /** A layer begins. */
    abstract void layer(int y);

    /** Which blocks of a row that needs to be looked at are not as behind, if that is known already. */
    abstract long actual(int number, int index, long behind, long below);

    /** Which of some blocks are not as behind, of the kind of which about each tenth is not. */
    abstract long fair(long blocks, long actual);

    /** Which of some blocks are not as behind, of the kind of which about each third or fourth is not. */
    abstract long restless(long blocks, long actual);

    /** The first of some blocks whose neighbours agree that is not as behind; 0 if there is none. */
    abstract long quiet(long blocks, long actual);

    /** Which of some blocks are not as behind, of each of which a bit tells. */
    abstract long bits(long blocks, long actual);

    /** What a block is that is not as is likely: most likely the second, if that isn't the same. */
    abstract int unlikely(int number, int index, int shift, int likely, int second);

    /** Where a row is kept. */
    static int index(int y, int z) {
        return (y + LAYERS_BELOW) * LAYER + z + 1;
    }

    final long row(int index) {
        return rows[index];
    }

    final void set(int index, long row) {
        rows[index] = row;
    }

    static int symbol(long row, int shift) {
        return (int) (row >>> shift) & LAST_SYMBOL;
    }
}
