package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UndoTest {

    private final TestWorld world =
            new TestWorld("flat", 1, 0, RegionSettings.Limits.standard().withBulkEditBlocks(20_000));
    private final Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
    private final Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));

    @BeforeEach
    void letThemCome() {
        world.steps(40);
    }

    private static EditOutcome outcome(Player player) {
        List<ToClient.EditResult> results = player.received(ToClient.EditResult.class);
        return results.getLast().outcome();
    }

    private EditOutcome undo(Player player) {
        world.undo(player);
        world.steps(TestWorld.TICK_RATE);
        return outcome(player);
    }

    @Test
    void takesBackOneEditAfterTheOther() {
        world.edit(ann, 22, 1, 22, Blocks.PLANKS);
        world.steps(2);
        world.edit(ann, 22, 1, 22, Blocks.BRICK);
        world.edit(ann, 23, 1, 22, Blocks.GLASS);
        world.steps(2);

        assertThat(undo(ann)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(bob.block(23, 1, 22)).isEqualTo(Blocks.AIR);
        assertThat(bob.block(22, 1, 22)).isEqualTo(Blocks.BRICK);
        assertThat(undo(ann)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(bob.block(22, 1, 22)).isEqualTo(Blocks.PLANKS);
        assertThat(undo(ann)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(bob.block(22, 1, 22)).isEqualTo(Blocks.AIR);
        assertThat(undo(ann)).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
    }

    @Test
    void takesBackAnEditOfManyBlocksButWhereSomebodyHasBuiltSince() {
        world.edit(bob, 22, 2, 22, Blocks.GLASS);
        world.steps(10);
        world.fill(ann, new EditShape.Box(20, 2, 22, 8, 8, 8), Blocks.BRICK);
        world.steps(10);
        world.edit(bob, 25, 2, 22, Blocks.PLANKS);
        world.steps(10);

        assertThat(undo(ann)).isEqualTo(EditOutcome.ACCEPTED);

        assertThat(bob.block(22, 2, 22)).isEqualTo(Blocks.GLASS);
        assertThat(bob.block(25, 2, 22)).isEqualTo(Blocks.PLANKS);
        assertThat(bob.block(20, 2, 22)).isEqualTo(Blocks.AIR);
        assertThat(bob.block(27, 9, 29)).isEqualTo(Blocks.AIR);
    }

    @Test
    void takesBackNoEarlierEditInsteadOfOneBeyondTheBorder() {
        Player cat = world.join("cat", new Vec3(1.5, 1, 8.5));
        world.steps(40);
        world.edit(cat, 2, 1, 10, Blocks.PLANKS);
        world.steps(2);
        world.edit(cat, -2, 1, 10, Blocks.BRICK);
        world.steps(5);
        assertThat(cat.block(-2, 1, 10)).isEqualTo(Blocks.BRICK);

        assertThat(undo(cat)).isEqualTo(EditOutcome.BEYOND_BORDER);
        assertThat(cat.block(2, 1, 10)).isEqualTo(Blocks.PLANKS);
        assertThat(cat.block(-2, 1, 10)).isEqualTo(Blocks.BRICK);
        assertThat(undo(cat)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(cat.block(2, 1, 10)).isEqualTo(Blocks.AIR);
    }

    @Test
    void forgetsAnEditThatTheNeighbourHasRefused() {
        Player cat = world.join("cat", new Vec3(1.5, 1, 8.5));
        world.join("dan", new Vec3(-1.5, 1, 8.5));
        world.steps(40);
        world.edit(cat, 2, 1, 10, Blocks.PLANKS);
        world.steps(2);
        world.edit(cat, -2, 1, 8, Blocks.BRICK);
        world.steps(5);
        assertThat(outcome(cat)).isEqualTo(EditOutcome.OCCUPIED);

        assertThat(undo(cat)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(cat.block(2, 1, 10)).isEqualTo(Blocks.AIR);
    }

    @Test
    void takesBackNoEarlierEditInsteadOfOneThatChangedNothing() {
        world.edit(ann, 22, 1, 22, Blocks.PLANKS);
        world.steps(2);
        world.edit(ann, 22, 1, 22, Blocks.PLANKS);
        world.replace(ann, new EditShape.Box(20, 5, 20, 4, 4, 4), Blocks.GLASS, Blocks.BRICK);
        world.steps(2);
        assertThat(outcome(ann)).isEqualTo(EditOutcome.ACCEPTED);

        assertThat(undo(ann)).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
        assertThat(undo(ann)).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
        assertThat(bob.block(22, 1, 22)).isEqualTo(Blocks.PLANKS);
        assertThat(undo(ann)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(bob.block(22, 1, 22)).isEqualTo(Blocks.AIR);
    }

    @Test
    void doesNotCountAnEditThatWasOverruled() {
        world.edit(bob, 23, 1, 22, Blocks.GLASS);
        for (int tick = 0; tick < 96; tick++) {
            world.walk(bob, 0, 0);
            if (tick % 8 == 0) {
                // Acknowledges more rarely, and so is heard of later.
                world.walk(ann, 0, 0);
            }
            world.step();
        }
        world.edit(bob, 22, 1, 20, Blocks.PLANKS);
        world.edit(ann, 22, 1, 20, Blocks.BRICK);
        world.steps(3);
        assertThat(outcome(bob)).isEqualTo(EditOutcome.CONFLICT);

        assertThat(undo(bob)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(ann.block(22, 1, 20)).isEqualTo(Blocks.BRICK);
        assertThat(ann.block(23, 1, 22)).isEqualTo(Blocks.AIR);
    }

    @Test
    void takesBackNothingOfOthers() {
        world.edit(bob, 22, 1, 22, Blocks.GLASS);
        world.steps(2);

        assertThat(undo(ann)).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
        assertThat(ann.block(22, 1, 22)).isEqualTo(Blocks.GLASS);
    }

    @Test
    void refusesToPutABlockWhereSomebodyStands() {
        world.edit(ann, 22, 0, 20, Blocks.AIR);
        for (int i = 0; i < 10; i++) {
            world.walk(ann, 4, 0);
            world.step();
        }
        for (int i = 0; i < 20; i++) {
            world.walk(ann, 0, 0);
            world.step();
        }
        assertThat(ann.position.y()).isLessThan(1);

        assertThat(undo(ann)).isEqualTo(EditOutcome.OCCUPIED);
        assertThat(bob.block(22, 0, 20)).isEqualTo(Blocks.AIR);
    }

    @Test
    void knowsOnlyWhatTheRegionRemembers() {
        world.edit(ann, 22, 1, 22, Blocks.PLANKS);
        world.steps(10);
        world.fill(bob, new EditShape.Box(20, 10, 20, 28, 25, 28), Blocks.BRICK);
        world.steps(30);
        assertThat(outcome(bob)).isEqualTo(EditOutcome.ACCEPTED);

        assertThat(undo(ann)).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
        assertThat(undo(bob)).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
        assertThat(ann.block(22, 1, 22)).isEqualTo(Blocks.PLANKS);
        assertThat(ann.block(22, 10, 22)).isEqualTo(Blocks.BRICK);
    }
}
