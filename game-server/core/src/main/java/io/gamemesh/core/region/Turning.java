package io.gamemesh.core.region;

import io.gamemesh.protocol.snapshot.PackedRotation;

/**
 * How a body spins, in a {@code long}: the angular velocity about x, y and z from bit 0 on, 21 bits each, two's
 * complement, in 1/{@value #PER_RADIAN} radians a second.
 */
final class Turning {

    private static final int PER_RADIAN = 8192;
    private static final int BITS = 21;
    private static final long MASK = (1L << BITS) - 1;
    private static final int GREATEST = (1 << (BITS - 1)) - 1;

    private Turning() {}

    /** Of an angular velocity in radians a second; a component of more than 127 is taken for less. */
    static long of(double x, double y, double z) {
        return steps(x) | (steps(y) << BITS) | (steps(z) << (2 * BITS));
    }

    private static long steps(double radians) {
        return Math.clamp(Math.round(radians * PER_RADIAN), -GREATEST, GREATEST) & MASK;
    }

    /** Whether a number is a spin: nothing in its uppermost bit. */
    static boolean isSpin(long number) {
        return number >= 0;
    }

    /** About axis 0, 1 or 2, radians a second. */
    static double spin(long packed, int axis) {
        return (double) (packed << (Long.SIZE - BITS * (axis + 1)) >> (Long.SIZE - BITS)) / PER_RADIAN;
    }

    /** A rotation, as in {@link PackedRotation}, after so many seconds of a spin. */
    static long turned(long rotation, long packed, double seconds) {
        double spinX = spin(packed, 0);
        double spinY = spin(packed, 1);
        double spinZ = spin(packed, 2);
        double speed = Math.sqrt(spinX * spinX + spinY * spinY + spinZ * spinZ);
        if (speed == 0) {
            return rotation;
        }
        double share = StrictMath.sin(speed * seconds / 2) / speed;
        double a = spinX * share;
        double b = spinY * share;
        double c = spinZ * share;
        double d = StrictMath.cos(speed * seconds / 2);
        double x = PackedRotation.get(rotation, 0);
        double y = PackedRotation.get(rotation, 1);
        double z = PackedRotation.get(rotation, 2);
        double w = PackedRotation.get(rotation, 3);
        return PackedRotation.of(
                d * x + a * w + b * z - c * y,
                d * y - a * z + b * w + c * x,
                d * z + a * y - b * x + c * w,
                d * w - a * x - b * y - c * z);
    }
}
