package io.gamemesh.core.voxel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Rolling hills from -24 to 56 m with water in the deepest valleys, trees, ore, and caves between the surface and
 * -{@value #CAVE_DEPTH} m. Below that it is stone, above air, so most sections of a world have no array.
 *
 * <p>The ground is the same for all sections of a column, so columns are kept: {@value #COLUMNS} of them, about 400 bytes
 * each, the nearer ones of an area never in each other's way. Safe for any thread: a column is immutable, and that two
 * threads may make the same one at once costs time and nothing else.
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
    private static final int COAL_VEINS = 8;
    private static final int IRON_VEINS = 4;
    private static final int VEIN_BITS = 20;

    private static final int TREE_CELL = 12;
    private static final int TRUNK = 5;
    private static final int CROWN = 2;
    private static final int TREE_TOP = TRUNK + CROWN;

    private static final int AREA = 64;
    private static final int COLUMNS = AREA * AREA;

    private final Noise broad;
    private final Noise middle;
    private final Noise fine;
    private final Noise scatter;
    private final Caves caves;
    private final AtomicReferenceArray<@Nullable Column> columns = new AtomicReferenceArray<>(COLUMNS);

    /** What all sections above each other have in common. */
    private static final class Column {
        final int x;
        final int z;
        /** The y of the topmost block of ground, {@code z * 16 + x}. */
        final byte[] ground;

        final int lowest;
        final int highest;
        /** Three numbers each: x and z of the trunk within the column or near it, and the y of its lowest block. */
        final int[] trees;
        /** The y of the topmost block that is not air. */
        final int top;

        Column(int x, int z, byte[] ground, int[] trees) {
            this.x = x;
            this.z = z;
            this.ground = ground;
            this.trees = trees;
            int least = ground[0];
            int greatest = ground[0];
            for (byte height : ground) {
                least = Math.min(least, height);
                greatest = Math.max(greatest, height);
            }
            lowest = least;
            highest = greatest;
            int topmost = Math.max(greatest, SEA_LEVEL);
            for (int i = 0; i < trees.length; i += 3) {
                topmost = Math.max(topmost, trees[i + 2] - 1 + TREE_TOP);
            }
            top = topmost;
        }
    }

    /** Hills of that seed. */
    public HillsGenerator(long seed) {
        broad = new Noise(seed);
        middle = new Noise(seed ^ 0x5DEECE66DL);
        fine = new Noise(seed ^ 0x2545F4914F6CDD1DL);
        scatter = new Noise(seed ^ 0x3C6EF372FE94F82BL);
        caves = new Caves(new Noise(seed ^ 0x6A09E667F3BCC909L), -CAVE_DEPTH);
    }

    @Override
    public int surface(int x, int z) {
        Column column = column(x >> 4, z >> 4);
        return Math.max(column.ground[(z & 15) * Section.EDGE + (x & 15)], SEA_LEVEL) + 1;
    }

    private Column column(int x, int z) {
        int place = Math.floorMod(z, AREA) * AREA + Math.floorMod(x, AREA);
        Column known = columns.getAcquire(place);
        if (known == null || known.x != x || known.z != z) {
            known = makeColumn(x, z);
            columns.setRelease(place, known);
        }
        return known;
    }

    private Column makeColumn(int sectionX, int sectionZ) {
        int minX = sectionX * Section.EDGE;
        int minZ = sectionZ * Section.EDGE;
        double[] broadly = grid(broad, minX, minZ, 180.0);
        double[] between = grid(middle, minX, minZ, 53.0);
        double[] finely = grid(fine, minX, minZ, 17.0);
        byte[] ground = new byte[Section.EDGE * Section.EDGE];
        for (int i = 0; i < ground.length; i++) {
            ground[i] = (byte) height(broadly[i], between[i], finely[i]);
        }
        return new Column(sectionX, sectionZ, ground, plantTrees(minX, minZ));
    }

    private static double[] grid(Noise noise, int minX, int minZ, double scale) {
        double[] xs = new double[Section.EDGE];
        double[] zs = new double[Section.EDGE];
        for (int i = 0; i < Section.EDGE; i++) {
            xs[i] = (minX + i) / scale;
            zs[i] = (minZ + i) / scale;
        }
        double[] out = new double[Section.EDGE * Section.EDGE];
        noise.grid(xs, zs, out);
        return out;
    }

    private static int height(double broadly, double between, double finely) {
        return (int) Math.floor(16 + 28 * broadly + 9 * between + 3 * finely);
    }

    private int ground(int x, int z) {
        return height(broad.at(x / 180.0, z / 180.0), middle.at(x / 53.0, z / 53.0), fine.at(x / 17.0, z / 17.0));
    }

    /** At most one tree per cell of 12 x 12 m, placed so that its crown stays within the cell. */
    private int[] plantTrees(int minX, int minZ) {
        int lastX = Math.floorDiv(minX + Section.EDGE - 1, TREE_CELL);
        int lastZ = Math.floorDiv(minZ + Section.EDGE - 1, TREE_CELL);
        int[] trees = new int[3 * 9];
        int numbers = 0;
        for (int cellZ = Math.floorDiv(minZ, TREE_CELL); cellZ <= lastZ; cellZ++) {
            for (int cellX = Math.floorDiv(minX, TREE_CELL); cellX <= lastX; cellX++) {
                long lot = scatter.hash(cellX, Long.MIN_VALUE, cellZ);
                if ((lot & 3) != 0) {
                    continue;
                }
                int room = TREE_CELL - 2 * CROWN;
                int x = cellX * TREE_CELL + CROWN + (int) ((lot >>> 8) % room);
                int z = cellZ * TREE_CELL + CROWN + (int) ((lot >>> 32) % room);
                if (isNear(x - minX) && isNear(z - minZ)) {
                    int root = ground(x, z);
                    if (root > SEA_LEVEL + 1) {
                        trees[numbers++] = x - minX;
                        trees[numbers++] = z - minZ;
                        trees[numbers++] = root + 1;
                    }
                }
            }
        }
        return Arrays.copyOf(trees, numbers);
    }

    private static boolean isNear(int coordinate) {
        return coordinate >= -CROWN && coordinate < Section.EDGE + CROWN;
    }

    @Override
    public Section section(int sectionX, int sectionY, int sectionZ) {
        int minY = sectionY * Section.EDGE;
        if (minY + Section.EDGE <= -CAVE_DEPTH) {
            return Section.uniform(Blocks.STONE);
        }
        Column column = column(sectionX, sectionZ);
        if (minY > column.top) {
            return Section.uniform(Blocks.AIR);
        }
        HillRows rows = new HillRows();
        if (minY + Section.EDGE - 1 > column.lowest - DIRT_DEPTH) {
            layGround(rows, column, minY);
        }
        if (minY <= column.highest - DIRT_DEPTH) {
            long lot = scatter.hash(sectionX, sectionY, sectionZ);
            scatterVeins(rows, lot, COAL_VEINS, HillRows.COAL);
            if (minY < 0) {
                scatterVeins(rows, ~lot, IRON_VEINS, HillRows.IRON);
            }
            caves.carve(rows, column.ground, column.highest, sectionX, sectionY, sectionZ);
        }
        for (int i = 0; i < column.trees.length; i += 3) {
            growTree(rows, column.trees[i], column.trees[i + 2] - minY, column.trees[i + 1]);
        }
        return rows.toSection();
    }

    private static void layGround(HillRows rows, Column column, int minY) {
        for (int z = 0; z < Section.EDGE; z++) {
            int lowest = Integer.MAX_VALUE;
            int highest = Integer.MIN_VALUE;
            for (int x = 0; x < Section.EDGE; x++) {
                int height = column.ground[z * Section.EDGE + x];
                lowest = Math.min(lowest, height);
                highest = Math.max(highest, height);
            }
            for (int y = Math.max(0, lowest - DIRT_DEPTH + 1 - minY); y < Section.EDGE; y++) {
                int worldY = minY + y;
                if (worldY > highest) {
                    rows.fill(y, z, worldY <= SEA_LEVEL ? HillRows.WATER : HillRows.AIR);
                } else {
                    long row = 0;
                    for (int x = 0; x < Section.EDGE; x++) {
                        row |= natural(worldY, column.ground[z * Section.EDGE + x]) << (x * 4);
                    }
                    rows.put(y, z, row);
                }
            }
        }
    }

    private static long natural(int y, int height) {
        if (y > height) {
            return y <= SEA_LEVEL ? HillRows.WATER : HillRows.AIR;
        }
        if (y <= height - DIRT_DEPTH) {
            return HillRows.STONE;
        }
        if (height <= SEA_LEVEL + 1) {
            return HillRows.SAND;
        }
        return y == height ? HillRows.GRASS : HillRows.DIRT;
    }

    /** Veins of up to 2 x 2 x 2 blocks: 12 bits of chance say where, 8 which of those blocks there are. */
    private void scatterVeins(HillRows rows, long lot, int veins, long ore) {
        long left = 0;
        for (int i = 0; i < veins; i++) {
            left = i % 3 == 0 ? scatter.hash(lot, i, ore) : left >>> VEIN_BITS;
            int x = Math.min((int) left & 15, Section.EDGE - 2);
            int y = Math.min((int) (left >>> 4) & 15, Section.EDGE - 2);
            int z = Math.min((int) (left >>> 8) & 15, Section.EDGE - 2);
            for (int part = 0; part < 8; part++) {
                if ((left >>> (12 + part) & 1) != 0) {
                    rows.replace(x + (part & 1), y + (part >> 1 & 1), z + (part >> 2), HillRows.STONE, ore);
                }
            }
        }
    }

    private static void growTree(HillRows rows, int x, int y, int z) {
        if (y > Section.EDGE || y + TREE_TOP < 0) {
            return;
        }
        for (int dy = TRUNK - 2; dy <= TRUNK + 1; dy++) {
            int reach = dy > TRUNK ? 1 : CROWN;
            for (int dz = -reach; dz <= reach; dz++) {
                for (int dx = -reach; dx <= reach; dx++) {
                    if (isInside(x + dx, y + dy, z + dz)) {
                        rows.replace(x + dx, y + dy, z + dz, HillRows.AIR, HillRows.LEAVES);
                    }
                }
            }
        }
        for (int dy = 0; dy < TRUNK; dy++) {
            if (isInside(x, y + dy, z)) {
                rows.set(x, y + dy, z, HillRows.WOOD);
            }
        }
    }

    private static boolean isInside(int x, int y, int z) {
        return ((x | y | z) & ~(Section.EDGE - 1)) == 0;
    }
}
