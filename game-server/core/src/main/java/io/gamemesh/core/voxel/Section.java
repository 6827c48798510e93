package io.gamemesh.core.voxel;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.SectionCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * 16 x 16 x 16 blocks: a palette of the kinds that occur and, for each block, an index into it in as few bits as the
 * palette needs (0, 1, 2, 4, 8, 12). A section of one kind has no array of indexes. Not thread-safe.
 *
 * <p>Block (x, y, z) of a section has index {@code (y * 16 + z) * 16 + x}.
 */
public final class Section {

    /** Blocks along an edge. */
    public static final int EDGE = 16;

    /** Blocks in a section. */
    public static final int VOLUME = EDGE * EDGE * EDGE;

    private short[] palette;
    private int kinds;
    private int bits;
    private long[] words;
    private @Nullable Bytes coded;

    private Section(short[] palette, int kinds, int bits, long[] words) {
        this.palette = palette;
        this.kinds = kinds;
        this.bits = bits;
        this.words = words;
    }

    /** A section of one kind of block. */
    public static Section uniform(short block) {
        return new Section(new short[] {block}, 1, 0, new long[0]);
    }

    /**
     * A section of these blocks, {@value #VOLUME} of them in the order of their indexes. Linear in the number of blocks
     * times that of kinds.
     */
    public static Section of(short[] blocks) {
        if (blocks.length != VOLUME) {
            throw new IllegalArgumentException("a section of " + blocks.length + " blocks, expected " + VOLUME);
        }
        Section section = uniform(blocks[0]);
        for (short block : blocks) {
            section.indexOf(block);
        }
        if (section.kinds > 1) {
            section.bits = bitsFor(section.kinds);
            section.words = new long[VOLUME / (Long.SIZE / section.bits) + 1];
            for (int i = 0; i < VOLUME; i++) {
                section.put(i, section.indexOf(blocks[i]));
            }
        }
        return section;
    }

    /** Index of a block; the coordinates are within the section, 0 to 15 each. */
    public static int index(int x, int y, int z) {
        return (y * EDGE + z) * EDGE + x;
    }

    /** The block at an index, 0 to {@value #VOLUME} - 1. */
    public short get(int index) {
        return palette[bits == 0 ? 0 : at(index)];
    }

    /** Replaces the block at an index, 0 to {@value #VOLUME} - 1. */
    public void set(int index, short block) {
        if (get(index) == block) {
            return;
        }
        coded = null;
        int kind = indexOf(block);
        if (bitsFor(kinds) != bits) {
            repack(bitsFor(kinds));
        }
        put(index, kind);
    }

    /** True if there is one kind of block, and no array of indexes. */
    public boolean isUniform() {
        return bits == 0;
    }

    /** Copies all blocks into an array of {@value #VOLUME}. */
    public void copyTo(short[] blocks) {
        if (bits == 0) {
            Arrays.fill(blocks, palette[0]);
            return;
        }
        for (int i = 0; i < VOLUME; i++) {
            blocks[i] = palette[at(i)];
        }
    }

    /** This section as {@link SectionCodec} has it on the wire; made once for as long as nothing changes. */
    public Bytes coded() {
        Bytes known = coded;
        if (known == null) {
            known = encode();
            coded = known;
        }
        return known;
    }

    /** True if {@link #coded} has nothing left to do. */
    public boolean isCoded() {
        return coded != null;
    }

    private Bytes encode() {
        if (bits == 0) {
            return SectionCodec.uniform(palette[0]);
        }
        short[] blocks = new short[VOLUME];
        copyTo(blocks);
        return SectionCodec.encode(blocks);
    }

    private int indexOf(short block) {
        for (int i = 0; i < kinds; i++) {
            if (palette[i] == block) {
                return i;
            }
        }
        if (kinds == palette.length) {
            palette = Arrays.copyOf(palette, kinds * 2);
        }
        palette[kinds] = block;
        return kinds++;
    }

    private int at(int index) {
        int perWord = Long.SIZE / bits;
        return (int) (words[index / perWord] >>> (index % perWord * bits)) & ((1 << bits) - 1);
    }

    private void put(int index, int kind) {
        int perWord = Long.SIZE / bits;
        int shift = index % perWord * bits;
        long mask = ((1L << bits) - 1) << shift;
        words[index / perWord] = (words[index / perWord] & ~mask) | ((long) kind << shift);
    }

    private void repack(int newBits) {
        Section old = new Section(palette, kinds, bits, words);
        bits = newBits;
        words = new long[VOLUME / (Long.SIZE / newBits) + 1];
        if (old.bits != 0) {
            for (int i = 0; i < VOLUME; i++) {
                put(i, old.at(i));
            }
        }
    }

    private static int bitsFor(int kinds) {
        int needed = Integer.SIZE - Integer.numberOfLeadingZeros(kinds - 1);
        return switch (needed) {
            case 0, 1, 2 -> needed;
            case 3, 4 -> 4;
            case 5, 6, 7, 8 -> 8;
            default -> 12;
        };
    }
}
