package io.gamemesh.client;

/** An entity that the client sees, as of the newest snapshot; changes in place. See {@link WorldView} for threads. */
public final class RemoteEntity {

    private final long id;
    private int kind;
    private String name = "";
    private double x;
    private double y;
    private double z;
    private double yaw;
    private double pitch;

    /** Number of the snapshot that had it last. */
    private long seenIn;

    RemoteEntity(long id) {
        this.id = id;
    }

    void update(int newKind, double newX, double newY, double newZ, double newYaw, double newPitch, long snapshot) {
        kind = newKind;
        x = newX;
        y = newY;
        z = newZ;
        yaw = newYaw;
        pitch = newPitch;
        seenIn = snapshot;
    }

    void rename(String newName) {
        name = newName;
    }

    long seenIn() {
        return seenIn;
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
