package io.gamemesh.core.voxel;

/**
 * A section in the making: a row of 16 blocks along x is one word, four bits a block. The kinds that are deep in the
 * ground have the lowest numbers, so that what is only stone, ore and caves is packed into two bits by taking two away.
 */
final class HillRows {

    static final long STONE = 0;
    static final long COAL = 1;
    static final long IRON = 2;
    static final long AIR = 3;
    static final long DIRT = 4;
    static final long GRASS = 5;
    static final long SAND = 6;
    static final long WATER = 7;
    static final long WOOD = 8;
    static final long LEAVES = 9;

    private static final short[] BLOCKS = {
        Blocks.STONE,
        Blocks.COAL_ORE,
        Blocks.IRON_ORE,
        Blocks.AIR,
        Blocks.DIRT,
        Blocks.GRASS,
        Blocks.SAND,
        Blocks.WATER,
        Blocks.WOOD,
        Blocks.LEAVES
    };
    private static final long EACH = 0x1111111111111111L;

    private final long[] rows = new long[Section.EDGE * Section.EDGE];

    void put(int y, int z, long row) {
        rows[y * Section.EDGE + z] = row;
    }

    void fill(int y, int z, long kind) {
        rows[y * Section.EDGE + z] = EACH * kind;
    }

    void set(int x, int y, int z, long kind) {
        int row = y * Section.EDGE + z;
        rows[row] = (rows[row] & ~(0xfL << (x * 4))) | kind << (x * 4);
    }

    void replace(int x, int y, int z, long kind, long by) {
        int row = y * Section.EDGE + z;
        if ((rows[row] >>> (x * 4) & 0xf) == kind) {
            rows[row] ^= (kind ^ by) << (x * 4);
        }
    }

    Section toSection() {
        int present = present();
        if (Integer.bitCount(present) == 1) {
            return Section.uniform(BLOCKS[Integer.numberOfTrailingZeros(present)]);
        }
        int kinds = Integer.SIZE - Integer.numberOfLeadingZeros(present);
        short[] palette = new short[Math.max(kinds, 2)];
        System.arraycopy(BLOCKS, 0, palette, 0, palette.length);
        if (Packed.bitsFor(Integer.bitCount(present)) < Packed.bitsFor(kinds)) {
            palette = renumber(present);
            kinds = palette.length;
        }
        return Section.of(new Packed(palette, Packed.bitsFor(kinds), packed(Packed.bitsFor(kinds))));
    }

    private int present() {
        int present = 0;
        long before = ~rows[0];
        for (long row : rows) {
            if (row != before) {
                before = row;
                for (long left = row, i = 0; i < Section.EDGE; i++, left >>>= 4) {
                    present |= 1 << (left & 0xf);
                }
            }
        }
        return present;
    }

    /** Gives the kinds that there are the lowest numbers; returns them as a palette. */
    private short[] renumber(int present) {
        short[] palette = new short[Integer.bitCount(present)];
        long[] number = new long[BLOCKS.length];
        int kinds = 0;
        for (int kind = 0; kind < BLOCKS.length; kind++) {
            if ((present >>> kind & 1) != 0) {
                palette[kinds] = BLOCKS[kind];
                number[kind] = kinds++;
            }
        }
        for (int row = 0; row < rows.length; row++) {
            long renumbered = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 4) {
                renumbered |= number[(int) (rows[row] >>> shift & 0xf)] << shift;
            }
            rows[row] = renumbered;
        }
        return palette;
    }

    private long[] packed(int bits) {
        if (bits == 4) {
            return rows;
        }
        long lanes = EACH * ((1 << bits) - 1);
        int rowsAWord = 4 / bits;
        long[] words = new long[Packed.words(bits)];
        for (int row = 0; row < rows.length; row++) {
            words[row / rowsAWord] |= Long.compress(rows[row], lanes) << (row % rowsAWord * Section.EDGE * bits);
        }
        return words;
    }
}
