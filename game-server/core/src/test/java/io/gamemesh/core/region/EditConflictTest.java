package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditConflictTest {

    private final TestWorld world = new TestWorld("flat", 1);

    private static List<EditOutcome> outcomes(Player player) {
        return player.received(ToClient.EditResult.class).stream()
                .map(ToClient.EditResult::outcome)
                .toList();
    }

    /** Both walk on the spot; who acknowledges more rarely is heard of later. */
    private void play(Player prompt, Player slow) {
        for (int tick = 0; tick < 96; tick++) {
            world.walk(prompt, 0, 0);
            if (tick % 8 == 0) {
                world.walk(slow, 0, 0);
            }
            world.step();
        }
    }

    @Test
    void whoChangedABlockFirstPrevailsAndTheOtherIsTold() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        world.steps(40);

        world.edit(bob, 22, 1, 20, Blocks.PLANKS);
        world.step();
        world.edit(ann, 22, 1, 20, Blocks.BRICK);
        world.steps(3);

        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(outcomes(ann)).containsExactly(EditOutcome.CONFLICT);
        assertThat(ann.block(22, 1, 20)).isEqualTo(Blocks.PLANKS);
    }

    @Test
    void anEditThatWasDoneBeforeOneAlreadyMadeUndoesIt() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        play(bob, ann);

        world.edit(bob, 22, 1, 20, Blocks.PLANKS);
        world.edit(ann, 22, 1, 20, Blocks.BRICK);
        world.steps(3);

        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED, EditOutcome.CONFLICT);
        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(bob.block(22, 1, 20)).isEqualTo(Blocks.BRICK);
    }

    @Test
    void whatIsMoreThan200MillisecondsLaterIsNoConflict() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        world.steps(40);

        world.edit(bob, 22, 1, 20, Blocks.PLANKS);
        world.steps(6);
        world.edit(ann, 22, 1, 20, Blocks.BRICK);
        world.steps(3);

        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(bob.block(22, 1, 20)).isEqualTo(Blocks.BRICK);
    }

    /** As if it were far off: but nobody is that far. */
    @Test
    void whoHoldsBackAcknowledgementsGainsLittle() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        for (int tick = 0; tick < 192; tick++) {
            world.walk(bob, 0, 0);
            if (tick % 24 == 0) {
                world.walk(ann, 0, 0);
            }
            world.step();
        }

        world.edit(bob, 22, 1, 20, Blocks.PLANKS);
        world.steps(3);
        world.edit(ann, 22, 1, 20, Blocks.BRICK);
        world.steps(3);

        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(outcomes(ann)).containsExactly(EditOutcome.CONFLICT);
    }

    @Test
    void onesOwnLaterEditPrevails() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(40);

        world.edit(ann, 22, 1, 20, Blocks.PLANKS);
        world.edit(ann, 22, 1, 20, Blocks.BRICK);
        world.steps(3);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED, EditOutcome.ACCEPTED);
        assertThat(ann.block(22, 1, 20)).isEqualTo(Blocks.BRICK);
    }

    @Test
    void twoWhoWantTheSameHaveNoConflict() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(24.5, 1, 20.5));
        world.steps(40);

        world.edit(ann, 22, 0, 20, Blocks.AIR);
        world.edit(bob, 22, 0, 20, Blocks.AIR);
        world.steps(3);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
    }

    @Test
    void isSettledByWhoActsForTheBlockWhereverThePlayersAre() {
        Player ann = world.join("ann", new Vec3(3.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(-1.5, 1, 20.5));
        play(ann, bob);

        world.edit(bob, 1, 1, 20, Blocks.PLANKS);
        world.step();
        world.edit(ann, 1, 1, 20, Blocks.BRICK);
        world.steps(6);

        assertThat(outcomes(ann)).containsExactly(EditOutcome.ACCEPTED, EditOutcome.CONFLICT);
        assertThat(outcomes(bob)).containsExactly(EditOutcome.ACCEPTED);
        assertThat(ann.block(1, 1, 20)).isEqualTo(Blocks.PLANKS);
    }
}
