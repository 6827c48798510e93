package io.gamemesh.core.voxel;

/**
 * Value noise over a lattice of hashed corners, smoothed with 6t^5 - 15t^4 + 10t^3 (Perlin, "Improving Noise", 2002).
 * Integer hashing and strict arithmetic, so equal on every machine. Immutable.
 */
final class Noise {

    private final long seed;

    Noise(long seed) {
        this.seed = seed;
    }

    /** -1 to 1 at a place whose lattice has an edge of 1. */
    double at(double x, double z) {
        double fx = Math.floor(x);
        double fz = Math.floor(z);
        long ix = (long) fx;
        long iz = (long) fz;
        double tx = smooth(x - fx);
        double tz = smooth(z - fz);
        double near = mix(corner(ix, 0, iz), corner(ix + 1, 0, iz), tx);
        double far = mix(corner(ix, 0, iz + 1), corner(ix + 1, 0, iz + 1), tx);
        return mix(near, far, tz);
    }

    /** -1 to 1 at a corner of the lattice. */
    double corner(long x, long y, long z) {
        return (hash(x, y, z) >> 11) * 0x1.0p-52;
    }

    /** 64 evenly spread bits for a corner of the lattice (the finaliser of SplitMix64). */
    long hash(long x, long y, long z) {
        long h = seed + x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL + z * 0x165667B19E3779F9L;
        h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
        h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
        return h ^ (h >>> 31);
    }

    private static double smooth(double t) {
        return t * t * t * (t * (t * 6 - 15) + 10);
    }

    static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }
}
