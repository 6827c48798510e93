package io.gamemesh.client;

import io.gamemesh.protocol.wire.InputDatagram;

/**
 * How a player wants to move, until told otherwise.
 *
 * @param x velocity along the world's x axis, metres a second; the server limits it to what the player can do
 * @param y as {@code x}
 * @param z as {@code x}
 * @param yaw where the player looks, radians: 0 is -z, growing counter-clockwise seen from above
 * @param pitch radians, up is positive, -pi/2 to pi/2
 * @param flags of {@link InputDatagram#JUMP}, {@link InputDatagram#SPRINT}, {@link InputDatagram#CROUCH}
 */
public record Movement(double x, double y, double z, double yaw, double pitch, int flags) {

    /** Stands still and looks north. */
    public static final Movement STILL = new Movement(0, 0, 0, 0, 0, 0);

    /** Walks over the ground with a velocity, looking where it goes. */
    public static Movement walk(double x, double z) {
        return new Movement(x, 0, z, Math.atan2(-x, -z), 0, 0);
    }
}
