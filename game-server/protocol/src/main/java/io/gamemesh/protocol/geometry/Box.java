package io.gamemesh.protocol.geometry;

/**
 * An axis-aligned box, half-open: what is at {@code min} is inside, what is at {@code max} is not. So boxes that share a
 * face share no position.
 *
 * @param min the least corner
 * @param max the greatest corner, greater than {@code min} on every axis
 */
public record Box(Vec3 min, Vec3 max) {

    /** Refuses an empty or inverted box. */
    public Box {
        if (min.x() >= max.x() || min.y() >= max.y() || min.z() >= max.z()) {
            throw new IllegalArgumentException("box from " + min + " to " + max + ", expected min < max on every axis");
        }
    }

    /** A box from six numbers, in metres. */
    public static Box of(double minX, double minY, double minZ, double maxX, double maxY, double maxZ) {
        return new Box(new Vec3(minX, minY, minZ), new Vec3(maxX, maxY, maxZ));
    }

    /** True if the position is inside. */
    public boolean contains(Vec3 position) {
        return contains(position.x(), position.y(), position.z());
    }

    /** True if the position is inside. */
    public boolean contains(double x, double y, double z) {
        return x >= min.x() && x < max.x() && y >= min.y() && y < max.y() && z >= min.z() && z < max.z();
    }

    /** True if some position is in both. */
    public boolean intersects(Box other) {
        return min.x() < other.max.x()
                && other.min.x() < max.x()
                && min.y() < other.max.y()
                && other.min.y() < max.y()
                && min.z() < other.max.z()
                && other.min.z() < max.z();
    }

    /** True if they share a position, a face, an edge or a corner. */
    public boolean touches(Box other) {
        return min.x() <= other.max.x()
                && other.min.x() <= max.x()
                && min.y() <= other.max.y()
                && other.min.y() <= max.y()
                && min.z() <= other.max.z()
                && other.min.z() <= max.z();
    }

    /**
     * This box grown on all six sides.
     *
     * @param metres how far; negative shrinks
     * @throws IllegalArgumentException if nothing would be left
     */
    public Box grown(double metres) {
        Vec3 by = new Vec3(metres, metres, metres);
        return new Box(min.minus(by), max.plus(by));
    }

    /** Metres from the box to the position; 0 inside and on the surface. */
    public double distance(Vec3 position) {
        return distance(position.x(), position.y(), position.z());
    }

    /** Metres from the box to the position; 0 inside and on the surface. */
    public double distance(double x, double y, double z) {
        double dx = outside(x, min.x(), max.x());
        double dy = outside(y, min.y(), max.y());
        double dz = outside(z, min.z(), max.z());
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    private static double outside(double value, double min, double max) {
        if (value < min) {
            return min - value;
        }
        return value > max ? value - max : 0;
    }

    /** The middle. */
    public Vec3 centre() {
        return min.plus(max).times(0.5);
    }
}
