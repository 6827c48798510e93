package io.gamemesh.core.motion;

/**
 * Where a player is and how it moves: a mutable record, so that a tick allocates nothing. Not thread-safe.
 */
public final class Body {

    /** The middle of the feet in world coordinates, metres. */
    public double x;

    /** As {@link #x}. */
    public double y;

    /** As {@link #x}. */
    public double z;

    /** Velocity, metres a second. */
    public double vx;

    /** As {@link #vx}. */
    public double vy;

    /** As {@link #vx}. */
    public double vz;

    /** True if it stands on something. */
    public boolean grounded;

    /** Becomes equal to another. */
    public void set(Body other) {
        x = other.x;
        y = other.y;
        z = other.z;
        vx = other.vx;
        vy = other.vy;
        vz = other.vz;
        grounded = other.grounded;
    }
}
