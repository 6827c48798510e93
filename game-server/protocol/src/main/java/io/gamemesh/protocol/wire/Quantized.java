package io.gamemesh.protocol.wire;

/**
 * Between the units of the game (metres, metres a second, radians) and the whole numbers of the wire. A value out of
 * range becomes the nearest one that the wire can say; not a number becomes 0.
 */
public final class Quantized {

    /** Steps a metre, of positions and of velocities in metres a second. */
    public static final double PER_METRE = 128.0;

    private static final double TURN = 2 * Math.PI;

    private Quantized() {}

    /** Metres to 1/128 m, 32 bits. */
    public static int metres(double metres) {
        return Math.clamp(Math.round(metres * PER_METRE), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Metres a second to 1/128 m/s, 16 bits: up to 255.99 m/s. */
    public static short speed(double metresPerSecond) {
        return (short) Math.clamp(Math.round(metresPerSecond * PER_METRE), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** 1/128 m (or m/s) to metres (or metres a second). */
    public static double toMetres(int quantized) {
        return quantized / PER_METRE;
    }

    /** Any angle in radians to 1/256 turns, 0 to 255. */
    public static int yaw8(double radians) {
        return (int) (Math.round(radians / TURN * 0x100) & 0xff);
    }

    /** An angle of -pi/2 to pi/2 radians to 1/256 turns, -64 to 64. */
    public static int pitch8(double radians) {
        return Math.clamp(Math.round(radians / TURN * 0x100), -0x40, 0x40);
    }

    /** Any angle in radians to 1/65536 turns, 0 to 65535. */
    public static int yaw16(double radians) {
        return (int) (Math.round(radians / TURN * 0x10000) & 0xffff);
    }

    /** An angle of -pi/2 to pi/2 radians to 1/65536 turns, -16384 to 16384. */
    public static int pitch16(double radians) {
        return Math.clamp(Math.round(radians / TURN * 0x10000), -0x4000, 0x4000);
    }

    /** 1/256 turns to radians. */
    public static double toRadians8(int turns256) {
        return turns256 * (TURN / 0x100);
    }

    /** 1/65536 turns to radians. */
    public static double toRadians16(int turns65536) {
        return turns65536 * (TURN / 0x10000);
    }
}
