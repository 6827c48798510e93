package io.gamemesh.protocol.wire;

/** Which blocks an edit of many covers, at most {@value #MAX_VOLUME}. Immutable; coordinates are those of blocks in the world. */
public sealed interface EditShape {

    /** The greatest number of blocks within bounds: 64^3. */
    int MAX_VOLUME = 1 << 18;

    /** The greatest radius of a ball, blocks: the greatest whose bounds keep to {@link #MAX_VOLUME}. */
    int MAX_RADIUS = 31;

    /** The least x that it covers. */
    int minX();

    /** The least y that it covers. */
    int minY();

    /** The least z that it covers. */
    int minZ();

    /** The greatest x that it covers. */
    int maxX();

    /** The greatest y that it covers. */
    int maxY();

    /** The greatest z that it covers. */
    int maxZ();

    /** The number of blocks within its bounds, 1 to {@link #MAX_VOLUME}. */
    default int volume() {
        return (maxX() - minX() + 1) * (maxY() - minY() + 1) * (maxZ() - minZ() + 1);
    }

    /**
     * All blocks of a box.
     *
     * @param minX of its least corner
     * @param minY of its least corner
     * @param minZ of its least corner
     * @param sizeX blocks, 1 or more
     * @param sizeY blocks, 1 or more
     * @param sizeZ blocks, 1 or more
     */
    record Box(int minX, int minY, int minZ, int sizeX, int sizeY, int sizeZ) implements EditShape {

        /** @throws IllegalArgumentException if it has no or too many blocks, or ends beyond what 32 bits can say */
        public Box {
            checkSizes(sizeX, sizeY, sizeZ);
            checkEnd("x", minX, sizeX);
            checkEnd("y", minY, sizeY);
            checkEnd("z", minZ, sizeZ);
        }

        private static void checkSizes(int sizeX, int sizeY, int sizeZ) {
            // One after the other, since the product of all three may not fit 64 bits.
            boolean fits = Math.min(sizeX, Math.min(sizeY, sizeZ)) >= 1
                    && Math.max(sizeX, Math.max(sizeY, sizeZ)) <= MAX_VOLUME
                    && (long) sizeX * sizeY <= MAX_VOLUME
                    && (long) sizeX * sizeY * sizeZ <= MAX_VOLUME;
            if (!fits) {
                throw new IllegalArgumentException("box is " + sizeX + " x " + sizeY + " x " + sizeZ
                        + " blocks, expected 1 to " + MAX_VOLUME + " in all: make several of it");
            }
        }

        private static void checkEnd(String axis, int min, int size) {
            if ((long) min + size - 1 > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("box from " + axis + " " + min + " is " + size
                        + " blocks long, expected it to end at " + Integer.MAX_VALUE + " or before");
            }
        }

        @Override
        public int maxX() {
            return minX + sizeX - 1;
        }

        @Override
        public int maxY() {
            return minY + sizeY - 1;
        }

        @Override
        public int maxZ() {
            return minZ + sizeZ - 1;
        }
    }

    /**
     * The blocks whose middles are no further from the middle of one block than a radius.
     *
     * @param x of the block in the middle
     * @param y of the block in the middle
     * @param z of the block in the middle
     * @param radius blocks, 0 to {@link #MAX_RADIUS}
     */
    record Sphere(int x, int y, int z, int radius) implements EditShape {

        /** @throws IllegalArgumentException if the radius is out of bounds, or it ends beyond what 32 bits can say */
        public Sphere {
            if (radius < 0 || radius > MAX_RADIUS) {
                throw new IllegalArgumentException("radius is " + radius + ", expected 0 to " + MAX_RADIUS);
            }
            checkEnds("x", x, radius);
            checkEnds("y", y, radius);
            checkEnds("z", z, radius);
        }

        private static void checkEnds(String axis, int middle, int radius) {
            if ((long) middle - radius < Integer.MIN_VALUE || (long) middle + radius > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("sphere about " + axis + " " + middle + " has radius " + radius
                        + ", expected it to lie within 32 bits");
            }
        }

        @Override
        public int minX() {
            return x - radius;
        }

        @Override
        public int minY() {
            return y - radius;
        }

        @Override
        public int minZ() {
            return z - radius;
        }

        @Override
        public int maxX() {
            return x + radius;
        }

        @Override
        public int maxY() {
            return y + radius;
        }

        @Override
        public int maxZ() {
            return z + radius;
        }
    }

    /** Appends it: {@code u8} which shape, 3 x {@code i32} where, and its sizes or its radius. */
    default void write(WireWriter out) {
        switch (this) {
            case Box(int x, int y, int z, int sizeX, int sizeY, int sizeZ) ->
                out.u8(0).i32(x).i32(y).i32(z).varint(sizeX).varint(sizeY).varint(sizeZ);
            case Sphere(int x, int y, int z, int radius) ->
                out.u8(1).i32(x).i32(y).i32(z).u8(radius);
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws WireFormatException if it is none
     */
    static EditShape read(WireReader in) {
        boolean isBox = WireReader.bounded("edit shape", in.u8("edit shape"), 0, 1) == 0;
        int x = in.i32("edit x");
        int y = in.i32("edit y");
        int z = in.i32("edit z");
        try {
            return isBox
                    ? new Box(x, y, z, size(in, "edit size x"), size(in, "edit size y"), size(in, "edit size z"))
                    : new Sphere(x, y, z, in.u8("edit radius"));
        } catch (IllegalArgumentException e) {
            throw WireFormatException.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static int size(WireReader in, String field) {
        return (int) in.varint(field, 1, MAX_VOLUME);
    }
}
