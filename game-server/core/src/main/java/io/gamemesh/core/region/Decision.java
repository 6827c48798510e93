package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.Quantized;

/**
 * What a creature wants until it decides anew, in 64 bits: from the lowest on the velocity it wants on x, y and z, 16
 * bits each in 1/128 m/s, and the {@link #JUMP}, {@link #RUN} and {@link #AWAKE} bits.
 */
final class Decision {

    static final long JUMP = 1L << 48;
    static final long RUN = 1L << 49;
    static final long AWAKE = 1L << 50;

    private Decision() {}

    static long of(double vx, double vy, double vz, boolean jump, boolean run) {
        return (Quantized.speed(vx) & 0xffffL)
                | ((Quantized.speed(vy) & 0xffffL) << 16)
                | ((Quantized.speed(vz) & 0xffffL) << 32)
                | (jump ? JUMP : 0)
                | (run ? RUN : 0);
    }

    static double x(long decision) {
        return Quantized.toMetres((short) decision);
    }

    static double y(long decision) {
        return Quantized.toMetres((short) (decision >> 16));
    }

    static double z(long decision) {
        return Quantized.toMetres((short) (decision >> 32));
    }
}
