package io.gamemesh.core.voxel;

/**
 * Rolling hills from -24 to 56 m with water in the deepest valleys, trees, ore, and caves between the surface and
 * -{@value #CAVE_DEPTH} m. Below that it is stone, above air, so most sections of a world have no array.
 */
public final class HillsGenerator implements Generator {

    /** Makes it for a seed. */
    public static final class Factory implements Generator.Factory {

        @Override
        public String name() {
            return "hills";
        }

        @Override
        public Generator create(long seed) {
            return new HillsGenerator(seed);
        }
    }

    private static final int SEA_LEVEL = -10;
    private static final int DIRT_DEPTH = 3;
    private static final int CAVE_DEPTH = 64;
    private static final int CAVE_STEP = 4;
    private static final double CAVE_SCALE = 20;
    private static final double CAVE_THRESHOLD = 0.42;
    private static final int CAVE_ROOF = 5;

    private static final int TREE_CELL = 12;
    private static final int TRUNK = 5;
    private static final int CROWN = 2;
    private static final int TREE_TOP = TRUNK + CROWN;

    private final Noise broad;
    private final Noise middle;
    private final Noise fine;
    private final Noise caves;
    private final Noise scatter;

    /** Hills of that seed. */
    public HillsGenerator(long seed) {
        broad = new Noise(seed);
        middle = new Noise(seed ^ 0x5DEECE66DL);
        fine = new Noise(seed ^ 0x2545F4914F6CDD1DL);
        caves = new Noise(seed ^ 0x6A09E667F3BCC909L);
        scatter = new Noise(seed ^ 0x3C6EF372FE94F82BL);
    }

    @Override
    public int surface(int x, int z) {
        return Math.max(ground(x, z), SEA_LEVEL) + 1;
    }

    /** The y of the topmost block of ground. */
    private int ground(int x, int z) {
        double height = 16
                + 28 * broad.at(x / 180.0, z / 180.0)
                + 9 * middle.at(x / 53.0, z / 53.0)
                + 3 * fine.at(x / 17.0, z / 17.0);
        return (int) Math.floor(height);
    }

    @Override
    public Section section(int sectionX, int sectionY, int sectionZ) {
        int minY = sectionY * Section.EDGE;
        if (minY + Section.EDGE <= -CAVE_DEPTH) {
            return Section.uniform(Blocks.STONE);
        }
        int minX = sectionX * Section.EDGE;
        int minZ = sectionZ * Section.EDGE;
        int[] ground = new int[Section.EDGE * Section.EDGE];
        int highest = Integer.MIN_VALUE;
        for (int z = 0; z < Section.EDGE; z++) {
            for (int x = 0; x < Section.EDGE; x++) {
                int height = ground(minX + x, minZ + z);
                ground[z * Section.EDGE + x] = height;
                highest = Math.max(highest, height);
            }
        }
        // A tree of the next section may lean in from ground that is a little higher than any here.
        if (minY > Math.max(highest + Section.EDGE, SEA_LEVEL) + TREE_TOP) {
            return Section.uniform(Blocks.AIR);
        }
        short[] blocks = new short[Section.VOLUME];
        fillGround(blocks, ground, minX, minY, minZ);
        if (minY <= highest - CAVE_ROOF) {
            carveCaves(blocks, ground, minX, minY, minZ);
        }
        growTrees(blocks, minX, minY, minZ);
        return Section.of(blocks);
    }

    private void fillGround(short[] blocks, int[] ground, int minX, int minY, int minZ) {
        for (int column = 0; column < ground.length; column++) {
            int height = ground[column];
            int x = minX + column % Section.EDGE;
            int z = minZ + column / Section.EDGE;
            for (int y = 0; y < Section.EDGE; y++) {
                blocks[y * Section.EDGE * Section.EDGE + column] = natural(x, minY + y, z, height);
            }
        }
    }

    private short natural(int x, int y, int z, int height) {
        if (y > height) {
            return y <= SEA_LEVEL ? Blocks.WATER : Blocks.AIR;
        }
        if (y <= height - DIRT_DEPTH || y < -CAVE_DEPTH) {
            return ore(x, y, z);
        }
        if (height <= SEA_LEVEL + 1) {
            return Blocks.SAND;
        }
        return y == height ? Blocks.GRASS : Blocks.DIRT;
    }

    private short ore(int x, int y, int z) {
        if (y < -CAVE_DEPTH) {
            return Blocks.STONE;
        }
        int lot = (int) (scatter.hash(x, y, z) & 0xff);
        if (lot < 2) {
            return Blocks.COAL_ORE;
        }
        return lot == 2 && y < 0 ? Blocks.IRON_ORE : Blocks.STONE;
    }

