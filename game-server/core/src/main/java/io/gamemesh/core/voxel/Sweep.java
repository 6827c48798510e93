package io.gamemesh.core.voxel;

import io.gamemesh.core.motion.BlockView;
import io.gamemesh.core.motion.Matter;

/**
 * Moves an upright box in a straight line until it meets a solid block, however far and fast: nothing is jumped over.
 * The box's leading faces walk from block to block as in {@link Raycast}, and at each step the layer of blocks that one
 * of them enters is looked at. Takes time linear in distance times area and allocates nothing. Not thread-safe: it holds
 * the result of the last move.
 */
public final class Sweep {

    /** The greatest distance of a move along an axis, metres. */
    public static final double MAX_DISTANCE = 1024;

    /** The greatest edge of a box, metres. */
    public static final double MAX_EDGE = 16;

    /** By how much a box may be in a block that it merely touches, metres. */
    public static final double SKIN = 1e-6;

    private final BlockView blocks;
    private double minX;
    private double minY;
    private double minZ;
    private double maxX;
    private double maxY;
    private double maxZ;
    private double share;
    private Face face = Face.WITHIN;

    /** Moves among those blocks, which are asked during each move. */
    public Sweep(BlockView blocks) {
        this.blocks = blocks;
    }

    /**
     * Sets the box that {@link #move} moves.
     *
     * @param x the middle of its bottom, world coordinates
     * @param y as {@code x}
     * @param z as {@code x}
     * @param halfWidth half its edge along x and z, metres
     * @param height metres
     * @throws IllegalArgumentException if a number is not finite or an edge not above 0 and up to {@link #MAX_EDGE}
     */
    public void box(double x, double y, double z, double halfWidth, double height) {
        boolean fits = halfWidth > SKIN && halfWidth * 2 <= MAX_EDGE && height > 2 * SKIN && height <= MAX_EDGE;
        if (!fits || !Double.isFinite(x + y + z)) {
            throw new IllegalArgumentException("box at (" + x + ", " + y + ", " + z + ") of half width " + halfWidth
                    + " and height " + height + ", expected finite numbers and edges up to " + MAX_EDGE + " m");
        }
        minX = x - halfWidth;
        minY = y;
        minZ = z - halfWidth;
        maxX = x + halfWidth;
        maxY = y + height;
        maxZ = z + halfWidth;
    }

    /**
     * Moves the box, which may itself be in a block: only those that it enters stop it.
     *
     * @param dx how far it is to go, metres, at most {@link #MAX_DISTANCE} either way
     * @param dy as {@code dx}
     * @param dz as {@code dx}
     * @return true if it met a block before it had gone all the way; {@link #share} and {@link #face} tell where
     * @throws IllegalArgumentException if it is to go too far
     */
    public boolean move(double dx, double dy, double dz) {
        double furthest = Math.max(Math.abs(dx), Math.max(Math.abs(dy), Math.abs(dz)));
        if (!(furthest <= MAX_DISTANCE)) {
            throw new IllegalArgumentException("move by (" + dx + ", " + dy + ", " + dz + "), expected at most "
                    + MAX_DISTANCE + " m along each axis");
        }
        int leadX = lead(minX, maxX, dx);
        int leadY = lead(minY, maxY, dy);
        int leadZ = lead(minZ, maxZ, dz);
        while (true) {
            double nextX = next(minX, maxX, leadX, dx);
            double nextY = next(minY, maxY, leadY, dy);
            double nextZ = next(minZ, maxZ, leadZ, dz);
            share = Math.max(0, Math.min(nextX, Math.min(nextY, nextZ)));
            if (share > 1) {
                share = 1;
                face = Face.WITHIN;
                return false;
            }
            if (nextX <= nextY && nextX <= nextZ) {
                leadX += dx > 0 ? 1 : -1;
                face = Face.metAlongX(dx);
                if (isSolidAtX(leadX, dy * share, dz * share)) {
                    return true;
                }
            } else if (nextY <= nextZ) {
                leadY += dy > 0 ? 1 : -1;
                face = Face.metAlongY(dy);
                if (isSolidAtY(leadY, dx * share, dz * share)) {
                    return true;
                }
            } else {
                leadZ += dz > 0 ? 1 : -1;
                face = Face.metAlongZ(dz);
                if (isSolidAtZ(leadZ, dx * share, dy * share)) {
                    return true;
                }
            }
        }
    }

    /** The block in which the leading face begins. */
    private static int lead(double min, double max, double direction) {
        return direction > 0 ? last(max) : first(min);
    }

    /** The share of the way at which the leading face enters the next block. */
    private static double next(double min, double max, int lead, double direction) {
        if (direction == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return direction > 0 ? (lead + 1 - max) / direction : (lead - min) / direction;
    }

    private boolean isSolidAtX(int x, double movedY, double movedZ) {
        int lastY = last(maxY + movedY);
        int lastZ = last(maxZ + movedZ);
        for (int y = first(minY + movedY); y <= lastY; y++) {
            for (int z = first(minZ + movedZ); z <= lastZ; z++) {
                if (blocks.at(x, y, z) == Matter.SOLID) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isSolidAtY(int y, double movedX, double movedZ) {
        int lastX = last(maxX + movedX);
        int lastZ = last(maxZ + movedZ);
        for (int z = first(minZ + movedZ); z <= lastZ; z++) {
            for (int x = first(minX + movedX); x <= lastX; x++) {
                if (blocks.at(x, y, z) == Matter.SOLID) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isSolidAtZ(int z, double movedX, double movedY) {
        int lastX = last(maxX + movedX);
        int lastY = last(maxY + movedY);
        for (int y = first(minY + movedY); y <= lastY; y++) {
            for (int x = first(minX + movedX); x <= lastX; x++) {
                if (blocks.at(x, y, z) == Matter.SOLID) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int first(double min) {
        return (int) Math.floor(min + SKIN);
    }

    private static int last(double max) {
        return (int) Math.floor(max - SKIN);
    }

    /** The share of the way that the box has gone, 0 to 1. */
    public double share() {
        return share;
    }

    /** The side of the block that stopped it; {@link Face#WITHIN} if nothing did. */
    public Face face() {
        return face;
    }
}
