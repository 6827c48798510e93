package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.wire.EntityKind;
import org.junit.jupiter.api.Test;

class BodiesTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);
    private static final long BODY = EntityId.of(9, 2).packed();

    private final TestWorld world = new TestWorld("flat", 1, 0);

    /** A body in the eastern region, 5 m above the ground, that turns about y by a radian a second. */
    private void begin(double x, double vx, double vy) throws RegionStateException {
        RegionState state = new RegionState(world.settings(EAST), 1);
        Entity.Trait trait = new Entity.Trait(0, 0, PackedRotation.NONE, Turning.of(0, 1, 0), null);
        state.add(new Entity(BODY, 0, EntityKind.BODY, x, 6, 20, vx, vy, 0, 0, 0, false, "", "", trait), null, 0);
        world.engines.put(EAST, RegionEngine.restore(state.settings, 1, StateCodec.write(state)));
        world.publishMap();
    }

    private Entity saved(RegionId region) throws RegionStateException {
        RegionState state =
                StateCodec.read(world.settings(region), world.engine(region).save());
        return state.entities.get(state.entities.row(BODY));
    }

    @Test
    void fliesStraightOnAndTurnsEvenly() throws RegionStateException {
        begin(100, 2, 0);

        world.steps(TestWorld.TICK_RATE);

        Entity body = saved(EAST);
        assertThat(body.x()).isCloseTo(102, within(1e-6));
        assertThat(body.y()).isEqualTo(6);
        assertThat(PackedRotation.get(body.trait().memory(), 1)).isCloseTo(Math.sin(0.5), within(1e-4));
        assertThat(PackedRotation.get(body.trait().memory(), 3)).isCloseTo(Math.cos(0.5), within(1e-4));
    }

    @Test
    void isThrownBackByTheGround() throws RegionStateException {
        begin(100, 2, -4);

        world.steps(2 * TestWorld.TICK_RATE);

        Entity body = saved(EAST);
        assertThat(body.vy()).isEqualTo(4);
        assertThat(body.vx()).isEqualTo(2);
        assertThat(body.y()).isBetween(1.0, 6.0);
    }

    @Test
    void isShownToPlayersAsItIsTurned() throws RegionStateException {
        begin(126, 1, 0);
        Player ann = world.join("ann", new Vec3(128, 1, 20));

        world.steps(TestWorld.TICK_RATE);

        EntityTrack track = ann.sees.get(BODY);
        Entity body = saved(EAST);
        assertThat(track).isNotNull();
        assertThat(track.kind()).isEqualTo(EntityKind.BODY);
        assertThat(track.velocity(0)).isEqualTo(1);
        long shown = track.rotation(ann.decoder.tick());
        for (int i = 0; i < 4; i++) {
            assertThat(PackedRotation.get(shown, i))
                    .isCloseTo(PackedRotation.get(body.trait().memory(), i), within(0.06));
        }
    }

    @Test
    void isShownOverABorderAsItTurns() throws RegionStateException {
        begin(5, 0, 0);
        Player bob = world.join("bob", new Vec3(-3, 1, 20));
        world.steps(TestWorld.TICK_RATE);

        for (int i = 0; i < TestWorld.TICK_RATE; i++) {
            world.step();

            EntityTrack track = bob.sees.get(BODY);
            assertThat(track).isNotNull();
            assertThat(track.spin(1)).isCloseTo(1, within(0.05));
            // It is told of with the delay of a tick, and turns by up to 0.025 in each.
            double now = PackedRotation.get(saved(EAST).trait().memory(), 1);
            double shown = PackedRotation.get(track.rotation(bob.decoder.tick()), 1);
            assertThat(now - shown).isBetween(0.005, 0.035);
        }
    }

    @Test
    void crossesBordersAsItIsTurnedAndSpins() throws RegionStateException {
        world.loss = 0.3;
        world.repeats = 0.3;
        begin(0.5, -4, 0);

        world.steps(2 * TestWorld.TICK_RATE);

        assertThat(world.whereEntitiesAre()).containsEntry(new EntityId(BODY), WEST);
        Entity body = saved(WEST);
        assertThat(body.trait().decision()).isEqualTo(Turning.of(0, 1, 0));
        assertThat(PackedRotation.get(body.trait().memory(), 1)).isGreaterThan(0.3);
    }

    @Test
    void isFollowedByAReplica() throws RegionStateException {
        begin(100, 2, -3);
        RegionEngine engine = world.engine(EAST);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());

        for (int i = 0; i < 3 * TestWorld.TICK_RATE; i++) {
            world.step();
            replica.apply(engine.log());
            assertThat(replica.checksum()).as("tick %d", i).isEqualTo(engine.checksum());
        }
    }

    @Test
    void refusesToBeRestoredWithARotationThatIsNone() {
        RegionState state = new RegionState(world.settings(EAST), 1);
        Entity.Trait trait = new Entity.Trait(0, 0, 0x7ffff_7ffffL, 0, null);
        state.add(new Entity(BODY, 0, EntityKind.BODY, 9, 6, 9, 0, 0, 0, 0, 0, false, "", "", trait), null, 0);

        assertThatThrownBy(() -> StateCodec.read(state.settings, StateCodec.write(state)))
                .isInstanceOf(RegionStateException.class)
                .hasMessageContaining("expected a rotation and a spin");
    }
}
