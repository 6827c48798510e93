package io.gamemesh.protocol.geometry;

/**
 * A position or a direction in world coordinates.
 *
 * @param x metres, finite
 * @param y metres, finite; up
 * @param z metres, finite
 */
public record Vec3(double x, double y, double z) {

    /** The origin, and no movement. */
    public static final Vec3 ZERO = new Vec3(0, 0, 0);

    /** Refuses what is no number; minus zero becomes zero, so that equal places are equal values. */
    public Vec3 {
        if (!Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(z)) {
            throw new IllegalArgumentException(
                    "vector is (" + x + ", " + y + ", " + z + "), expected three finite numbers");
        }
        x += 0.0;
        y += 0.0;
        z += 0.0;
    }

    /** This plus the other. */
    public Vec3 plus(Vec3 other) {
        return new Vec3(x + other.x, y + other.y, z + other.z);
    }

    /** This minus the other. */
    public Vec3 minus(Vec3 other) {
        return new Vec3(x - other.x, y - other.y, z - other.z);
    }

    /** Each component times the factor. */
    public Vec3 times(double factor) {
        return new Vec3(x * factor, y * factor, z * factor);
    }

    /** The square of the length, in square metres. */
    public double lengthSquared() {
        return x * x + y * y + z * z;
    }

    /** The length in metres. */
    public double length() {
        return Math.sqrt(lengthSquared());
    }

    /** The square of the distance, in square metres: what to compare where the distance itself is not needed. */
    public double distanceSquared(Vec3 other) {
        double dx = x - other.x;
        double dy = y - other.y;
        double dz = z - other.z;
        return dx * dx + dy * dy + dz * dz;
    }

    /** The distance in metres. */
    public double distance(Vec3 other) {
        return Math.sqrt(distanceSquared(other));
    }
}
