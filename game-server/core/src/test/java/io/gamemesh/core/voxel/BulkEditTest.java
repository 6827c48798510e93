package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.wire.EditShape;
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

    private static EditShape shape(Random random) {
        int x = random.nextInt(-40, 40);
        int y = random.nextInt(-40, 40);
        int z = random.nextInt(-40, 40);
        return random.nextBoolean()
                ? new EditShape.Box(x, y, z, 1 + random.nextInt(24), 1 + random.nextInt(24), 1 + random.nextInt(24))
                : new EditShape.Sphere(x, y, z, random.nextInt(13));
    }

    private static BulkEdit edit(Random random) {
        short block = (short) random.nextInt(5);
        return random.nextInt(3) == 0
                ? BulkEdit.replace(shape(random), (short) random.nextInt(5), block)
                : BulkEdit.fill(shape(random), block);
    }

    private static boolean covers(EditShape shape, int x, int y, int z) {
        return switch (shape) {
            case EditShape.Box _ -> true;
            case EditShape.Sphere(int midX, int midY, int midZ, int radius) ->
                (x - midX) * (x - midX) + (y - midY) * (y - midY) + (z - midZ) * (z - midZ) <= radius * radius;
        };
    }

    private static boolean isMeant(BulkEdit edit, Terrain terrain, int x, int y, int z) {
        return covers(edit.shape(), x, y, z)
                && (edit.replaced().isEmpty()
                        || terrain.block(x, y, z) == edit.replaced().getAsInt());
    }

    private static Map<List<Integer>, Short> editOneByOne(Terrain terrain, BulkEdit edit) {
        Map<List<Integer>, Short> changes = new HashMap<>();
        EditShape bounds = edit.shape();
        for (int x = bounds.minX(); x <= bounds.maxX(); x++) {
            for (int y = bounds.minY(); y <= bounds.maxY(); y++) {
                for (int z = bounds.minZ(); z <= bounds.maxZ(); z++) {
                    if (isMeant(edit, terrain, x, y, z) && terrain.block(x, y, z) != edit.block()) {
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
            Map<List<Integer>, Short> before = edits(atOnce);
            int count = atOnce.edit(edit, changes -> {
                int toldBefore = told.size();
                changes.forEach((x, y, z, edited) -> {
                    assertThat(edited).isEqualTo(before.containsKey(List.of(x, y, z)));
                    assertThat(atOnce.block(x, y, z))
                            .isEqualTo(oneByOne.block(x, y, z))
                            .isNotEqualTo(changes.block());
                    told.put(List.of(x, y, z), changes.block());
                });
                assertThat(changes.count()).isEqualTo(told.size() - toldBefore);
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

        terrain.edit(BulkEdit.fill(new EditShape.Sphere(8, 8, 8, 6), Blocks.BRICK), changes -> {});

        assertThat(before.hasSameBlocksAs(Section.of(blocks))).isTrue();
        assertThat(terrain.section(0, 0, 0).get(Section.index(8, 8, 8))).isEqualTo(Blocks.BRICK);
    }
}
