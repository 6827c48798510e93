package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.core.voxel.BulkEdit.Bounds;
import io.gamemesh.protocol.geometry.Box;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BulkEditTest {

    private static final Box EVERYWHERE = Box.of(-1e6, -1e6, -1e6, 1e6, 1e6, 1e6);

    private static Terrain terrain(long seed) {
        return new Terrain(Generator.named("hills", seed), 0, 0, 0, 512);
    }

    private static Map<List<Integer>, Short> edits(Terrain terrain) {
        Map<List<Integer>, Short> edits = new HashMap<>();
        terrain.forEachEdit(EVERYWHERE, (x, y, z, block) -> edits.put(List.of(x, y, z), block));
        return edits;
    }

    private static Bounds bounds(Random random) {
        int x = random.nextInt(-40, 40);
        int y = random.nextInt(-40, 40);
        int z = random.nextInt(-40, 40);
        return new Bounds(x, y, z, x + random.nextInt(24), y + random.nextInt(24), z + random.nextInt(24));
    }

    private static BulkEdit edit(Random random) {
        short block = (short) random.nextInt(5);
        return switch (random.nextInt(3)) {
            case 0 -> new BulkEdit.Box(bounds(random), block);
            case 1 -> {
                Bounds middle = bounds(random);
                yield new BulkEdit.Sphere(middle.minX(), middle.minY(), middle.minZ(), random.nextInt(13), block);
            }
            default -> new BulkEdit.Replace(bounds(random), (short) random.nextInt(5), block);
        };
    }

    private static boolean covers(BulkEdit edit, Terrain terrain, int x, int y, int z) {
        return switch (edit) {
            case BulkEdit.Box _ -> true;
            case BulkEdit.Sphere(int midX, int midY, int midZ, int radius, short _) ->
                (x - midX) * (x - midX) + (y - midY) * (y - midY) + (z - midZ) * (z - midZ) <= radius * radius;
            case BulkEdit.Replace(Bounds _, short replaced, short _) -> terrain.block(x, y, z) == replaced;
        };
    }

    private static Map<List<Integer>, Short> editOneByOne(Terrain terrain, BulkEdit edit) {
        Map<List<Integer>, Short> changes = new HashMap<>();
        Bounds bounds = edit.bounds();
        for (int x = bounds.minX(); x <= bounds.maxX(); x++) {
            for (int y = bounds.minY(); y <= bounds.maxY(); y++) {
                for (int z = bounds.minZ(); z <= bounds.maxZ(); z++) {
                    if (covers(edit, terrain, x, y, z) && terrain.block(x, y, z) != edit.block()) {
                        terrain.edit(x, y, z, edit.block());
                        changes.put(List.of(x, y, z), edit.block());
                    }
                }
            }
        }
        return changes;
    }

    @Property(tries = 60)
    void doesWhatEditingOneByOneDoes(@ForAll long seed) {
        Terrain atOnce = terrain(seed);
        Terrain oneByOne = terrain(seed);
        Random random = new Random(seed);

        for (int i = 0; i < 6; i++) {
            BulkEdit edit = edit(random);
            Map<List<Integer>, Short> told = new HashMap<>();
            int count = atOnce.edit(edit, (x, y, z, changed, block) -> {
                for (int index = 0; index < Section.VOLUME; index++) {
                    if ((changed[index >> 6] >>> index & 1) != 0) {
                        told.put(List.of(x * 16 + index % 16, y * 16 + index / 256, z * 16 + index / 16 % 16), block);
                    }
                }
            });

            assertThat(told).isEqualTo(editOneByOne(oneByOne, edit));
            assertThat(count).isEqualTo(told.size());
        }

        assertThat(edits(atOnce)).isEqualTo(edits(oneByOne));
        assertThat(atOnce.editCount()).isEqualTo(oneByOne.editCount());
        for (int i = 0; i < 500; i++) {
            int x = random.nextInt(-60, 70);
            int y = random.nextInt(-60, 70);
            int z = random.nextInt(-60, 70);
            assertThat(atOnce.block(x, y, z)).isEqualTo(oneByOne.block(x, y, z));
        }
    }

    @Test
    void leavesSnapshotsAsTheyWere() {
        Terrain terrain = terrain(1);
        Section before = terrain.section(0, 0, 0);
        short[] blocks = new short[Section.VOLUME];
        before.copyTo(blocks);

        terrain.edit(new BulkEdit.Sphere(8, 8, 8, 6, Blocks.BRICK), (x, y, z, changed, block) -> {});

        assertThat(before.hasSameBlocksAs(Section.of(blocks))).isTrue();
        assertThat(terrain.section(0, 0, 0).get(Section.index(8, 8, 8))).isEqualTo(Blocks.BRICK);
    }

    @Test
    void refusesToCoverTooMuch() {
        assertThatThrownBy(() -> new Bounds(0, 0, 0, 64, 63, 63)).hasMessageContaining("expected at most 262144");
        assertThatThrownBy(() -> new Bounds(-(1 << 24), 0, -(1 << 24), 1 << 24, 0, 1 << 24))
                .hasMessageContaining("expected at most 262144");
        assertThatThrownBy(() -> new Bounds(1, 0, 0, 0, 0, 0)).hasMessageContaining("lesser corner first");
        assertThatThrownBy(() -> new Bounds(Integer.MIN_VALUE, 0, 0, 0, 0, 0)).hasMessageContaining("16777216");
        assertThatThrownBy(() -> new BulkEdit.Sphere(0, 0, 0, 32, Blocks.AIR)).hasMessageContaining("radius 32");
        assertThat(new Bounds(0, 0, 0, 63, 63, 63).volume()).isEqualTo(BulkEdit.MAX_VOLUME);
    }
}
