package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HillsGeneratorTest {

    @Property(tries = 200)
    void asksForAGridOfNoiseAsForEachPlace(
            @ForAll long seed,
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double x,
            @ForAll @DoubleRange(min = 0.01, max = 0.3) double step) {
        Noise noise = new Noise(seed);
        double[] xs = new double[16];
        double[] zs = new double[16];
        for (int i = 0; i < 16; i++) {
            xs[i] = x + i * step;
            zs[i] = -x / 3 + i * step;
        }
        double[] grid = new double[256];

        noise.grid(xs, zs, grid);

        for (int i = 0; i < 256; i++) {
            assertThat(grid[i]).isEqualTo(noise.at(xs[i % 16], zs[i / 16]));
        }
    }

    @Property(tries = 5)
    void growsTreesOnGrassAcrossSections(@ForAll long seed) {
        Generator hills = new HillsGenerator(seed);
        Terrain terrain = new Terrain(hills, 0, 0, 0, 4096);

        for (int x = -100; x < 100; x++) {
            for (int z = -100; z < 100; z++) {
                int y = hills.surface(x, z);
                if (terrain.block(x, y, z) == Blocks.WOOD) {
                    assertIsTree(terrain, x, y, z);
                }
            }
        }
    }

    private static void assertIsTree(Terrain terrain, int x, int y, int z) {
        assertThat(terrain.block(x, y - 1, z)).isEqualTo(Blocks.GRASS);
        for (int dy = 0; dy < 5; dy++) {
            assertThat(terrain.block(x, y + dy, z)).isEqualTo(Blocks.WOOD);
        }
        for (int dx = -2; dx <= 2; dx++) {
            for (int dz = -2; dz <= 2; dz++) {
                assertThat(terrain.block(x + dx, y + 4, z + dz))
                        .isIn(Blocks.LEAVES, Blocks.WOOD, Blocks.GRASS, Blocks.DIRT);
            }
        }
        assertThat(terrain.block(x, y + 6, z)).isEqualTo(Blocks.LEAVES);
    }

    @Test
    void hasOreCavesWaterAndTrees() {
        Generator hills = new HillsGenerator(42);
        int[] count = new int[13];

        for (int x = -8; x < 8; x++) {
            for (int z = -8; z < 8; z++) {
                for (int y = -5; y < 5; y++) {
                    Section section = hills.section(x, y, z);
                    for (int i = 0; i < Section.VOLUME; i++) {
                        boolean cave = section.get(i) == Blocks.AIR
                                && y * 16 + i / 256 < hills.surface(x * 16 + i % 16, z * 16 + i / 16 % 16);
                        count[cave ? Blocks.GLASS : section.get(i)]++;
                    }
                }
            }
        }

        int stone = count[Blocks.STONE];
        assertThat(count[Blocks.COAL_ORE]).isBetween(stone / 400, stone / 50);
        assertThat(count[Blocks.IRON_ORE]).isBetween(stone / 800, stone / 100);
        assertThat(count[Blocks.GLASS]).isBetween(stone / 100, stone / 4);
        assertThat(count[Blocks.WOOD]).isPositive();
        assertThat(count[Blocks.LEAVES]).isGreaterThan(count[Blocks.WOOD]);
        assertThat(count[Blocks.WATER]).isPositive();
        assertThat(count[Blocks.SAND]).isPositive();
    }

    @Property(tries = 30)
    void saysThatSectionsOfOneKindAre(
            @ForAll long seed,
            @ForAll @IntRange(min = -100_000, max = 100_000) int x,
            @ForAll @IntRange(min = -100_000, max = 100_000) int z) {
        Generator hills = new HillsGenerator(seed);

        for (int y = -8; y < 6; y++) {
            Section section = hills.section(x, y, z);
            short[] blocks = new short[Section.VOLUME];
            section.copyTo(blocks);
            assertThat(section.isUniform()).isEqualTo(Section.of(blocks).isUniform());
        }
    }

    @Test
    void makesTheSameAfterColumnsWereForgotten() {
        Generator hills = new HillsGenerator(7);
        Section before = hills.section(3, 0, 5);

        hills.section(3 + 64, 0, 5);

        assertThat(hills.section(3, 0, 5).hasSameBlocksAs(before)).isTrue();
    }
}
