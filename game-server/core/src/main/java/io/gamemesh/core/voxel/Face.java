package io.gamemesh.core.voxel;

/** A side of a block. */
public enum Face {
    /** Towards greater x. */
    EAST(1, 0, 0),
    /** Towards smaller x. */
    WEST(-1, 0, 0),
    /** Towards greater y. */
    UP(0, 1, 0),
    /** Towards smaller y. */
    DOWN(0, -1, 0),
    /** Towards greater z. */
    SOUTH(0, 0, 1),
    /** Towards smaller z. */
    NORTH(0, 0, -1),
    /** No side: what meets the block has begun within it. */
    WITHIN(0, 0, 0);

    private final int dx;
    private final int dy;
    private final int dz;

    Face(int dx, int dy, int dz) {
        this.dx = dx;
        this.dy = dy;
        this.dz = dz;
    }

    /** The difference in x to the block on this side. */
    public int dx() {
        return dx;
    }

    /** The difference in y to the block on this side. */
    public int dy() {
        return dy;
    }

    /** The difference in z to the block on this side. */
    public int dz() {
        return dz;
    }

    /** The side of a block that is met by what moves along x, upwards or downwards. */
    static Face metAlongX(double dx) {
        return dx > 0 ? WEST : EAST;
    }

    /** The side of a block that is met by what moves along y, upwards or downwards. */
    static Face metAlongY(double dy) {
        return dy > 0 ? DOWN : UP;
    }

    /** The side of a block that is met by what moves along z, upwards or downwards. */
    static Face metAlongZ(double dz) {
        return dz > 0 ? NORTH : SOUTH;
    }
}
