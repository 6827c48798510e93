package io.gamemesh.protocol.terrain;

import io.gamemesh.protocol.wire.Wire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads what {@link Prediction} writes. Not thread-safe. */
final class Foretold extends Neighbours {

    /** What stands in the palette for a block that the generator made. */
    static final int UNCHANGED = -1;

    private static final int AREA = EDGE * EDGE;
    private static final int SECOND = 3;
    private static final int SYMBOL = 4;
    private static final String[] KINDS = {"quiet", "fair", "restless", "second", "symbols"};
    private static final int MAP_BYTES = VOLUME / Byte.SIZE + Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final BitReader bits;
    private final short[] palette = new short[SectionDecoder.MOST_SYMBOLS];
    private final int[] codes = new int[KINDS.length];
    private final short[] others = new short[VOLUME];
    private final boolean[] occurs = new boolean[SectionDecoder.MOST_SYMBOLS];
    private final long[] seen = new long[(Wire.MAX_BLOCKS >>> 6) + 1];
    private final short[] quietRuns = new short[VOLUME + 1];
    private final byte[] fair = new byte[MAP_BYTES];
    private final byte[] restless = new byte[MAP_BYTES];
    private final byte[] second = new byte[MAP_BYTES];
    private final short[] places = new short[VOLUME];
    private final short[] numbers = new short[VOLUME];
    private int symbols;
    private int rowSymbols;
    private int first;
    private short[] blocks = new short[0];
    private int quietRun;
    private int quietAt;
    private int fairAt;
    private int restlessAt;
    private int secondAt;
    private int placeAt;
    private int placeCount;

    Foretold(BitReader bits) {
        this.bits = bits;
    }

