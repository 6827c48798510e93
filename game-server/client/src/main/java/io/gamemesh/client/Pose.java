package io.gamemesh.client;

/** Where something is to be shown: mutable, so that a frame allocates nothing. Not thread-safe. */
public final class Pose {

    double x;
    double y;
    double z;
    double yaw;
    double pitch;

    /** World coordinates, metres. */
    public double x() {
        return x;
    }

    /** World coordinates, metres. */
    public double y() {
        return y;
    }

    /** World coordinates, metres. */
    public double z() {
        return z;
    }

    /** Radians. */
    public double yaw() {
        return yaw;
    }

    /** Radians. */
    public double pitch() {
        return pitch;
    }

    @Override
    public String toString() {
        return "(%.3f, %.3f, %.3f)".formatted(x, y, z);
    }
}
