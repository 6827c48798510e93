package io.gamemesh.benchmark.codec;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.Terrain;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A world of hills, as generated or with a town in it: houses with windows and roofs, towers, streets, tunnels with
 * props, and what players leave who place and break single blocks here and there. The same from the same seed.
 */
final class BuiltWorld {

    private static final long SEED = 42;
    private static final int CACHE = 1 << 16;
    private static final int TOWN = 96;
    private static final int HOUSES = 60;
    private static final int TOWERS = 12;
    private static final int TUNNELS = 16;
    private static final int STREETS = 8;
    private static final int SINGLE_EDITS = 6_000;
    private static final short[] WALLS = {Blocks.PLANKS, Blocks.BRICK, Blocks.STONE, Blocks.WOOD};

    private final Generator generator = Generator.named("hills", SEED);
    private final Terrain terrain = new Terrain(generator, 0, 0, 0, CACHE);
    private final SplittableRandom random = new SplittableRandom(SEED);

    private BuiltWorld() {}

    /** As the generator makes it. */
    static BuiltWorld untouched() {
        return new BuiltWorld();
    }

    /** With a town of 192 x 192 m round a place. */
    static BuiltWorld town(int centreX, int centreZ) {
        BuiltWorld world = new BuiltWorld();
        for (int i = 0; i < STREETS; i++) {
            world.street(centreX, centreZ);
        }
        for (int i = 0; i < HOUSES; i++) {
            world.house(world.near(centreX), world.near(centreZ));
        }
        for (int i = 0; i < TOWERS; i++) {
            world.tower(world.near(centreX), world.near(centreZ));
        }
        for (int i = 0; i < TUNNELS; i++) {
            world.tunnel(world.near(centreX), world.near(centreZ));
        }
        for (int i = 0; i < SINGLE_EDITS; i++) {
            world.singleEdit(world.near(centreX), world.near(centreZ));
        }
        return world;
    }

    /** What makes it, before edits. */
    Generator generator() {
        return generator;
    }

    /** The blocks of it. */
    Terrain terrain() {
        return terrain;
    }

    /** The sections about a place on the surface, as far as a player sees: 6 to the sides, half of that up and down. */
    List<int[]> view(int x, int z) {
        int radius = 6;
        int middleX = x >> 4;
        int middleY = generator.surface(x, z) >> 4;
        int middleZ = z >> 4;
        List<int[]> seen = new ArrayList<>();
        for (int dy = -radius; dy <= radius; dy++) {
            for (int dz = -radius; dz <= radius; dz++) {
                for (int dx = -radius; dx <= radius; dx++) {
                    if (dx * dx + 4 * dy * dy + dz * dz <= radius * radius) {
                        seen.add(new int[] {middleX + dx, middleY + dy, middleZ + dz});
                    }
                }
            }
        }
        return seen;
    }

    /** The blocks of a section, in the order of their indexes. */
    short[] blocks(int[] section) {
        short[] blocks = new short[Section.VOLUME];
        terrain.section(section[0], section[1], section[2]).copyTo(blocks);
        return blocks;
    }

    private int near(int centre) {
        return centre + random.nextInt(-TOWN, TOWN);
    }

    private void house(int x, int z) {
        int y = generator.surface(x, z);
        int width = random.nextInt(5, 12);
        int depth = random.nextInt(5, 12);
        int storeys = random.nextInt(1, 4);
        short wall = WALLS[random.nextInt(WALLS.length)];
        for (int storey = 0; storey < storeys; storey++) {
            storey(x, y + storey * 4, z, width, depth, wall);
        }
        for (int step = 0; step * 2 < width; step++) {
            box(x + step, y + storeys * 4 + step, z, x + width - 1 - step, y + storeys * 4 + step, z + depth - 1, wall);
        }
        box(x + 1, y + storeys * 4, z + 1, x + width - 2, y + storeys * 4, z + depth - 2, Blocks.PLANKS);
    }

    private void storey(int x, int y, int z, int width, int depth, short wall) {
        box(x, y - 1, z, x + width - 1, y - 1, z + depth - 1, Blocks.PLANKS);
        box(x, y, z, x + width - 1, y + 2, z + depth - 1, wall);
        box(x + 1, y, z + 1, x + width - 2, y + 2, z + depth - 2, Blocks.AIR);
        for (int window = 2; window < width - 2; window += 3) {
            terrain.edit(x + window, y + 1, z, Blocks.GLASS);
            terrain.edit(x + window, y + 1, z + depth - 1, Blocks.GLASS);
        }
        box(x, y, z + depth / 2, x, y + 1, z + depth / 2, Blocks.AIR);
    }

    private void tower(int x, int z) {
        int y = generator.surface(x, z);
        int height = random.nextInt(8, 24);
        int radius = random.nextInt(2, 5);
        for (int dy = 0; dy < height; dy++) {
            for (int dz = -radius; dz <= radius; dz++) {
                for (int dx = -radius; dx <= radius; dx++) {
                    int far = dx * dx + dz * dz;
                    if (far <= radius * radius) {
                        boolean inner = far < (radius - 1) * (radius - 1);
                        terrain.edit(x + dx, y + dy, z + dz, inner ? Blocks.AIR : Blocks.BRICK);
                    }
                }
            }
        }
    }

    private void tunnel(int x, int z) {
        int y = generator.surface(x, z) - random.nextInt(4, 20);
        int length = random.nextInt(20, 70);
        boolean alongX = random.nextBoolean();
        for (int step = 0; step < length; step++) {
            int tx = alongX ? x + step : x;
            int tz = alongX ? z : z + step;
            box(tx, y, tz, alongX ? tx : tx + 1, y + 2, alongX ? tz + 1 : tz, Blocks.AIR);
            if (step % 6 == 0) {
                box(tx, y, tz, tx, y + 1, tz, Blocks.WOOD);
                terrain.edit(tx, y + 2, tz, Blocks.PLANKS);
            }
        }
    }

    private void street(int centreX, int centreZ) {
        boolean alongX = random.nextBoolean();
        int at = random.nextInt(-TOWN, TOWN);
        for (int step = -TOWN; step < TOWN; step++) {
            for (int side = 0; side < 3; side++) {
                int x = centreX + (alongX ? step : at + side);
                int z = centreZ + (alongX ? at + side : step);
                terrain.edit(x, generator.surface(x, z) - 1, z, side == 1 ? Blocks.SAND : Blocks.STONE);
            }
        }
    }

    private void singleEdit(int x, int z) {
        int y = generator.surface(x, z);
        if (random.nextBoolean()) {
            terrain.edit(x, y - 1 - random.nextInt(3), z, Blocks.AIR);
        } else {
            short block = (short) random.nextInt(1, Blocks.GLASS + 1);
            terrain.edit(x, y + random.nextInt(3), z, block);
        }
    }

    private void box(int fromX, int fromY, int fromZ, int toX, int toY, int toZ, short block) {
        for (int y = fromY; y <= toY; y++) {
            for (int z = fromZ; z <= toZ; z++) {
                for (int x = fromX; x <= toX; x++) {
                    terrain.edit(x, y, z, block);
                }
            }
        }
    }
}