    /**
     * Reads a section.
     *
     * @param length where the section ends
     * @param leastValue what a palette entry of 0 stands for
     * @param into gets its blocks
     */
    void read(int length, int leastValue, short[] into) {
        blocks = into;
        bits.begin(SectionForm.HEADER, length);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = bits.bits(SectionDecoder.CODE_BITS);
        }
        readPalette(leastValue);
        rowSymbols = Math.min(symbols, SYMBOLS);
        Arrays.fill(occurs, 0, symbols, false);
        first = symbol(bits.bits(SYMBOL_BITS));
        int quietCount = readQuietRuns();
        int fairEnd = readMap(FAIR, fair);
        int restlessEnd = readMap(RESTLESS, restless);
        int secondEnd = readMap(SECOND, second);
        readPlaces();
        rows(first);
        if (symbols > SYMBOLS) {
            readOthers();
            fillOthers();
        }
        bits.end();
        requireEnd("quiet", quietCount + 1, quietAt);
        requireEnd("fair", fairEnd, fairAt);
        requireEnd("restless", restlessEnd, restlessAt);
        requireEnd("second", secondEnd, secondAt);
        requireEnd("symbols", placeCount, placeAt);
        if (symbol(row(index(0, 0)), 0) != first) {
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

    private int readQuietRuns() {
        int count = count("quiet");
        bits.numbers(codes[QUIET], quietRuns, count);
        // No run goes on after the last block.
        quietRuns[count] = VOLUME;
        quietRun = quietRuns[0];
        quietAt = 1;
        fairAt = 0;
        restlessAt = 0;
        secondAt = 0;
        placeAt = 0;
        return count;
    }

    /** A map with a bit for each block told of, in the order in which that happens, and where the last 1 of it ends. */
    private int readMap(int kind, byte[] map) {
        Arrays.fill(map, (byte) 0);
        int count = count(KINDS[kind]);
        bits.numbers(codes[kind], numbers, count);
        int end = 0;
        for (int i = 0; i < count; i++) {
            int at = end + numbers[i];
            if (at >= VOLUME) {
                throw SectionForm.malformed(
                        "section has a run to " + KINDS[kind] + " block " + at + ", expected below " + VOLUME);
            }
            map[at >>> 3] |= (byte) (1 << (at & 7));
            end = at + 1;
        }
        return end;
    }

    private void readPlaces() {
        placeCount = count(KINDS[SYMBOL]);
        bits.numbers(codes[SYMBOL], places, placeCount);
    }

    private int count(String of) {
        int count = bits.number(SectionDecoder.COUNT_ORDER);
        if (count > VOLUME) {
            throw SectionForm.malformed("section has " + count + " " + of + ", expected up to " + VOLUME);
        }
        return count;
    }

    @Override
    boolean isBehind(int index, long behind) {
        boolean isBehind = quietRun >= EDGE;
        if (isBehind) {
            quietRun -= EDGE;
        }
        return isBehind;
    }

    @Override
    void layer(int y) {
        if (y > 0) {
            System.arraycopy(blocks, (y - 1) * AREA, blocks, y * AREA, AREA);
        } else {
            Arrays.fill(blocks, 0, AREA, palette[first]);
        }
    }

    @Override
    long actual(int number, int index, long behind, long below) {
        if (behind != below) {
            System.arraycopy(blocks, (number - 1) * EDGE, blocks, number * EDGE, EDGE);
        }
        return 0;
    }

    @Override
    long fair(long blocks, long actual) {
        int at = fairAt;
        fairAt = at + Long.bitCount(blocks);
        return Long.expand((long) LONG.get(fair, at >>> 3) >>> (at & 7), blocks);
    }

    @Override
    long restless(long blocks, long actual) {
        int at = restlessAt;
        restlessAt = at + Long.bitCount(blocks);
        return Long.expand((long) LONG.get(restless, at >>> 3) >>> (at & 7), blocks);
    }

    @Override
    long quiet(long blocks, long actual) {
        int count = Long.bitCount(blocks);
        if (quietRun >= count) {
            quietRun -= count;
            return 0;
        }
        long exception = Long.expand(1L << quietRun, blocks);
        quietRun = quietRuns[quietAt++];
        return exception;
    }

    @Override
    long bits(long blocks, long actual) {
        return Long.expand(bits.few(Long.bitCount(blocks)), blocks);
    }

    @Override
    int unlikely(int number, int index, int shift, int likely, int next) {
        int symbol = unlikely(likely, next);
        blocks[number * EDGE + shift / SYMBOL_BITS] = palette[symbol];
        return symbol;
    }

    private int unlikely(int likely, int next) {
        if (next != likely) {
            int at = secondAt++;
            if (((second[at >>> 3] >>> (at & 7)) & 1) == 0) {
                return next;
            }
        }
        if (placeAt == placeCount) {
            throw SectionForm.malformed("section has " + placeCount + " symbols, expected more");
        }
        int symbol = places[placeAt++];
        symbol += symbol >= Math.min(likely, next) ? 1 : 0;
        if (next != likely) {
            symbol += symbol >= Math.max(likely, next) ? 1 : 0;
        }
        return symbol(symbol);
    }

    private int symbol(int symbol) {
        if (symbol >= rowSymbols) {
            throw SectionForm.malformed("section symbol is " + symbol + ", expected below " + rowSymbols);
        }
        occurs[symbol] = true;
        return symbol;
    }

    /** Reads which of the symbols that rows have no room for the blocks have that have the last one. */
    private void readOthers() {
        bits.requireInside();
        int kinds = symbols - LAST_SYMBOL;
        int width = SectionDecoder.bits(kinds);
        occurs[LAST_SYMBOL] = false;
        int count = 0;
        for (int i = 0; i < VOLUME; i += EDGE) {
            long row = row(index(i >>> 8, (i >>> 4) & (EDGE - 1)));
            for (long left = ~differs(~row) & differs(-1); left != 0; left &= left - 1) {
                int other = bits.bits(width);
                if (other >= kinds) {
                    throw SectionForm.malformed("section has other symbol " + other + ", expected below " + kinds);
                }
                occurs[LAST_SYMBOL + other] = true;
                others[count++] = palette[LAST_SYMBOL + other];
            }
            bits.requireInside();
        }
    }

    private static void requireEnd(String of, int end, int at) {
        if (at < end) {
            throw SectionForm.malformed("section has " + of + " up to " + end + " of which " + at
                    + " are of its blocks, expected all to be");
        }
    }

    private void requireAllOccur() {
        for (int i = 0; i < symbols; i++) {
            if (!occurs[i]) {
                throw SectionForm.malformed("section has no block of palette entry " + i + ", expected one at least");
            }
        }
    }

    private void fillOthers() {
        int count = 0;
        for (int index = 0; index < VOLUME; index += EDGE) {
            long row = row(index(index >>> 8, (index >>> 4) & (EDGE - 1)));
            for (int i = 0; i < EDGE; i++) {
                if (symbol(row, i * SYMBOL_BITS) == LAST_SYMBOL) {
                    blocks[index + i] = others[count++];
                }
            }
        }
    }
}
