package io.gamemesh.core.voxel;

import io.gamemesh.protocol.geometry.Box;

/**
 * One number for each section near an origin, ascending by x, then y, then z on either side of it.
 *
 * @param originX section coordinates of the middle
 * @param originY section coordinates
 * @param originZ section coordinates
 */
record SectionKeys(int originX, int originY, int originZ) {

    /** How far from the origin there are keys, in sections on each axis: 2^20. */
    static final int REACH = 1 << 20;

    private static final int AXIS_BITS = 21;
    private static final long AXIS_MASK = (1L << AXIS_BITS) - 1;

    long key(int x, int y, int z) {
        return (relative(x - originX) << (2 * AXIS_BITS))
                | (relative(y - originY) << AXIS_BITS)
                | relative(z - originZ);
    }

    int x(long key) {
        return axis(key, 2 * AXIS_BITS) + originX;
    }

    int y(long key) {
        return axis(key, AXIS_BITS) + originY;
    }

    int z(long key) {
        return axis(key, 0) + originZ;
    }

    /** Where the blocks of a section are. */
    Box bounds(long key) {
        double x = x(key) * (double) Section.EDGE;
        double y = y(key) * (double) Section.EDGE;
        double z = z(key) * (double) Section.EDGE;
        return Box.of(x, y, z, x + Section.EDGE, y + Section.EDGE, z + Section.EDGE);
    }

    private static long relative(int distance) {
        if (distance < -REACH || distance >= REACH) {
            throw new IllegalArgumentException(
                    "section is " + distance + " sections from the terrain's origin, expected less than " + REACH);
        }
        return distance & AXIS_MASK;
    }

    private static int axis(long key, int shift) {
        return (int) ((key << (Long.SIZE - AXIS_BITS - shift)) >> (Long.SIZE - AXIS_BITS));
    }
}
