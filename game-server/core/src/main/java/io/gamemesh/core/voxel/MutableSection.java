package io.gamemesh.core.voxel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A section to write to. Its palette and the width of its indexes grow with the kinds of block in it and shrink again: at
 * one kind the array of indexes is gone, and otherwise the width is at most twice of what is needed, so that a block put
 * and taken away again and again does not pack all others anew each time.
 *
 * <p>Copy-on-write: {@link #snapshot} costs nothing but a small object, and shares the arrays until the next write, which
 * copies them (half a kilobyte for two kinds of block, two for sixteen). A section that nobody takes snapshots of is
 * written in place, and neither reads nor writes allocate as long as the width stays.
 *
 * <p>Not thread-safe: one thread at a time has it. Snapshots may be given to any thread, by whatever way.
 */
public final class MutableSection {

    private static final int VOLUME = Section.VOLUME;
    private static final int FEW = 16;
    private static final int MASK_WORDS = VOLUME / Long.SIZE;
    private static final long[] NONE = {};
    private static final short[] NO_TABLE = {};
    private static final short[] NO_COUNTS = {};

    private short[] palette;
    private int bits;
    private long[] words;

    // What follows is known only since the first write.
    private short[] counts = NO_COUNTS;
    private int kinds;
    private int live;
    // Block id to place in the palette plus one; there only if the palette is too long to be searched.
    private short[] table = NO_TABLE;

    private boolean shared;
    private @Nullable Section snapshot;

    /** Begins with the blocks of a section, whose arrays are shared until the first write. */
    public MutableSection(Section section) {
        palette = section.packed.palette();
        bits = section.packed.bits();
        words = section.packed.words();
        shared = true;
        snapshot = section;
    }

    /** The block at an index, 0 to 4,095. Constant time. */
    public short get(int index) {
        return palette[kindAt(index)];
    }

    private int kindAt(int index) {
        int width = bits;
        if (width == 0) {
            return 0;
        }
        int bit = index * width;
        return (int) (words[bit >>> 6] >>> bit) & ((1 << width) - 1);
    }

    /** True if there is one kind of block, and no array of indexes. */
    public boolean isUniform() {
        return bits == 0;
    }

    /** The width of an index right now, in bits: 0, 1, 2, 4, 8 or 16. */
    public int bits() {
        return bits;
    }

    /** What it is like now, for good. The same object until the next write. */
    public Section snapshot() {
        Section known = snapshot;
        if (known == null) {
            palette = Arrays.copyOf(palette, kinds);
            known = Section.of(new Packed(palette, bits, words));
            snapshot = known;
            shared = true;
        }
        return known;
    }

    /** Replaces the block at an index, 0 to 4,095; says whether it was another. Constant time unless the width changes. */
    public boolean set(int index, short block) {
        int before = kindAt(index);
        if (palette[before] == block) {
            return false;
        }
        own();
        // Forgotten first: if it was the last of its kind, the new one may have its place in the palette.
        boolean gone = --counts[before] == 0;
        if (gone) {
            live--;
        }
        int kind = kindFor(block);
        put(index, kind);
        if (counts[kind]++ == 0) {
            live++;
        }
        if (gone) {
            shrink();
        }
        return true;
    }

    /** Makes all blocks the same. */
    public void fill(short block) {
        snapshot = null;
        shared = false;
        becomeUniform(block);
    }

    /**
     * Replaces the blocks at a set of indexes.
     *
     * @param where bit {@code i % 64} of element {@code i / 64} stands for index i; {@value #MASK_WORDS} elements
     * @param block what is put there
     * @param changed takes those indexes at which there was another block; as long as {@code where}
     * @return how many those are
     */
    public int fill(long[] where, short block, long[] changed) {
        find(block, changed);
        int count = 0;
        for (int i = 0; i < MASK_WORDS; i++) {
            changed[i] = where[i] & ~changed[i];
            count += Long.bitCount(changed[i]);
        }
        if (count == VOLUME || (count > 0 && isFull(where))) {
            fill(block);
        } else if (count > 0) {
            own();
            int kind = kindFor(block);
            forget(changed);
            if (counts[kind] == 0) {
                live++;
            }
            counts[kind] += (short) count;
            put(changed, kind);
            shrink();
        }
        return count;
    }

    private static boolean isFull(long[] where) {
        long all = -1;
        for (long each : where) {
            all &= each;
        }
        return all == -1;
    }

    /** Sets the bits of all indexes at which there is that block, and clears the others; bits as in {@code fill}. */
    public void find(short block, long[] where) {
        Arrays.fill(where, 0);
        int length = counts.length == 0 ? palette.length : kinds;
        for (int kind = 0; kind < length; kind++) {
            if (palette[kind] == block) {
                add(kind, where);
            }
        }
    }

    private void add(int kind, long[] where) {
        if (bits == 0) {
            Arrays.fill(where, -1);
            return;
        }
        long lanes = lanes(bits);
        long pattern = lanes * kind;
        int perWord = Long.SIZE / bits;
        for (int i = 0; i < words.length; i++) {
            long equal = ~anyBitOf(words[i] ^ pattern, bits) & lanes;
            int index = i * perWord;
            where[index >>> 6] |= Long.compress(equal, lanes) << index;
        }
    }

    /** The lowest bit of each lane, whose width is a power of two. */
    private static long lanes(int width) {
        return Long.divideUnsigned(-1, (1L << width) - 1);
    }

    /** In the lowest bit of each lane whether any of the lane's bits is set; the others are anything. */
    private static long anyBitOf(long word, int width) {
        long any = word;
        for (int shift = width >>> 1; shift > 0; shift >>>= 1) {
            any |= any >>> shift;
        }
        return any;
    }

    private void forget(long[] where) {
        for (int i = 0; i < MASK_WORDS; i++) {
            for (long left = where[i]; left != 0; left &= left - 1) {
                if (--counts[kindAt(i * Long.SIZE + Long.numberOfTrailingZeros(left))] == 0) {
                    live--;
                }
            }
        }
    }

    private void put(long[] where, int kind) {
        long lanes = lanes(bits);
        long pattern = lanes * kind;
        int perWord = Long.SIZE / bits;
        for (int i = 0; i < words.length; i++) {
            int index = i * perWord;
            long here = Long.expand(where[index >>> 6] >>> index, lanes) * ((1L << bits) - 1);
            words[i] = (words[i] & ~here) | (pattern & here);
        }
    }

    private void put(int index, int kind) {
        int bit = index * bits;
        long mask = ((1L << bits) - 1) << bit;
        words[bit >>> 6] = (words[bit >>> 6] & ~mask) | ((long) kind << bit);
    }

    /** Makes the arrays this section's own, to be written to, and counts what is in them. */
    private void own() {
        snapshot = null;
        if (shared) {
            shared = false;
            palette = palette.clone();
            words = words.clone();
        }
        if (counts.length == 0) {
            count();
        }
    }

    private void count() {
        kinds = palette.length;
        counts = new short[kinds];
        if (bits == 0) {
            counts[0] = VOLUME;
        } else {
            for (int i = 0; i < VOLUME; i++) {
                counts[kindAt(i)]++;
            }
        }
        live = 0;
        for (short count : counts) {
            live += count > 0 ? 1 : 0;
        }
        makeTable();
    }

    /** The place of a block in the palette, which it gets if it has none. */
    private int kindFor(short block) {
        int known = kindOf(block);
        if (known >= 0) {
            return known;
        }
        if (kinds == 1 << bits || kinds > 2 * live + FEW) {
            if (bits == Short.SIZE) {
                repack(bits);
            } else if (live < kinds) {
                return replaceUnused(block);
            } else {
                repack(bits == 0 ? 1 : bits * 2);
            }
        }
        return append(block);
    }

    private int kindOf(short block) {
        if (kinds > FEW) {
            int id = block & 0xffff;
            return id < table.length ? table[id] - 1 : -1;
        }
        for (int kind = 0; kind < kinds; kind++) {
            if (palette[kind] == block) {
                return kind;
            }
        }
        return -1;
    }

    private int replaceUnused(short block) {
        int kind = 0;
        while (counts[kind] != 0) {
            kind++;
        }
        if (kinds > FEW) {
            table[palette[kind] & 0xffff] = 0;
        }
        palette[kind] = block;
        note(kind);
        return kind;
    }

    private int append(short block) {
        if (kinds == palette.length || kinds == counts.length) {
            int room = Math.max(kinds * 2, 4);
            palette = Arrays.copyOf(palette, room);
            counts = Arrays.copyOf(counts, room);
        }
        int kind = kinds++;
        palette[kind] = block;
        counts[kind] = 0;
        if (kinds == FEW + 1) {
            makeTable();
        } else {
            note(kind);
        }
        return kind;
    }

    private void makeTable() {
        table = NO_TABLE;
        for (int kind = 0; kind < kinds; kind++) {
            note(kind);
        }
    }

    private void note(int kind) {
        if (kinds <= FEW) {
            return;
        }
        int id = palette[kind] & 0xffff;
        if (id >= table.length) {
            table = Arrays.copyOf(table, Math.max(256, Integer.highestOneBit(id) * 2));
        }
        table[id] = (short) (kind + 1);
    }

    private void shrink() {
        if (bits == 0) {
            return;
        }
        if (live == 1) {
            int kind = 0;
            while (counts[kind] == 0) {
                kind++;
            }
            becomeUniform(palette[kind]);
        } else if (Packed.bitsFor(2 * live) < bits) {
            repack(Packed.bitsFor(2 * live));
        }
    }

    private void becomeUniform(short block) {
        palette = new short[] {block};
        bits = 0;
        words = NONE;
        counts = new short[] {VOLUME};
        kinds = 1;
        live = 1;
        table = NO_TABLE;
    }

    /** Packs all indexes anew, into a palette of the kinds that occur. */
    private void repack(int newBits) {
        int[] renumbered = new int[kinds];
        short[] newPalette = new short[Math.min(1 << newBits, Math.max(live + 1, FEW))];
        short[] newCounts = new short[newPalette.length];
        int newKinds = 0;
        for (int kind = 0; kind < kinds; kind++) {
            if (counts[kind] > 0) {
                newPalette[newKinds] = palette[kind];
                newCounts[newKinds] = counts[kind];
                renumbered[kind] = newKinds++;
            }
        }
        long[] newWords = new long[Packed.words(newBits)];
        if (bits != 0) {
            for (int i = 0; i < VOLUME; i++) {
                int bit = i * newBits;
                newWords[bit >>> 6] |= (long) renumbered[kindAt(i)] << bit;
            }
        }
        palette = newPalette;
        counts = newCounts;
        kinds = newKinds;
        bits = newBits;
        words = newWords;
        makeTable();
    }
}
