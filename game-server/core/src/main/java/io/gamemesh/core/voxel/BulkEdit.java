package io.gamemesh.core.voxel;

/**
 * An edit of many blocks at once, of at most {@value #MAX_VOLUME}. All coordinates are those of blocks in the world, and
 * bounds are part of what they bound.
 */
public sealed interface BulkEdit {

    /** The greatest number of blocks that an edit may cover, those that it leaves as they are included: 64^3. */
    int MAX_VOLUME = 1 << 18;

    /** The greatest coordinate either way. */
    int MAX_COORDINATE = 1 << 24;

    /** The block that it puts. */
    short block();

    /** Bounds of what it covers. */
    Bounds bounds();

    /** The least x that it covers in a row; greater than {@link #lastX} if there is none. */
    int firstX(int y, int z);

    /** The greatest x that it covers in a row. */
    int lastX(int y, int z);

    /**
     * Two opposite corners.
     *
     * @param minX at most {@code maxX}
     * @param minY at most {@code maxY}
     * @param minZ at most {@code maxZ}
     */
    record Bounds(int minX, int minY, int minZ, int maxX, int maxY, int maxZ) {

        /** Refuses more than {@link #MAX_VOLUME} blocks, none, and coordinates out of bounds. */
        public Bounds {
            boolean inReach = isCoordinate(minX)
                    && isCoordinate(minY)
                    && isCoordinate(minZ)
                    && isCoordinate(maxX)
                    && isCoordinate(maxY)
                    && isCoordinate(maxZ);
            if (!inReach || minX > maxX || minY > maxY || minZ > maxZ) {
                throw new IllegalArgumentException("bulk edit from (" + minX + ", " + minY + ", " + minZ + ") to ("
                        + maxX + ", " + maxY + ", " + maxZ
                        + "), expected the lesser corner first and coordinates up to "
                        + MAX_COORDINATE);
            }
            long area = (maxX - minX + 1L) * (maxY - minY + 1L);
            long length = maxZ - minZ + 1L;
            if (area > MAX_VOLUME || area * length > MAX_VOLUME) {
                throw new IllegalArgumentException("bulk edit of " + area + " times " + length
                        + " blocks, expected at most " + MAX_VOLUME + ": make several of it");
            }
        }

        private static boolean isCoordinate(int value) {
            return value >= -MAX_COORDINATE && value <= MAX_COORDINATE;
        }

        /** The number of blocks within. */
        public int volume() {
            return (maxX - minX + 1) * (maxY - minY + 1) * (maxZ - minZ + 1);
        }
    }

    /** Fills a box. */
    record Box(Bounds bounds, short block) implements BulkEdit {

        @Override
        public int firstX(int y, int z) {
            return bounds.minX;
        }

        @Override
        public int lastX(int y, int z) {
            return bounds.maxX;
        }
    }

    /** Fills a ball: the blocks whose middles are no further from the middle of one block than a radius. */
    record Sphere(int x, int y, int z, int radius, short block) implements BulkEdit {

        /** The greatest radius, blocks. */
        public static final int MAX_RADIUS = 31;

        /** Refuses a radius that is negative or more than {@link #MAX_RADIUS}, and coordinates out of bounds. */
        public Sphere {
            if (radius < 0 || radius > MAX_RADIUS) {
                throw new IllegalArgumentException(
                        "bulk edit of radius " + radius + ", expected 0 to " + MAX_RADIUS + " blocks");
            }
            new Bounds(x - radius, y - radius, z - radius, x + radius, y + radius, z + radius);
        }

        @Override
        public Bounds bounds() {
            return new Bounds(x - radius, y - radius, z - radius, x + radius, y + radius, z + radius);
        }

        @Override
        public int firstX(int atY, int atZ) {
            int reach = reach(atY, atZ);
            return reach < 0 ? x + 1 : x - reach;
        }

        @Override
        public int lastX(int atY, int atZ) {
            int reach = reach(atY, atZ);
            return reach < 0 ? x : x + reach;
        }

        private int reach(int atY, int atZ) {
            int left = radius * radius - (atY - y) * (atY - y) - (atZ - z) * (atZ - z);
            // Exact: these are small whole numbers, and the square root of IEEE 754 is rounded correctly.
            return left < 0 ? -1 : (int) Math.sqrt(left);
        }
    }

    /**
     * Puts one kind of block wherever there is another kind in a box.
     *
     * @param replaced what is to vanish
     * @param block what is put there
     */
    record Replace(Bounds bounds, short replaced, short block) implements BulkEdit {

        @Override
        public int firstX(int y, int z) {
            return bounds.minX;
        }

        @Override
        public int lastX(int y, int z) {
            return bounds.maxX;
        }
    }
}
