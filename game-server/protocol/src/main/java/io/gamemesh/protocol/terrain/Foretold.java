package io.gamemesh.protocol.terrain;

import io.gamemesh.protocol.wire.Wire;
import java.util.Arrays;

/** Reads what {@link Prediction} writes. Not thread-safe. */
final class Foretold extends Neighbours {

    /** What stands in the palette for a block that the generator made. */
    static final int UNCHANGED = -1;

    private static final int NOT_BEGUN = -1;
    private static final int AREA = EDGE * EDGE;

    private final BitReader bits;
    private final short[] palette = new short[SectionDecoder.MOST_SYMBOLS];
    private final boolean[] occurs = new boolean[SectionDecoder.MOST_SYMBOLS];
    private final long[] seen = new long[(Wire.MAX_BLOCKS >>> 6) + 1];
    private int symbols;
    private int symbolOrder;
    private int quietOrder;
    private int fairOrder;
    private int secondOrder;
    private int quietRun;
    private int fairRun;
    private int secondRun;

    Foretold(BitReader bits) {
        this.bits = bits;
    }

    /**
     * Reads the symbols of a section.
     *
     * @param length where the section ends
     * @param leastValue what a palette entry of 0 stands for
     */
    void read(int length, int leastValue) {
        bits.begin(SectionForm.HEADER, length);
        quietOrder = bits.bits(SectionDecoder.ORDER_BITS);
        fairOrder = bits.bits(SectionDecoder.ORDER_BITS);
        secondOrder = bits.bits(SectionDecoder.ORDER_BITS);
        symbolOrder = bits.bits(SectionDecoder.ORDER_BITS);
        readPalette(leastValue);
        Arrays.fill(occurs, 0, symbols, false);
        quietRun = NOT_BEGUN;
        fairRun = NOT_BEGUN;
        secondRun = NOT_BEGUN;
        int first = symbol();
        begin(first);
        rows();
        bits.end();
        requireEnd("quiet", quietRun);
        requireEnd("fair", fairRun);
        requireEnd("second", secondRun);
        if (symbol(word(row(0, 0)), 0) != first) {
            throw SectionForm.malformed("first block of the section is not " + first + ", which it was said to be");
        }
        requireAllOccur();
    }

    private void readPalette(int leastValue) {
        symbols = bits.number(SectionDecoder.PALETTE_SIZE_ORDER) + 2;
        if (symbols > SectionDecoder.MOST_SYMBOLS) {
            throw SectionForm.malformed(
                    "section palette size is " + symbols + ", expected 2 to " + SectionDecoder.MOST_SYMBOLS);
        }
        Arrays.fill(seen, 0);
        for (int i = 0; i < symbols; i++) {
            int value = bits.number(SectionDecoder.PALETTE_ENTRY_ORDER);
            bits.requireInside();
            int block = value + leastValue;
            if (block >= Wire.MAX_BLOCKS) {
                throw SectionForm.malformed(
                        "section palette entry is " + block + ", expected below " + Wire.MAX_BLOCKS);
            }
            if (((seen[value >>> 6] >>> value) & 1) != 0) {
                throw SectionForm.malformed("section palette has block " + block + " twice, expected once");
            }
            seen[value >>> 6] |= 1L << value;
            palette[i] = (short) block;
        }
        if (leastValue == UNCHANGED && (seen[0] & 1) == 0) {
            throw SectionForm.malformed("section palette has no entry for unchanged blocks, expected one");
        }
    }

    @Override
    void row(int row) {
        if (quietRun >= EDGE && isQuiet(row)) {
            quietRun -= EDGE;
            repeatBehind(row);
        } else {
            super.row(row);
            bits.requireInside();
        }
    }

