package io.gamemesh.client;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.Parts;
import org.jspecify.annotations.Nullable;

/**
 * How a player wants to move, until told otherwise.
 *
 * @param x velocity along the world's x axis, metres a second; the server limits it to what the player can do
 * @param y as {@code x}
 * @param z as {@code x}
 * @param yaw where the player looks, radians: 0 is -z, growing counter-clockwise seen from above
 * @param pitch radians, up is positive, -pi/2 to pi/2
 * @param flags of {@link InputDatagram#JUMP}, {@link InputDatagram#SPRINT}, {@link InputDatagram#CROUCH}
 * @param parts where head and hands are, of a player in virtual reality; null of others. The server brings what is
 *     further off than an arm reaches nearer
 */
public record Movement(
        double x,
        double y,
        double z,
        double yaw,
        double pitch,
        int flags,
        @Nullable Parts parts) {

    /** Of a player without parts. */
    public Movement(double x, double y, double z, double yaw, double pitch, int flags) {
        this(x, y, z, yaw, pitch, flags, null);
    }

    /** The same with head and hands there. */
    public Movement with(Parts shown) {
        return new Movement(x, y, z, yaw, pitch, flags, shown);
    }

    /** Stands still and looks north. */
    public static final Movement STILL = new Movement(0, 0, 0, 0, 0, 0);

    /** Walks over the ground with a velocity, looking where it goes. */
    public static Movement walk(double x, double z) {
        return new Movement(x, 0, z, Math.atan2(-x, -z), 0, 0);
    }
}
