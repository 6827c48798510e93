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
        long ix = (long) Math.floor(x);
        long iz = (long) Math.floor(z);
        double tz = smooth(z - iz);
        double left = mix(corner(ix, 0, iz), corner(ix, 0, iz + 1), tz);
        double right = mix(corner(ix + 1, 0, iz), corner(ix + 1, 0, iz + 1), tz);
        return mix(left, right, smooth(x - ix));
    }

    /**
     * The same as {@link #at} for all places of a grid, to the last bit, but a corner of the lattice is hashed once.
     *
     * @param xs ascending
     * @param zs ascending
     * @param out takes that of {@code (xs[i], zs[j])} as element {@code j * xs.length + i}
     */
    void grid(double[] xs, double[] zs, double[] out) {
        int width = xs.length;
        long first = (long) Math.floor(xs[0]);
        int corners = (int) ((long) Math.floor(xs[width - 1]) - first) + 2;
        int[] cell = new int[width];
        double[] tx = new double[width];
        for (int i = 0; i < width; i++) {
            long ix = (long) Math.floor(xs[i]);
            cell[i] = (int) (ix - first);
            tx[i] = smooth(xs[i] - ix);
        }
        double[] near = new double[corners];
        double[] far = new double[corners];
        double[] between = new double[corners];
        long row = Long.MIN_VALUE;
        for (int j = 0; j < zs.length; j++) {
            long iz = (long) Math.floor(zs[j]);
            if (iz != row) {
                row = iz;
                for (int c = 0; c < corners; c++) {
                    near[c] = corner(first + c, 0, iz);
                    far[c] = corner(first + c, 0, iz + 1);
                }
            }
            double tz = smooth(zs[j] - iz);
            for (int c = 0; c < corners; c++) {
                between[c] = mix(near[c], far[c], tz);
            }
            for (int i = 0; i < width; i++) {
                out[j * width + i] = mix(between[cell[i]], between[cell[i] + 1], tx[i]);
            }
        }
    }

    /** -1 to 1 at a corner of the lattice. */
    double corner(long x, long y, long z) {
        return (hash(x, y, z) >> 11) * 0x1.0p-52;
    }

    /** 64 evenly spread bits for a corner of the lattice. */
    long hash(long x, long y, long z) {
        return SplitMix64.mix(seed + x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL + z * 0x165667B19E3779F9L);
    }

    private static double smooth(double t) {
        return t * t * t * (t * (t * 6 - 15) + 10);
    }

    static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }
}
