package io.gamemesh.protocol.terrain;

/** The shape of a section, and the order of its blocks. */
public final class SectionShape {

    /** Blocks along an edge. */
    public static final int EDGE = 16;

    /** Blocks in a section. */
    public static final int VOLUME = EDGE * EDGE * EDGE;

    private SectionShape() {}

    /** Index of a block; the coordinates are within the section, 0 to 15 each. */
    public static int index(int x, int y, int z) {
        return (y * EDGE + z) * EDGE + x;
    }
}
