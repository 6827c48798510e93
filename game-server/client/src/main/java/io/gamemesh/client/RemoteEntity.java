package io.gamemesh.client;

import org.jspecify.annotations.Nullable;

/** An entity that the client sees, as of the newest snapshot; changes in place. See {@link WorldView} for threads. */
public final class RemoteEntity {

    private static final double INTERVAL_WEIGHT = 1 / 8.0;

    private final long id;
    private int kind;
    private String name = "";
    private double x;
    private double y;
    private double z;
    private double velocityX;
    private double velocityY;
    private double velocityZ;
    private double yaw;
    private double pitch;

    /** Number of the snapshot that had it last. */
    private long seenIn;

    /** Kept from when somebody first asks where to show it: bots by the hundred don't. */
    private @Nullable Track track;

    private long nanos;

    /** How much time lies between its states of late; what is far off changes more rarely. */
    private double intervalNanos;

    RemoteEntity(long id) {
        this.id = id;
    }

    /**
     * A newer state.
     *
     * @param at the tick that it is of, in the client's time
     */
    void update(
            int newKind,
            double newX,
            double newY,
            double newZ,
            double newVelocityX,
            double newVelocityY,
            double newVelocityZ,
            double newYaw,
            double newPitch,
            long snapshot,
            long at) {
        kind = newKind;
        x = newX;
        y = newY;
        z = newZ;
        velocityX = newVelocityX;
        velocityY = newVelocityY;
        velocityZ = newVelocityZ;
        yaw = newYaw;
        pitch = newPitch;
        seenIn = snapshot;
        if (nanos != 0 && at > nanos) {
            double interval = Math.min(at - nanos, 2 * Track.MAX_BEYOND_NANOS);
            intervalNanos += (interval - intervalNanos) * (intervalNanos == 0 ? 1 : INTERVAL_WEIGHT);
        }
        nanos = at;
        if (track != null) {
            track.add(at, x, y, z, velocityX, velocityY, velocityZ, yaw, pitch);
        }
    }

    void rename(String newName) {
        name = newName;
    }

    long seenIn() {
        return seenIn;
    }

    /** In the client's time: the tick that the newest state is of. */
    long nanos() {
        return nanos;
    }

    /** Where to show it; {@code at} is a time in the past of things that change every {@code periodNanos}. */
    void show(long at, long periodNanos, Pose out) {
        Track states = track;
        if (states == null) {
            states = new Track();
            states.add(nanos, x, y, z, velocityX, velocityY, velocityZ, yaw, pitch);
            track = states;
        }
        states.at(at - Math.max(Math.round(intervalNanos) - periodNanos, 0), out);
    }

    public long id() {
        return id;
    }

    /** See {@link io.gamemesh.protocol.wire.EntityKind}. */
    public int kind() {
        return kind;
    }

    /** What to show above it; empty if it has none or it has not been told yet. */
    public String name() {
        return name;
    }

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

    /** Metres a second. */
    public double velocityX() {
        return velocityX;
    }

    /** Metres a second. */
    public double velocityY() {
        return velocityY;
    }

    /** Metres a second. */
    public double velocityZ() {
        return velocityZ;
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
        return "%s at (%.2f, %.2f, %.2f)".formatted(name.isEmpty() ? Long.toHexString(id) : name, x, y, z);
    }
}
