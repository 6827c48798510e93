package io.gamemesh.core.voxel;

import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.wire.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * 16 x 16 x 16 blocks: a palette of the kinds that occur and, for each block, an index into it in as few bits as the
 * palette needs (0, 1, 2, 4, 8, 16). A section of one kind has no array of indexes.
 *
 * <p>Immutable, and safe for any thread however it gets there: all that a reader follows are final fields (JLS 17.5). To
 * write there is {@link MutableSection}, whose {@link MutableSection#snapshot} is one of these.
 *
 * <p>Block (x, y, z) of a section has index {@code (y * 16 + z) * 16 + x}.
 */
public final class Section {

    /** Blocks along an edge. */
    public static final int EDGE = 16;

    /** Blocks in a section. */
    public static final int VOLUME = EDGE * EDGE * EDGE;

    private static final int WELL_KNOWN = 64;
    private static final Section[] UNIFORM = wellKnown();

    final Packed packed;
    // Made by whoever asks first; that two may make it at once costs time and nothing else.
    private @Nullable Bytes coded;
    private @Nullable Bytes codedOver;

    Section(Packed packed) {
        this.packed = packed;
    }

    private static Section[] wellKnown() {
        Section[] sections = new Section[WELL_KNOWN];
        for (short block = 0; block < WELL_KNOWN; block++) {
            sections[block] = new Section(Packed.uniform(block));
        }
        return sections;
    }

    /** A section of one kind of block. */
    public static Section uniform(short block) {
        return block >= 0 && block < WELL_KNOWN ? UNIFORM[block] : new Section(Packed.uniform(block));
    }

    /**
     * A section of these blocks, {@value #VOLUME} of them in the order of their indexes. Linear in the number of blocks.
     *
     * @throws IllegalArgumentException if there are not {@value #VOLUME}
     */
    public static Section of(short[] blocks) {
        if (blocks.length != VOLUME) {
            throw new IllegalArgumentException("a section of " + blocks.length + " blocks, expected " + VOLUME);
        }
        return of(Packed.of(blocks));
    }

    static Section of(Packed packed) {
        return packed.bits() == 0 ? uniform(packed.palette()[0]) : new Section(packed);
    }

    /** Index of a block; the coordinates are within the section, 0 to 15 each. */
    public static int index(int x, int y, int z) {
        return (y * EDGE + z) * EDGE + x;
    }

    /** The block at an index, 0 to {@value #VOLUME} - 1. */
    public short get(int index) {
        return packed.get(index);
    }

    /** True if there is one kind of block, and no array of indexes. */
    public boolean isUniform() {
        return packed.bits() == 0;
    }

    /** Copies all blocks into an array of {@value #VOLUME}. */
    public void copyTo(short[] blocks) {
        packed.copyTo(blocks);
    }

    /** True if the same blocks are in the same places. */
    public boolean hasSameBlocksAs(Section other) {
        if (this == other) {
            return true;
        }
        short[] mine = new short[VOLUME];
        short[] theirs = new short[VOLUME];
        copyTo(mine);
        other.copyTo(theirs);
        return Arrays.equals(mine, theirs);
    }

    /** This section as it is on the wire; made once, by the encoder of whoever asks first. */
    public Bytes coded(SectionEncoder encoder) {
        Bytes known = coded;
        if (known == null) {
            known = encode(encoder);
            coded = known;
        }
        return known;
    }

    /**
     * This section as it is on the wire for somebody who has the generator; made once, by the encoder of whoever asks
     * first.
     *
     * @param generated what the generator makes in its place, always the same
     */
    public Bytes codedOver(Section generated, SectionEncoder encoder) {
        if (isUniform()) {
            // One object for many places, and as short as can be.
            return coded(encoder);
        }
        Bytes known = codedOver;
        if (known == null) {
            short[] blocks = new short[VOLUME];
            short[] before = new short[VOLUME];
            copyTo(blocks);
            generated.copyTo(before);
            known = encoder.encodeOver(blocks, before);
            codedOver = known;
        }
        return known;
    }

    /** True if {@link #coded} has nothing left to do. */
    public boolean isCoded() {
        return coded != null;
    }

    private Bytes encode(SectionEncoder encoder) {
        if (isUniform()) {
            return encoder.uniform(packed.palette()[0]);
        }
        short[] blocks = new short[VOLUME];
        copyTo(blocks);
        return encoder.encode(blocks);
    }
}
