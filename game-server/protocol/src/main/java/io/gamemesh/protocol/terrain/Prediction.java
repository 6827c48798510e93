package io.gamemesh.protocol.terrain;

import java.util.Arrays;

/**
 * Writes a section as what is not as its neighbours foretell. What is to be written is kept until the last row has come,
 * since a run is read where it begins and known where it ends, and since codes are chosen by what they are used for. Not
 * thread-safe.
 */
final class Prediction extends Neighbours {

    private static final int SECOND = 3;
    private static final int SYMBOL = 4;
    private static final int KINDS = 5;

    private static final int WIDTH_SHIFT = 16;
    private static final int VALUE = (1 << WIDTH_SHIFT) - 1;
    private static final int LIKELY_SHIFT = 4;
    private static final int SECOND_SHIFT = 8;

    private final BitWriter bits;
    private final int[][] numbers = new int[KINDS][VOLUME];
    private final int[] counts = new int[KINDS];
    private final int[] run = new int[KINDS];
    private final int[] told = new int[2 * VOLUME];
    private final int[] lengths = new int[BitWriter.CODES];
    private final int[] codes = new int[KINDS];
    private final int[] ranking = new int[SYMBOLS];
    private final int[] rank = new int[SYMBOLS];
    private int first;
    private int toldCount;

    /** Writes into an array, after a header's room. */
    Prediction(byte[] output) {
        bits = new BitWriter(output);
    }

    /** To be called when all rows are set. */
    void predict() {
        Arrays.fill(counts, 0);
        Arrays.fill(run, 0);
        toldCount = 0;
        first = symbol(row(index(0, 0)), 0);
        rows(first);
    }

    /** Says which of the symbols beyond those of rows a block has. */
    void other(int number, int width) {
        tell(number, width);
    }

    @Override
    boolean isBehind(int index, long behind) {
        boolean isBehind = row(index) == behind;
        if (isBehind) {
            run[QUIET] += EDGE;
        }
        return isBehind;
    }

    @Override
    void layer(int y) {
        // There is nothing to be told of it.
    }

    @Override
    long actual(int number, int index, long behind, long below) {
        return differs(row(index) ^ behind);
    }

    @Override
    long fair(long blocks, long actual) {
        return exceptions(FAIR, blocks, actual);
    }

    @Override
    long restless(long blocks, long actual) {
        return exceptions(RESTLESS, blocks, actual);
    }

    private long exceptions(int kind, long blocks, long actual) {
        long found = blocks & actual;
        long left = blocks;
        for (long rest = found; rest != 0; rest &= rest - 1) {
            left = endRun(kind, left, Long.lowestOneBit(rest));
        }
        run[kind] += Long.bitCount(left);
        return found;
    }

    @Override
    long quiet(long blocks, long actual) {
        long exception = Long.lowestOneBit(blocks & actual);
        if (exception == 0) {
            run[QUIET] += Long.bitCount(blocks);
        } else {
            endRun(QUIET, blocks, exception);
        }
        return exception;
    }

    /** Says which blocks are left. */
    private long endRun(int kind, long blocks, long exception) {
        put(kind, run[kind] + Long.bitCount(blocks & (exception - 1)));
        run[kind] = 0;
        return blocks & -(exception << 1);
    }

    @Override
    long bits(long blocks, long actual) {
        if (blocks != 0) {
            int which = 0;
            int width = 0;
            for (long left = blocks; left != 0; left &= left - 1) {
                which |= (actual & Long.lowestOneBit(left)) == 0 ? 0 : 1 << width;
                width++;
            }
            tell(which, width);
        }
        return blocks & actual;
    }

    @Override
    int unlikely(int number, int index, int shift, int likely, int second) {
        int symbol = symbol(row(index), shift);
        if (second != likely) {
            if (symbol == second) {
                run[SECOND]++;
                return symbol;
            }
            put(SECOND, run[SECOND]);
            run[SECOND] = 0;
        }
        put(SYMBOL, symbol | (likely << LIKELY_SHIFT) | (second << SECOND_SHIFT));
        return symbol;
    }

    private void put(int kind, int number) {
        numbers[kind][counts[kind]++] = number;
    }

    private void tell(int value, int width) {
        told[toldCount++] = (width << WIDTH_SHIFT) | value;
    }

