package io.gamemesh.core.voxel;

import java.util.Arrays;

/**
 * The blocks of a section as indexes into a palette, packed into words: block i is in word {@code i * bits / 64}, lowest
 * bits first. Widths are powers of two, so that no index straddles two words. A palette may have kinds that do not occur.
 *
 * <p>As immutable as its arrays are left alone; who writes to them, has them for itself.
 */
final class Packed {

    private static final int VOLUME = Section.VOLUME;
    private static final long[] NONE = {};
    private static final int FEW = 16;

    private final short[] palette;
    private final int bits;
    private final long[] words;

    /**
     * Blocks in those arrays, which are not copied.
     *
     * @param palette kinds of block; at least one
     * @param bits of an index: 0, 1, 2, 4, 8 or 16
     * @param words the indexes; empty if there are 0 bits
     */
    Packed(short[] palette, int bits, long[] words) {
        this.palette = palette;
        this.bits = bits;
        this.words = words;
    }

    short[] palette() {
        return palette;
    }

    int bits() {
        return bits;
    }

    long[] words() {
        return words;
    }

    static Packed uniform(short block) {
        return new Packed(new short[] {block}, 0, NONE);
    }

    static Packed of(short[] blocks) {
        short[] kindAt = new short[VOLUME];
        short[] palette = new short[FEW];
        int kinds = 1;
        palette[0] = blocks[0];
        short[] kindPlusOneOf = {};
        short before = blocks[0];
        short kind = 0;
        for (int i = 1; i < VOLUME; i++) {
            short block = blocks[i];
            if (block != before) {
                before = block;
                int found;
                if (kinds <= FEW) {
                    found = indexOf(palette, kinds, block);
                } else {
                    kindPlusOneOf = roomFor(kindPlusOneOf, block, palette, kinds);
                    found = kindPlusOneOf[block & 0xffff] - 1;
                }
                if (found < 0) {
                    if (kinds == palette.length) {
                        palette = Arrays.copyOf(palette, kinds * 2);
                    }
                    palette[kinds] = block;
                    found = kinds++;
                    if (kindPlusOneOf.length > 0) {
                        kindPlusOneOf[block & 0xffff] = (short) kinds;
                    }
                }
                kind = (short) found;
            }
            kindAt[i] = kind;
        }
        return kinds == 1 ? uniform(blocks[0]) : pack(Arrays.copyOf(palette, kinds), bitsFor(kinds), kindAt);
    }

    private static short[] roomFor(short[] kindPlusOneOf, short block, short[] palette, int kinds) {
        int id = block & 0xffff;
        if (kindPlusOneOf.length > 0 && id < kindPlusOneOf.length) {
            return kindPlusOneOf;
        }
        int highest = id;
        for (int i = 0; i < kinds; i++) {
            highest = Math.max(highest, palette[i] & 0xffff);
        }
        short[] table = new short[Integer.highestOneBit(highest) * 2];
        for (int i = 0; i < kinds; i++) {
            table[palette[i] & 0xffff] = (short) (i + 1);
        }
        return table;
    }

    private static int indexOf(short[] palette, int kinds, short block) {
        for (int i = 0; i < kinds; i++) {
            if (palette[i] == block) {
                return i;
            }
        }
        return -1;
    }

    private static Packed pack(short[] palette, int bits, short[] kindAt) {
        long[] words = new long[words(bits)];
        int perWord = Long.SIZE / bits;
        int i = 0;
        for (int word = 0; word < words.length; word++) {
            long packed = 0;
            for (int lane = 0; lane < perWord; lane++) {
                packed |= (long) kindAt[i++] << (lane * bits);
            }
            words[word] = packed;
        }
        return new Packed(palette, bits, words);
    }

    /** How many words hold a section's indexes of that width, 1 to 16. */
    static int words(int bits) {
        return VOLUME / Long.SIZE * bits;
    }

    /** The least width for that many kinds, 1 to 4,096. */
    static int bitsFor(int kinds) {
        int needed = Integer.SIZE - Integer.numberOfLeadingZeros(kinds - 1);
        return needed <= 1 ? needed : Integer.highestOneBit(needed - 1) * 2;
    }

    short get(int index) {
        return palette[kindAt(index)];
    }

    int kindAt(int index) {
        if (bits == 0) {
            return 0;
        }
        int bit = index * bits;
        return (int) (words[bit >>> 6] >>> bit) & ((1 << bits) - 1);
    }

    void copyTo(short[] blocks) {
        if (bits == 0) {
            Arrays.fill(blocks, 0, VOLUME, palette[0]);
            return;
        }
        long mask = (1L << bits) - 1;
        int perWord = Long.SIZE / bits;
        int i = 0;
        for (long word : words) {
            long left = word;
            for (int lane = 0; lane < perWord; lane++) {
                blocks[i++] = palette[(int) (left & mask)];
                left >>>= bits;
            }
        }
    }
}
