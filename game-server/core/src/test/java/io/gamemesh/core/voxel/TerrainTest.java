package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.terrain.SectionEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TerrainTest {

    private static final Box EVERYWHERE = Box.of(-1e6, -1e6, -1e6, 1e6, 1e6, 1e6);

    @Property(tries = 50)
    void keepsEditsWhenSectionsAreForgotten(@ForAll long seed) {
        Terrain terrain = new Terrain(Generator.named("hills", seed), 0, 0, 0, 4);
        Random random = new Random(seed);
        Map<List<Integer>, Short> edits = new HashMap<>();

        for (int i = 0; i < 200; i++) {
            List<Integer> place = List.of(random.nextInt(-50, 50), random.nextInt(-50, 50), random.nextInt(-50, 50));
            short block = (short) random.nextInt(13);
            terrain.edit(place.get(0), place.get(1), place.get(2), block);
            edits.put(place, block);
        }

        edits.forEach((place, block) -> assertThat(terrain.block(place.get(0), place.get(1), place.get(2)))
                .isEqualTo(block));
        Map<List<Integer>, Short> told = new HashMap<>();
        terrain.forEachEdit(EVERYWHERE, (x, y, z, block) -> told.put(List.of(x, y, z), block));
        assertThat(told).isEqualTo(edits);
        assertThat(terrain.editCount()).isEqualTo(edits.size());
        assertThat(terrain.cachedSections()).isLessThanOrEqualTo(4);
    }

    @Test
    void isAsGeneratedOnceAnEditIsForgotten() {
        Terrain terrain = new Terrain(Generator.named("flat", 1), 0, 0, 0, 64);
        terrain.edit(3, 0, 4, Blocks.BRICK);

        terrain.forgetEdit(3, 0, 4);

        assertThat(terrain.block(3, 0, 4)).isEqualTo(Blocks.GRASS);
        assertThat(terrain.editCount()).isZero();
    }

    @Property(tries = 30)
    void theSameSeedMakesTheSameWorldInAnyOrder(
            @ForAll long seed,
            @ForAll @IntRange(min = -200, max = 200) int x,
            @ForAll @IntRange(min = -5, max = 5) int y,
            @ForAll @IntRange(min = -200, max = 200) int z) {
        Generator one = Generator.named("hills", seed);
        Generator other = Generator.named("hills", seed);
        other.section(x + 1, y, z);

        assertThat(other.section(x, y, z).coded(new SectionEncoder()))
                .isEqualTo(one.section(x, y, z).coded(new SectionEncoder()));
    }

    @Property(tries = 100)
    void theSurfaceIsWhereTheGroundEnds(
            @ForAll long seed,
            @ForAll @IntRange(min = -5000, max = 5000) int x,
            @ForAll @IntRange(min = -5000, max = 5000) int z) {
        Generator hills = Generator.named("hills", seed);
        Terrain terrain = new Terrain(hills, 0, 0, 0, 64);
        List<Short> above = new ArrayList<>();

        int surface = hills.surface(x, z);
        for (int y = surface; y < surface + 20; y++) {
            above.add(terrain.block(x, y, z));
        }

        assertThat(above).allMatch(block -> block == Blocks.AIR || block == Blocks.WOOD || block == Blocks.LEAVES);
        assertThat(terrain.block(x, surface - 1, z)).isNotEqualTo(Blocks.AIR);
        assertThat(surface).isBetween(-24, 58);
    }

    @Test
    void differentSeedsMakeDifferentWorlds() {
        Generator one = Generator.named("hills", 1);
        Generator other = Generator.named("hills", 2);

        assertThat(other.section(0, 1, 0).coded(new SectionEncoder()))
                .isNotEqualTo(one.section(0, 1, 0).coded(new SectionEncoder()));
    }

    @Test
    void saysWhichGeneratorsThereAre() {
        assertThatThrownBy(() -> Generator.named("moon", 1))
                .hasMessageContaining("generator is 'moon'")
                .hasMessageContaining("[flat, hills]");
    }
}
