package io.gamemesh.core.voxel;

import io.gamemesh.core.motion.BlockView;
import io.gamemesh.core.motion.Matter;

/**
 * Finds the first solid block along a ray, by walking from block to block (Amanatides and Woo, "A Fast Voxel Traversal
 * Algorithm for Ray Tracing", 1987). Takes time linear in the distance and allocates nothing. Not thread-safe: it holds
 * the result of the last cast.
 */
public final class Raycast {

    /** The greatest distance of a cast, metres. */
    public static final double MAX_DISTANCE = 1024;

    private final BlockView blocks;
    private int blockX;
    private int blockY;
    private int blockZ;
    private double distance;
    private Face face = Face.WITHIN;

    /** Casts among those blocks, which are asked during each cast. */
    public Raycast(BlockView blocks) {
        this.blocks = blocks;
    }

    /**
     * Looks for a solid block.
     *
     * @param x where the ray begins, world coordinates
     * @param y as {@code x}
     * @param z as {@code x}
     * @param dx its direction, of any length but 0
     * @param dy as {@code dx}
     * @param dz as {@code dx}
     * @param maxDistance metres, 0 to {@link #MAX_DISTANCE}
     * @return true if there is one within the distance, which the other methods then tell about
     * @throws IllegalArgumentException if a number is not finite, the direction is none, or the distance out of bounds
     */
    public boolean cast(double x, double y, double z, double dx, double dy, double dz, double maxDistance) {
        double length = Math.sqrt(dx * dx + dy * dy + dz * dz);
        check(x + y + z, length, maxDistance);
        double perX = length / Math.abs(dx);
        double perY = length / Math.abs(dy);
        double perZ = length / Math.abs(dz);
        int stepX = dx > 0 ? 1 : -1;
        int stepY = dy > 0 ? 1 : -1;
        int stepZ = dz > 0 ? 1 : -1;
        blockX = (int) Math.floor(x);
        blockY = (int) Math.floor(y);
        blockZ = (int) Math.floor(z);
        distance = 0;
        face = Face.WITHIN;
        double nextX = next(x, blockX, dx, perX);
        double nextY = next(y, blockY, dy, perY);
        double nextZ = next(z, blockZ, dz, perZ);
        while (blocks.at(blockX, blockY, blockZ) != Matter.SOLID) {
            if (nextX <= nextY && nextX <= nextZ) {
                distance = nextX;
                face = Face.metAlongX(dx);
                blockX += stepX;
                nextX = next(x, blockX, dx, perX);
            } else if (nextY <= nextZ) {
                distance = nextY;
                face = Face.metAlongY(dy);
                blockY += stepY;
                nextY = next(y, blockY, dy, perY);
            } else {
                distance = nextZ;
                face = Face.metAlongZ(dz);
                blockZ += stepZ;
                nextZ = next(z, blockZ, dz, perZ);
            }
            if (distance > maxDistance) {
                return false;
            }
        }
        return true;
    }

    private static void check(double place, double length, double maxDistance) {
        boolean fits = Double.isFinite(place) && Double.isFinite(length) && length > 0;
        if (!fits || !(maxDistance >= 0 && maxDistance <= MAX_DISTANCE)) {
            throw new IllegalArgumentException("ray with a direction of length " + length + " and a distance of "
                    + maxDistance + " m, expected finite numbers, a direction that is not 0, and a distance of 0 to "
                    + MAX_DISTANCE + " m");
        }
    }

    /** The distance at which the ray leaves a block along one axis; from the block each time, so that no error adds up. */
    private static double next(double from, int block, double direction, double perMetre) {
        if (direction == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return (direction > 0 ? block + 1 - from : from - block) * perMetre;
    }

    /** The block that the last cast has met, or went to last. */
    public int blockX() {
        return blockX;
    }

    /** As {@link #blockX}. */
    public int blockY() {
        return blockY;
    }

    /** As {@link #blockX}. */
    public int blockZ() {
        return blockZ;
    }

    /** Metres from where the last cast began to where it met the block. */
    public double distance() {
        return distance;
    }

    /** The side on which the last cast met the block: where another would be put next to it. */
    public Face face() {
        return face;
    }
}
