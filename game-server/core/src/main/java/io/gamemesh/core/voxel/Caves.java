package io.gamemesh.core.voxel;

/**
 * Caves where noise exceeds a threshold. The noise is asked for at every fourth block and mixed between, and where it
 * exceeds the threshold at none of a cube's corners, it does nowhere in the cube. Immutable.
 */
final class Caves {

    private static final int STEP = 4;
    private static final int CELLS = Section.EDGE / STEP;
    private static final int POINTS = CELLS + 1;
    private static final int LAYER = POINTS * POINTS;
    private static final double SCALE = 20;
    private static final int LEVEL = 10;
    private static final double THRESHOLD = 0.42;
    private static final int ROOF = 5;

    private final Noise noise;
    private final int deepest;

    Caves(Noise noise, int deepest) {
        this.noise = noise;
        this.deepest = deepest;
    }

    /**
     * Takes away what is hollow, up to some blocks below the ground.
     *
     * @param ground the y of its topmost block, {@code z * 16 + x}
     * @param highest of the ground
     */
    void carve(HillRows rows, byte[] ground, int highest, int sectionX, int sectionY, int sectionZ) {
        int minY = sectionY * Section.EDGE;
        int layers = Math.min(CELLS, Math.floorDiv(highest - ROOF - minY, STEP) + 1);
        if (layers <= 0) {
            return;
        }
        double[] density = density(sectionX * Section.EDGE, minY, sectionZ * Section.EDGE);
        for (int y = 0; y < layers; y++) {
            for (int z = 0; z < CELLS; z++) {
                for (int x = 0; x < CELLS; x++) {
                    int corner = y * LAYER + z * POINTS + x;
                    if (mayBeHollow(density, corner)) {
                        carve(rows, ground, minY, density, corner, x * STEP, y * STEP, z * STEP);
                    }
                }
            }
        }
    }

    private static boolean mayBeHollow(double[] density, int corner) {
        return isAbove(density, corner)
                || isAbove(density, corner + POINTS)
                || isAbove(density, corner + LAYER)
                || isAbove(density, corner + LAYER + POINTS);
    }

    private static boolean isAbove(double[] density, int corner) {
        return Math.max(density[corner], density[corner + 1]) > THRESHOLD;
    }

    private void carve(
            HillRows rows, byte[] ground, int minY, double[] density, int corner, int minX, int lowY, int minZ) {
        for (int y = 0; y < STEP; y++) {
            int worldY = minY + lowY + y;
            if (worldY <= deepest) {
                continue;
            }
            double ty = y / (double) STEP;
            double nearLeft = Noise.mix(density[corner], density[corner + LAYER], ty);
            double nearRight = Noise.mix(density[corner + 1], density[corner + LAYER + 1], ty);
            double farLeft = Noise.mix(density[corner + POINTS], density[corner + LAYER + POINTS], ty);
            double farRight = Noise.mix(density[corner + POINTS + 1], density[corner + LAYER + POINTS + 1], ty);
            for (int z = 0; z < STEP; z++) {
                double left = Noise.mix(nearLeft, farLeft, z / (double) STEP);
                double right = Noise.mix(nearRight, farRight, z / (double) STEP);
                for (int x = 0; x < STEP; x++) {
                    boolean hollow = Noise.mix(left, right, x / (double) STEP) > THRESHOLD;
                    if (hollow && worldY <= ground[(minZ + z) * Section.EDGE + minX + x] - ROOF) {
                        rows.set(minX + x, lowY + y, minZ + z, HillRows.AIR);
                    }
                }
            }
        }
    }

    /** Slices of flat noise, shifted by a hash each, and mixed in between: three-dimensional enough for caves. */
    private double[] density(int minX, int minY, int minZ) {
        int lowest = Math.floorDiv(minY, LEVEL);
        int highest = Math.floorDiv(minY + Section.EDGE, LEVEL) + 1;
        double[][] slices = new double[highest - lowest + 1][];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = slice(minX, lowest + i, minZ);
        }
        double[] density = new double[POINTS * LAYER];
        for (int y = 0; y < POINTS; y++) {
            int worldY = minY + y * STEP;
            int below = Math.floorDiv(worldY, LEVEL);
            double share = (worldY - below * LEVEL) / (double) LEVEL;
            double[] low = slices[below - lowest];
            double[] high = slices[below - lowest + 1];
            for (int i = 0; i < LAYER; i++) {
                density[y * LAYER + i] = Noise.mix(low[i], high[i], share);
            }
        }
        return density;
    }

    private double[] slice(int minX, int level, int minZ) {
        double shiftX = noise.corner(level, 1, 0) * 1000;
        double shiftZ = noise.corner(level, 2, 0) * 1000;
        double[] xs = new double[POINTS];
        double[] zs = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            xs[i] = (minX + i * STEP) / SCALE + shiftX;
            zs[i] = (minZ + i * STEP) / SCALE + shiftZ;
        }
        double[] slice = new double[LAYER];
        noise.grid(xs, zs, slice);
        return slice;
    }
}
