package io.gamemesh.client;

/** Where something is to be shown: mutable, so that a frame allocates nothing. Not thread-safe. */
public final class Pose {

    double x;
    double y;
    double z;
    double yaw;
    double pitch;
    // Of a body.
    double turnX;
    double turnY;
    double turnZ;
    double turnW = 1;

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

    /** Of the unit quaternion by which a body is turned; 0 of what is no body. */
    public double turnX() {
        return turnX;
    }

    /** Of the unit quaternion by which a body is turned; 0 of what is no body. */
    public double turnY() {
        return turnY;
    }

    /** Of the unit quaternion by which a body is turned; 0 of what is no body. */
    public double turnZ() {
        return turnZ;
    }

    /** Of the unit quaternion by which a body is turned, its real part; 1 of what is no body. */
    public double turnW() {
        return turnW;
    }

    @Override
    public String toString() {
        return "(%.3f, %.3f, %.3f)".formatted(x, y, z);
    }
}