    /**
     * Writes it all.
     *
     * @param palette what each symbol stands for; of rows, then others
     * @param symbols how many there are
     * @param offset what is added to an entry to have no negative one
     * @param below length to stay below, in bytes
     * @return the length with the header's room, or -1 if it would not be below
     */
    int end(short[] palette, int symbols, int offset, int below) {
        rank(symbols <= SYMBOLS ? symbols : LAST_SYMBOL);
        int length = chooseCodes(palette, symbols, offset);
        if (SectionForm.HEADER + (length + Byte.SIZE - 1) / Byte.SIZE >= below) {
            return -1;
        }
        bits.begin(SectionForm.HEADER);
        for (int code : codes) {
            bits.bits(code, SectionDecoder.CODE_BITS);
        }
        bits.number(symbols - 2, SectionDecoder.PALETTE_SIZE_ORDER);
        for (int i = 0; i < symbols; i++) {
            bits.number(palette[entry(i, symbols)] + offset, SectionDecoder.PALETTE_ENTRY_ORDER);
        }
        bits.bits(rank[first], SYMBOL_BITS);
        for (int kind = 0; kind < KINDS; kind++) {
            bits.number(counts[kind], SectionDecoder.COUNT_ORDER);
            for (int i = 0; i < counts[kind]; i++) {
                bits.number(numbers[kind][i], codes[kind]);
            }
        }
        for (int i = 0; i < toldCount; i++) {
            bits.bits(told[i] & VALUE, told[i] >>> WIDTH_SHIFT);
        }
        return bits.end();
    }

    private int entry(int place, int symbols) {
        return place < Math.min(symbols, LAST_SYMBOL) || symbols == SYMBOLS ? ranking[place] : place;
    }

    /** A symbol's place among those that are left when two are ruled out. */
    private int amongTheRest(int choice) {
        int symbol = rank[choice & LAST_SYMBOL];
        int likely = rank[(choice >>> LIKELY_SHIFT) & LAST_SYMBOL];
        int second = rank[(choice >>> SECOND_SHIFT) & LAST_SYMBOL];
        int place = symbol;
        if (symbol > likely) {
            place--;
        }
        if (second != likely && symbol > second) {
            place--;
        }
        return place;
    }

    /** The symbols that are written most often get the shortest codes. */
    private void rank(int ranked) {
        int[] symbols = numbers[SYMBOL];
        Arrays.fill(rank, 0);
        for (int i = 0; i < counts[SYMBOL]; i++) {
            rank[symbols[i] & LAST_SYMBOL]++;
        }
        for (int i = 0; i < ranked; i++) {
            ranking[i] = ((VOLUME - rank[i]) << SYMBOL_BITS) | i;
        }
        Arrays.sort(ranking, 0, ranked);
        for (int i = 0; i < ranked; i++) {
            ranking[i] &= LAST_SYMBOL;
            rank[ranking[i]] = i;
        }
        for (int i = ranked; i < SYMBOLS; i++) {
            rank[i] = i;
        }
        for (int i = 0; i < counts[SYMBOL]; i++) {
            symbols[i] = amongTheRest(symbols[i]);
        }
    }

    /** Chooses what makes it shortest, and says how many bits it is then. */
    private int chooseCodes(short[] palette, int symbols, int offset) {
        int total = KINDS * SectionDecoder.CODE_BITS
                + BitWriter.length(symbols - 2, SectionDecoder.PALETTE_SIZE_ORDER)
                + SYMBOL_BITS;
        for (int i = 0; i < symbols; i++) {
            total += BitWriter.length(palette[i] + offset, SectionDecoder.PALETTE_ENTRY_ORDER);
        }
        for (int i = 0; i < toldCount; i++) {
            total += told[i] >>> WIDTH_SHIFT;
        }
        for (int kind = 0; kind < KINDS; kind++) {
            total += BitWriter.length(counts[kind], SectionDecoder.COUNT_ORDER) + chooseCode(kind);
        }
        return total;
    }

    private int chooseCode(int kind) {
        Arrays.fill(lengths, 0);
        for (int i = 0; i < counts[kind]; i++) {
            int number = numbers[kind][i];
            for (int code = 0; code < BitWriter.CODES; code++) {
                lengths[code] += BitWriter.length(number, code);
            }
        }
        int best = 0;
        for (int code = 1; code < BitWriter.CODES; code++) {
            if (lengths[code] < lengths[best]) {
                best = code;
            }
        }
        codes[kind] = best;
        return lengths[best];
    }
}