    @Override
    long half(int index, long behind, long below, long reference, long other, long situations, int firstBeside) {
        long unquiet = unquiet(situations);
        long ends = ends(situations, unquiet);
        long word = behind;
        int beside = firstBeside;
        int shift = 0;
        while (shift < Long.SIZE) {
            int likely;
            if (((unquiet >>> shift) & 1) == 0 && beside == symbol(behind, shift)) {
                if (quietRun == NOT_BEGUN) {
                    quietRun = bits.run(quietOrder);
                }
                int end = Math.min(Long.numberOfTrailingZeros((ends >>> shift) & ~1L), Long.SIZE - shift);
                int run = quietRun << 3;
                if (run >= end) {
                    quietRun -= end >>> 3;
                    shift += end;
                    beside = symbol(behind, shift - Byte.SIZE);
                    continue;
                }
                shift += run;
                quietRun = NOT_BEGUN;
                beside = symbol(behind, shift);
                likely = beside;
            } else {
                int situation = situation(situations, reference, shift, beside);
                likely = likely(situation, beside, symbol(other, shift));
                if (isFair(situation) ? isFairOneLikely() : bits.bit()) {
                    word = with(word, likely, shift);
                    beside = likely;
                    shift += Byte.SIZE;
                    continue;
                }
            }
            beside = unlikely(likely, second(likely, beside, symbol(behind, shift), symbol(below, shift)));
            word = with(word, beside, shift);
            shift += Byte.SIZE;
        }
        return word;
    }

    private static long with(long word, int symbol, int shift) {
        return (word & ~(0xffL << shift)) | ((long) symbol << shift);
    }

    private boolean isFairOneLikely() {
        if (fairRun == NOT_BEGUN) {
            fairRun = bits.run(fairOrder);
        }
        return fairRun-- > 0;
    }

    private int unlikely(int likely, int second) {
        if (second != likely) {
            if (secondRun == NOT_BEGUN) {
                secondRun = bits.run(secondOrder);
            }
            if (secondRun-- > 0) {
                return second;
            }
        }
        int symbol = symbol();
        if (symbol == likely || symbol == second) {
            throw SectionForm.malformed("section symbol is " + symbol + ", which had been ruled out");
        }
        return symbol;
    }

    private int symbol() {
        int symbol = bits.number(symbolOrder);
        if (symbol >= symbols) {
            throw SectionForm.malformed("section symbol is " + symbol + ", expected below " + symbols);
        }
        occurs[symbol] = true;
        return symbol;
    }

    private static void requireEnd(String runs, int run) {
        if (run != NOT_BEGUN && run < BitReader.ENDLESS - VOLUME) {
            throw SectionForm.malformed("section has " + run + " " + runs
                    + " blocks left of a run, expected all of them to be there or the run to be endless");
        }
    }

    private void requireAllOccur() {
        for (int i = 0; i < symbols; i++) {
            if (!occurs[i]) {
                throw SectionForm.malformed("section has no block of palette entry " + i + ", expected one at least");
            }
        }
    }

    /** Writes the blocks of what was read. */
    void fill(short[] blocks) {
        int filled = 0;
        for (int index = 0; index < VOLUME; index += EDGE) {
            int row = row(index >>> 8, (index >>> 4) & (EDGE - 1));
            if (index < AREA || !repeatsBelow(row)) {
                repeatBelow(blocks, filled, index);
                long first = word(row);
                if (first == word(row + 1) && first == Long.rotateRight(first, Byte.SIZE)) {
                    Arrays.fill(blocks, index, index + EDGE, palette[symbol(first, 0)]);
                } else {
                    fill(blocks, index, first);
                    fill(blocks, index + Long.BYTES, word(row + 1));
                }
                filled = index + EDGE;
            } else if (index - filled == AREA) {
                repeatBelow(blocks, filled, index);
                filled = index;
            }
        }
        repeatBelow(blocks, filled, VOLUME);
    }

    private static void repeatBelow(short[] blocks, int from, int until) {
        if (until > from) {
            System.arraycopy(blocks, from - AREA, blocks, from, until - from);
        }
    }

    private void fill(short[] blocks, int index, long word) {
        for (int i = 0; i < Long.BYTES; i++) {
            blocks[index + i] = palette[symbol(word, i * Byte.SIZE)];
        }
    }

    /** Writes over blocks those that have changed. */
    void change(short[] blocks) {
        int index = 0;
        for (int y = 0; y < EDGE; y++) {
            for (int z = 0; z < EDGE; z++) {
                int row = row(y, z);
                for (int half = row; half < row + ROW; half++) {
                    long word = word(half);
                    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE, index++) {
                        short block = palette[symbol(word, shift)];
                        if (block != UNCHANGED) {
                            blocks[index] = block;
                        }
                    }
                }
            }
        }
    }
}