    /** Noise on every fourth block, mixed between: a section asks for 125 values instead of 4,096. */
    private void carveCaves(short[] blocks, int[] ground, int minX, int minY, int minZ) {
        int points = Section.EDGE / CAVE_STEP + 1;
        double[] density = new double[points * points * points];
        for (int i = 0; i < density.length; i++) {
            int x = minX + i % points * CAVE_STEP;
            int z = minZ + i / points % points * CAVE_STEP;
            int y = minY + i / (points * points) * CAVE_STEP;
            density[i] = caveDensity(x, y, z);
        }
        for (int i = 0; i < Section.VOLUME; i++) {
            int x = i % Section.EDGE;
            int z = i / Section.EDGE % Section.EDGE;
            int y = i / (Section.EDGE * Section.EDGE);
            int worldY = minY + y;
            boolean mayBeHollow = worldY > -CAVE_DEPTH && worldY <= ground[z * Section.EDGE + x] - CAVE_ROOF;
            if (mayBeHollow && mixed(density, points, x, y, z) > CAVE_THRESHOLD) {
                blocks[i] = Blocks.AIR;
            }
        }
    }

    private double caveDensity(int x, int y, int z) {
        double level = y / (CAVE_SCALE / 2);
        double below = Math.floor(level);
        // Two slices of flat noise, shifted by a hash each, mixed: three-dimensional enough for caves.
        return Noise.mix(slice(x, (long) below, z), slice(x, (long) below + 1, z), level - below);
    }

    private double slice(int x, long level, int z) {
        double shiftX = caves.corner(level, 1, 0) * 1000;
        double shiftZ = caves.corner(level, 2, 0) * 1000;
        return caves.at(x / CAVE_SCALE + shiftX, z / CAVE_SCALE + shiftZ);
    }

    private static double mixed(double[] density, int points, int x, int y, int z) {
        int base = (y / CAVE_STEP * points + z / CAVE_STEP) * points + x / CAVE_STEP;
        double tx = (x % CAVE_STEP) / (double) CAVE_STEP;
        double ty = (y % CAVE_STEP) / (double) CAVE_STEP;
        double tz = (z % CAVE_STEP) / (double) CAVE_STEP;
        int up = points * points;
        double low = Noise.mix(
                Noise.mix(density[base], density[base + 1], tx),
                Noise.mix(density[base + points], density[base + points + 1], tx),
                tz);
        double high = Noise.mix(
                Noise.mix(density[base + up], density[base + up + 1], tx),
                Noise.mix(density[base + up + points], density[base + up + points + 1], tx),
                tz);
        return Noise.mix(low, high, ty);
    }

    /** At most one tree per cell of 12 x 12 m, placed so that its crown stays within the cell. */
    private void growTrees(short[] blocks, int minX, int minY, int minZ) {
        int lastX = Math.floorDiv(minX + Section.EDGE - 1, TREE_CELL);
        int lastZ = Math.floorDiv(minZ + Section.EDGE - 1, TREE_CELL);
        for (int cellZ = Math.floorDiv(minZ, TREE_CELL); cellZ <= lastZ; cellZ++) {
            for (int cellX = Math.floorDiv(minX, TREE_CELL); cellX <= lastX; cellX++) {
                long lot = scatter.hash(cellX, Long.MIN_VALUE, cellZ);
                if ((lot & 3) != 0) {
                    continue;
                }
                int room = TREE_CELL - 2 * CROWN;
                int x = cellX * TREE_CELL + CROWN + (int) ((lot >>> 8) % room);
                int z = cellZ * TREE_CELL + CROWN + (int) ((lot >>> 32) % room);
                int root = ground(x, z);
                if (root > SEA_LEVEL + 1) {
                    growTree(blocks, x - minX, root + 1 - minY, z - minZ);
                }
            }
        }
    }

    private static void growTree(short[] blocks, int x, int y, int z) {
        for (int dy = TRUNK - 2; dy <= TRUNK + 1; dy++) {
            int reach = dy > TRUNK ? 1 : CROWN;
            for (int dz = -reach; dz <= reach; dz++) {
                for (int dx = -reach; dx <= reach; dx++) {
                    grow(blocks, x + dx, y + dy, z + dz, Blocks.LEAVES);
                }
            }
        }
        for (int dy = 0; dy < TRUNK; dy++) {
            grow(blocks, x, y + dy, z, Blocks.WOOD);
        }
    }

    private static void grow(short[] blocks, int x, int y, int z, short block) {
        boolean inside = ((x | y | z) & ~(Section.EDGE - 1)) == 0;
        if (inside) {
            int index = Section.index(x, y, z);
            if (blocks[index] == Blocks.AIR || block == Blocks.WOOD) {
                blocks[index] = block;
            }
        }
    }
}
