package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.geometry.Box;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TerrainSnapshotTest {

    private static final Box EVERYWHERE = Box.of(-1e6, -1e6, -1e6, 1e6, 1e6, 1e6);

    private static Map<List<Integer>, Short> edits(TerrainSnapshot snapshot) {
        Map<List<Integer>, Short> edits = new HashMap<>();
        snapshot.forEachEdit(EVERYWHERE, (x, y, z, block) -> edits.put(List.of(x, y, z), block));
        return edits;
    }

    private static void editSomewhere(Terrain terrain, Random random) {
        int x = random.nextInt(-20, 20);
        int y = random.nextInt(-20, 20);
        int z = random.nextInt(-20, 20);
        if (random.nextInt(4) == 0) {
            terrain.forgetEdit(x, y, z);
        } else {
            terrain.edit(x, y, z, (short) random.nextInt(13));
        }
    }

    @Property(tries = 50)
    void staysAsItWasWhileTheTerrainIsEdited(@ForAll long seed) {
        Terrain terrain = new Terrain(Generator.named("hills", seed), 0, 0, 0, 16);
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            editSomewhere(terrain, random);
        }

        TerrainSnapshot snapshot = terrain.snapshot();
        Map<List<Integer>, Short> before = edits(snapshot);
        Section section = terrain.section(0, 0, 0);
        for (int i = 0; i < 3000; i++) {
            editSomewhere(terrain, random);
        }

        assertThat(edits(snapshot)).isEqualTo(before);
        assertThat(snapshot.editCount()).isEqualTo(before.size());
        assertThat(snapshot.section(0, 0, 0).hasSameBlocksAs(section)).isTrue();
        assertThat(edits(terrain.snapshot())).isNotEqualTo(before);
    }

    @Test
    void isTakenAnewOnlyAfterAnEdit() {
        Terrain terrain = new Terrain(Generator.named("flat", 1), 0, 0, 0, 16);

        TerrainSnapshot first = terrain.snapshot();
        TerrainSnapshot second = terrain.snapshot();
        terrain.edit(0, 0, 0, Blocks.GLASS);

        assertThat(second).isSameAs(first);
        assertThat(terrain.snapshot()).isNotSameAs(first);
    }

    @Test
    void isReadByOtherThreadsWhileTheTerrainIsEdited() throws Exception {
        // Each round puts one kind of block at all places: a snapshot that mixes two rounds is torn.
        Terrain terrain = new Terrain(Generator.named("flat", 1), 0, 0, 0, 16);
        @Nullable TerrainSnapshot[] published = {null};
        @Nullable Section[] sections = {null};
        AtomicBoolean done = new AtomicBoolean();

        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> reader = threads.submit(() -> {
                int reads = 0;
                while (!done.get() || reads == 0) {
                    // On purpose without any synchronisation: final fields have to do.
                    TerrainSnapshot snapshot = published[0];
                    Section section = sections[0];
                    if (snapshot != null && section != null) {
                        reads++;
                        assertWhole(section);
                        assertWhole(snapshot.section(3, 3, 3));
                    }
                }
                return reads;
            });
            for (int round = 0; round < 3000; round++) {
                for (int i = 0; i < 64; i++) {
                    terrain.edit(48 + i % 16, 48 + i / 16, 48, (short) (1 + round % 12));
                }
                sections[0] = terrain.section(3, 3, 3);
                published[0] = terrain.snapshot();
            }
            done.set(true);

            assertThat(reader.get()).isPositive();
        }
    }

    private static void assertWhole(Section section) {
        short first = section.get(0);
        assertThat(first).isNotEqualTo(Blocks.AIR);
        for (int i = 0; i < 64; i++) {
            assertThat(section.get(Section.index(i % 16, i / 16, 0))).isEqualTo(first);
        }
    }
}
