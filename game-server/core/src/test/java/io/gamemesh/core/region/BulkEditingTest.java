package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkEditingTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final int LIMIT = 4096;

    private final TestWorld world = world(LIMIT);

    private static TestWorld world(int bulkEditBlocks) {
        return new TestWorld("flat", 1, 0, RegionSettings.Limits.standard().withBulkEditBlocks(bulkEditBlocks));
    }

    private static List<EditOutcome> outcomes(Player player) {
        return player.received(ToClient.EditResult.class).stream()
                .map(ToClient.EditResult::outcome)
                .toList();
    }

    @Test
    void nobodyMayUnlessTheServerSaysHowMany() {
        TestWorld strict = world(0);
        Player ann = strict.join("ann", new Vec3(20.5, 1, 20.5));
        strict.steps(2);

        strict.fill(ann, new EditShape.Box(22, 1, 22, 1, 1, 1), Blocks.BRICK);
        strict.steps(2);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.NOT_ALLOWED);
        assertThat(strict.engine(EAST).stats().edits()).isZero();
        assertThat(strict.engine(EAST).stats().refused()).isOne();
    }

    @Test
    void fillsAndShowsEverybodyTheSectionAnew() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.joinWithGenerator("bob", new Vec3(25.5, 1, 20.5));
        world.steps(60);

        world.fill(ann, new EditShape.Sphere(40, 8, 40, 6), Blocks.BRICK);
        world.steps(2);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
        for (Player player : List.of(ann, bob)) {
            assertThat(player.block(40, 14, 40)).isEqualTo(Blocks.BRICK);
            assertThat(player.block(35, 8, 43)).isEqualTo(Blocks.BRICK);
            assertThat(player.block(40, 15, 40)).isEqualTo(Blocks.AIR);
            assertThat(player.block(35, 8, 44)).isEqualTo(Blocks.AIR);
            // Sections of which the ball has a few blocks only are told block by block.
            assertThat(player.changes())
                    .allMatch(change -> change.block() == Blocks.BRICK)
                    .hasSizeLessThan(100);
        }
        assertThat(world.engine(EAST).stats().edits()).isEqualTo(925);
    }

    @Test
    void replacesOneKindOnly() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(60);
        world.edit(ann, 22, 1, 22, Blocks.GLASS);
        world.edit(ann, 23, 1, 22, Blocks.PLANKS);
        world.steps(10);

        world.replace(ann, new EditShape.Box(20, 1, 22, 10, 3, 4), Blocks.GLASS, Blocks.BRICK);
        world.steps(2);

        assertThat(ann.block(22, 1, 22)).isEqualTo(Blocks.BRICK);
        assertThat(ann.block(23, 1, 22)).isEqualTo(Blocks.PLANKS);
        assertThat(ann.block(24, 1, 22)).isEqualTo(Blocks.AIR);
        assertThat(world.engine(EAST).stats().edits()).isEqualTo(2);
    }

    @Test
    void playersBeyondTheBorderSeeItToo() {
        Player ann = world.join("ann", new Vec3(6.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(-6.5, 1, 20.5));
        world.steps(60);

        world.fill(ann, new EditShape.Box(0, 5, 24, 12, 10, 12), Blocks.BRICK);
        world.steps(10);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(bob.block(0, 5, 24)).isEqualTo(Blocks.BRICK);
        assertThat(bob.block(11, 14, 35)).isEqualTo(Blocks.BRICK);
        assertThat(bob.block(12, 14, 35)).isEqualTo(Blocks.AIR);
        // By sections, and not one by one: these are 1,440 blocks.
        assertThat(bob.changes()).hasSizeLessThan(300);
    }

    @Test
    void refusesImpossibleEdits() {
        Player ann = world.join("ann", new Vec3(2.5, 1, 250.5));
        Player bob = world.join("bob", new Vec3(20.5, 1, 240.5));
        world.steps(TestWorld.TICK_RATE + 1);

        world.fill(ann, new EditShape.Box(3, 2, 240, 2, 2, 2), 4000);
        world.replace(ann, new EditShape.Box(3, 2, 240, 2, 2, 2), 4000, Blocks.BRICK);
        world.fill(ann, new EditShape.Box(3, 2, 150, 2, 2, 50), Blocks.BRICK);
        world.fill(ann, new EditShape.Box(3, 2, 250, 2, 2, 7), Blocks.BRICK);
        world.fill(ann, new EditShape.Box(-1, 2, 240, 2, 2, 2), Blocks.BRICK);
        world.fill(ann, new EditShape.Sphere(20, 4, 240, 3), Blocks.BRICK);
        world.fill(ann, new EditShape.Box(4, 1, 220, 17, 16, 16), Blocks.BRICK);
        world.steps(2);

        assertThat(outcomes(ann))
                .containsExactly(
                        EditOutcome.UNKNOWN_BLOCK,
                        EditOutcome.UNKNOWN_BLOCK,
                        EditOutcome.OUT_OF_REACH,
                        EditOutcome.OUT_OF_WORLD,
                        EditOutcome.BEYOND_BORDER,
                        EditOutcome.OCCUPIED,
                        EditOutcome.NOT_ALLOWED);
        assertThat(bob.position.x()).isEqualTo(20.5);
        assertThat(world.engine(EAST).stats().edits()).isZero();
        assertThat(world.engine(EAST).stats().refused()).isEqualTo(7);
    }

    @Test
    void standsAsideForNobodyWhereItPutsNothing() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(TestWorld.TICK_RATE + 1);

        world.replace(ann, new EditShape.Box(15, 0, 15, 10, 3, 10), Blocks.GRASS, Blocks.BRICK);
        world.steps(2);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
    }

    @Test
    void givesSoManyBlocksASecond() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(TestWorld.TICK_RATE + 1);
        EditShape half = new EditShape.Box(30, 10, 30, 16, 8, 16);

        world.fill(ann, half, Blocks.BRICK);
        world.fill(ann, half, Blocks.PLANKS);
        world.fill(ann, half, Blocks.GLASS);
        world.steps(TestWorld.TICK_RATE / 2 + 1);
        world.fill(ann, half, Blocks.WOOD);
        world.fill(ann, half, Blocks.SAND);
        world.steps(2);

        assertThat(outcomes(ann))
                .containsExactly(
                        EditOutcome.ACCEPTED,
                        EditOutcome.ACCEPTED,
                        EditOutcome.RATE_LIMITED,
                        EditOutcome.ACCEPTED,
                        EditOutcome.RATE_LIMITED);
        assertThat(ann.block(30, 10, 30)).isEqualTo(Blocks.WOOD);
    }

    @Test
    void leaveHalfOfTheEditsThatARegionTakesToEditsOfOneBlock() {
        TestWorld small = new TestWorld(
                "flat",
                1,
                0,
                RegionSettings.Limits.standard().withBulkEditBlocks(LIMIT).withMaxEdits(8));
        Player ann = small.join("ann", new Vec3(20.5, 1, 20.5));
        small.steps(40);

        small.fill(ann, new EditShape.Box(22, 1, 22, 2, 1, 2), Blocks.BRICK);
        small.step();
        small.fill(ann, new EditShape.Box(22, 2, 22, 1, 1, 1), Blocks.BRICK);
        small.step();
        for (int z = 18; z < 23; z++) {
            small.edit(ann, 18, 1, z, Blocks.GLASS);
        }
        small.steps(2);
        small.edit(ann, 22, 1, 22, Blocks.PLANKS);
        small.edit(ann, 18, 1, 18, Blocks.AIR);
        small.steps(2);

        assertThat(outcomes(ann))
                .containsExactly(
                        EditOutcome.ACCEPTED,
                        EditOutcome.NOT_NOW,
                        EditOutcome.ACCEPTED,
                        EditOutcome.ACCEPTED,
                        EditOutcome.ACCEPTED,
                        EditOutcome.ACCEPTED,
                        EditOutcome.NOT_NOW,
                        EditOutcome.ACCEPTED,
                        EditOutcome.ACCEPTED);
        assertThat(small.engine(EAST).stats().edits()).isEqualTo(8);
    }

    @Test
    void editsOfANeighbourDontCount() {
        TestWorld small = new TestWorld(
                "flat",
                1,
                0,
                RegionSettings.Limits.standard().withBulkEditBlocks(LIMIT).withMaxEdits(8));
        Player ann = small.join("ann", new Vec3(6.5, 1, 20.5));
        Player bob = small.join("bob", new Vec3(-6.5, 1, 20.5));
        small.steps(40);
        for (int z = 16; z < 24; z++) {
            small.edit(ann, 3, 1, z, Blocks.BRICK);
        }
        small.steps(5);

        small.edit(bob, -3, 1, 20, Blocks.BRICK);
        small.steps(2);

        assertThat(outcomes(ann)).containsOnly(EditOutcome.ACCEPTED);
        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
    }

    @Test
    void giveNoMoreToWhoConnectsAnew() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(TestWorld.TICK_RATE + 1);
        EditShape all = new EditShape.Box(30, 10, 30, 16, 16, 16);

        world.fill(ann, all, Blocks.BRICK);
        world.steps(2);
        world.rejoin(ann);
        world.steps(2);
        world.fill(ann, all, Blocks.PLANKS);
        world.steps(2);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED, EditOutcome.RATE_LIMITED);
    }

    @Test
    void giveAllPlayersTogetherSoManyBlocksATick() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        world.steps(TestWorld.TICK_RATE + 1);

        world.fill(ann, new EditShape.Box(30, 10, 30, 16, 16, 15), Blocks.BRICK);
        world.fill(bob, new EditShape.Box(30, 30, 30, 16, 16, 15), Blocks.PLANKS);
        world.fill(bob, new EditShape.Box(30, 30, 30, 16, 1, 16), Blocks.PLANKS);
        world.step();
        world.fill(bob, new EditShape.Box(30, 30, 30, 16, 16, 15), Blocks.GLASS);
        world.steps(2);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(outcomes(bob)).containsExactly(EditOutcome.RATE_LIMITED, EditOutcome.ACCEPTED, EditOutcome.ACCEPTED);
    }

    @Test
    void whatWasThereBeforeIsNoLongerDisputed() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        world.steps(40);

        world.edit(bob, 22, 1, 22, Blocks.PLANKS);
        world.step();
        world.fill(ann, new EditShape.Box(22, 1, 22, 1, 1, 1), Blocks.BRICK);
        world.step();
        world.edit(ann, 22, 1, 22, Blocks.GLASS);
        world.steps(3);

        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED, EditOutcome.ACCEPTED);
        assertThat(bob.block(22, 1, 22)).isEqualTo(Blocks.GLASS);
    }
}
