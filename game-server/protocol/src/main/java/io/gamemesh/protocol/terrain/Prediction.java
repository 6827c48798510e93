package io.gamemesh.protocol.terrain;

import java.util.Arrays;

/**
 * Writes a section as what is not as its neighbours foretell. What is to be written is kept until the last row has come,
 * since a run is read where it begins and known where it ends, and since the orders of the codes are chosen by what they
 * are used for. Not thread-safe.
 */
final class Prediction extends Neighbours {

    private static final int QUIET = 0;
    private static final int FAIR = 1;
    private static final int SECOND = 2;
    private static final int RUNS = 3;
    private static final int SYMBOL = 3;
    private static final int CODES = 4;
    private static final int BIT = 4;

    private static final int KIND_SHIFT = 16;
    private static final int ENDLESS = 0xffff;
    private static final int NOT_BEGUN = -1;
    private static final int MOST_CHOICES = 4 * VOLUME + CODES;
    private static final int ORDERS = 1 << SectionDecoder.ORDER_BITS;
    private static final int COUNT_SHIFT = 16;

    private final BitWriter bits;
    private final int[] choices = new int[MOST_CHOICES];
    private final int[] runAt = new int[RUNS];
    private final int[] run = new int[RUNS];
    private final int[] lengths = new int[CODES * ORDERS];
    private final int[] orders = new int[CODES];
    private final int[] ranking = new int[SectionDecoder.MOST_SYMBOLS];
    private final int[] rank = new int[SectionDecoder.MOST_SYMBOLS];
    private int count;

    /** Writes into an array, after a header's room. */
    Prediction(byte[] output) {
        bits = new BitWriter(output);
    }

    /** To be called when all words are set. */
    void predict() {
        count = 0;
        Arrays.fill(runAt, NOT_BEGUN);
        int first = symbol(word(row(0, 0)), 0);
        begin(first);
        put(SYMBOL, first);
        rows();
    }

    @Override
    long half(int index, long behind, long below, long reference, long other, long situations, int firstBeside) {
        long word = word(index);
        long unquiet = unquiet(situations);
        int beside = firstBeside;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            int symbol = symbol(word, shift);
            int behindIt = symbol(behind, shift);
            int likely;
            if (((unquiet >>> shift) & 1) == 0 && beside == behindIt) {
                likely = beside;
                run(QUIET, symbol == likely);
            } else {
                int situation = situation(situations, reference, shift, beside);
                likely = likely(situation, beside, symbol(other, shift));
                if (isFair(situation)) {
                    run(FAIR, symbol == likely);
                } else {
                    put(BIT, symbol == likely ? 1 : 0);
                }
            }
            if (symbol != likely) {
                unlikely(symbol, likely, second(likely, beside, behindIt, symbol(below, shift)));
            }
            beside = symbol;
        }
        return word;
    }

    private void unlikely(int symbol, int likely, int second) {
        if (second != likely) {
            run(SECOND, symbol == second);
            if (symbol == second) {
                return;
            }
        }
        put(SYMBOL, symbol);
    }

    private void run(int kind, boolean goesOn) {
        if (runAt[kind] == NOT_BEGUN) {
            runAt[kind] = count;
            run[kind] = 0;
            put(kind, ENDLESS);
        }
        if (goesOn) {
            run[kind]++;
        } else {
            choices[runAt[kind]] = (kind << KIND_SHIFT) | run[kind];
            runAt[kind] = NOT_BEGUN;
        }
    }

    private void put(int kind, int value) {
        choices[count++] = (kind << KIND_SHIFT) | value;
    }

    /**
     * Writes it all.
     *
     * @param palette what each symbol stands for
     * @param symbols how many there are
     * @param offset what is added to an entry to have no negative one
     * @param below length to stay below, in bytes
     * @return the length with the header's room, or -1 if it would not be below
     */
    int end(short[] palette, int symbols, int offset, int below) {
        rank(symbols);
        int length = chooseOrders(palette, symbols, offset);
        if (SectionForm.HEADER + (length + Byte.SIZE - 1) / Byte.SIZE >= below) {
            return -1;
        }
        bits.begin(SectionForm.HEADER);
        for (int order : orders) {
            bits.bits(order, SectionDecoder.ORDER_BITS);
        }
        bits.number(symbols - 2, SectionDecoder.PALETTE_SIZE_ORDER);
        for (int i = 0; i < symbols; i++) {
            bits.number(palette[ranking[i]] + offset, SectionDecoder.PALETTE_ENTRY_ORDER);
        }
        for (int i = 0; i < count; i++) {
            write(choices[i] >>> KIND_SHIFT, choices[i] & ENDLESS);
        }
        return bits.end();
    }

    private void write(int kind, int value) {
        if (kind == BIT) {
            bits.bits(value, 1);
        } else if (value == ENDLESS) {
            bits.endless(orders[kind]);
        } else {
            bits.number(kind == SYMBOL ? rank[value] : value, orders[kind]);
        }
    }

    /** The symbols that are written most often get the shortest codes. */
    private void rank(int symbols) {
        Arrays.fill(rank, 0, symbols, 0);
        for (int i = 0; i < count; i++) {
            if (choices[i] >>> KIND_SHIFT == SYMBOL) {
                rank[choices[i] & ENDLESS]++;
            }
        }
        for (int i = 0; i < symbols; i++) {
            ranking[i] = ((MOST_CHOICES - rank[i]) << COUNT_SHIFT) | i;
        }
        Arrays.sort(ranking, 0, symbols);
        for (int i = 0; i < symbols; i++) {
            ranking[i] &= (1 << COUNT_SHIFT) - 1;
            rank[ranking[i]] = i;
        }
    }

    /** Chooses what makes it shortest, and says how many bits it is then. */
    private int chooseOrders(short[] palette, int symbols, int offset) {
        Arrays.fill(lengths, 0);
        int total =
                CODES * SectionDecoder.ORDER_BITS + BitWriter.length(symbols - 2, SectionDecoder.PALETTE_SIZE_ORDER);
        for (int i = 0; i < symbols; i++) {
            total += BitWriter.length(palette[i] + offset, SectionDecoder.PALETTE_ENTRY_ORDER);
        }
        for (int i = 0; i < count; i++) {
            int kind = choices[i] >>> KIND_SHIFT;
            if (kind == BIT) {
                total++;
            } else {
                addLengths(kind, choices[i] & ENDLESS);
            }
        }
        for (int kind = 0; kind < CODES; kind++) {
            int best = 0;
            for (int order = 1; order < ORDERS; order++) {
                if (lengths[kind * ORDERS + order] < lengths[kind * ORDERS + best]) {
                    best = order;
                }
            }
            orders[kind] = best;
            total += lengths[kind * ORDERS + best];
        }
        return total;
    }

    private void addLengths(int kind, int value) {
        int coded = kind == SYMBOL ? rank[value] : value;
        for (int order = 0; order < ORDERS; order++) {
            lengths[kind * ORDERS + order] +=
                    value == ENDLESS ? BitWriter.lengthOfEndless(order) : BitWriter.length(coded, order);
        }
    }
}
