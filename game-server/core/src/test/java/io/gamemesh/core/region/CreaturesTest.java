package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EntityKind;
import org.junit.jupiter.api.Test;

class CreaturesTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final int CREATURES = 5;

    private final TestWorld world = new TestWorld("flat", 1, CREATURES);

    private RegionState state() throws RegionStateException {
        return StateCodec.read(world.settings(EAST), world.engine(EAST).save());
    }

    private static double way(RegionState before, RegionState after) {
        double way = 0;
        for (int row = 0; row < before.entities.count; row++) {
            int there = after.entities.row(before.entities.id[row]);
            if (before.entities.kind[row] == EntityKind.CREATURE && there != Entities.NONE) {
                way += Math.hypot(
                        after.entities.x[there] - before.entities.x[row],
                        after.entities.z[there] - before.entities.z[row]);
            }
        }
        return way;
    }

    @Test
    void appearNearPlayersUntilThereAreEnough() throws RegionStateException {
        world.join("ann", new Vec3(128, 1, 128));

        world.steps(20 * TestWorld.TICK_RATE);

        RegionState state = state();
        assertThat(state.entities.creatures()).isEqualTo(CREATURES);
        assertThat(world.engine(EAST).stats().players()).isOne();
    }

    @Test
    void fillARegionWithinAMinuteHoweverManyThereMayBe() throws RegionStateException {
        int many = 1_230;
        TestWorld crowded = new TestWorld("flat", 1, many);
        crowded.join("ann", new Vec3(128, 1, 128));

        crowded.steps(62 * TestWorld.TICK_RATE);

        RegionState state =
                StateCodec.read(crowded.settings(EAST), crowded.engine(EAST).save());
        assertThat(state.entities.creatures()).isEqualTo(many);
    }

    @Test
    void doNotAppearWhereNobodyIs() throws RegionStateException {
        world.steps(5 * TestWorld.TICK_RATE);

        assertThat(state().entities.creatures()).isZero();
    }

    @Test
    void areShownToPlayersAndWander() throws RegionStateException {
        Player ann = world.join("ann", new Vec3(128, 1, 128));
        world.steps(10 * TestWorld.TICK_RATE);
        RegionState before = state();

        world.steps(10 * TestWorld.TICK_RATE);

        assertThat(ann.visible).hasSize(CREATURES);
        assertThat(way(before, state())).isGreaterThan(1);
    }

    @Test
    void sleepWhereNobodyIsNear() throws RegionStateException {
        Player ann = world.join("ann", new Vec3(128, 1, 128));
        world.steps(10 * TestWorld.TICK_RATE);
        world.engine(EAST).accept(new RegionInput.Disconnected(ann.session, true));
        // The last of them has fallen asleep within a tenth of a second.
        world.steps(TestWorld.TICK_RATE);
        RegionState before = state();
        assertThat(before.entities.creatures()).isEqualTo(CREATURES);

        world.steps(10 * TestWorld.TICK_RATE);

        assertThat(way(before, state())).isZero();
    }

    /** A region with one player, and entities near its western border. */
    private void begin(Entity... entities) throws RegionStateException {
        RegionState state = new RegionState(world.settings(EAST), 1);
        state.add(entity(1, EntityKind.PLAYER, 3, "ann", Entity.Trait.NONE), null, 0);
        for (Entity entity : entities) {
            state.add(entity, null, 0);
        }
        world.engines.put(EAST, RegionEngine.restore(state.settings, 1, StateCodec.write(state)));
        world.publishMap();
    }

    private static Entity entity(long counter, int kind, double x, String name, Entity.Trait trait) {
        long id = EntityId.of(9, counter).packed();
        return new Entity(id, 0, kind, x, 1, 20, 0, 0, 0, 0, 0, true, name, name, trait);
    }

    @Test
    void crossBordersWithAllThatTheyRemember() throws RegionStateException {
        world.loss = 0.3;
        world.repeats = 0.3;
        begin(entity(2, EntityKind.CREATURE, 0.5, "", new Entity.Trait(7, 0, 0, 0, null)));

        world.steps(2 * TestWorld.TICK_RATE);

        RegionId west = RegionId.of(0, -1, 0, 0);
        assertThat(world.whereEntitiesAre()).containsEntry(EntityId.of(9, 2), west);
        RegionState there =
                StateCodec.read(world.settings(west), world.engine(west).save());
        Entity arrived = there.entities.get(0);
        assertThat(arrived.kind()).isEqualTo(EntityKind.CREATURE);
        assertThat(arrived.hop()).isOne();
        assertThat(arrived.trait().type()).isEqualTo(7);
        // It fled when it left, and still knows that it did.
        assertThat(arrived.trait().memory() >>> 32).isEqualTo(2);
    }

    @Test
    void anItemFallsCrossesOnceAndVanishesInTime() throws RegionStateException {
        long id = EntityId.of(9, 3).packed();
        Entity.Trait stack = new Entity.Trait(4, 12, 2 * TestWorld.TICK_RATE, 0, null);
        begin(new Entity(id, 0, EntityKind.ITEM, -3, 5, 20, 0, 0, 0, 0, 0, false, "", "", stack));

        world.steps(TestWorld.TICK_RATE);

        RegionId west = RegionId.of(0, -1, 0, 0);
        assertThat(world.whereEntitiesAre()).containsEntry(new EntityId(id), west);
        RegionState there =
                StateCodec.read(world.settings(west), world.engine(west).save());
        Entity item = there.entities.get(there.entities.row(id));
        assertThat(item.y()).isEqualTo(1);
        assertThat(item.trait().amount()).isEqualTo(12);
        world.steps(2 * TestWorld.TICK_RATE);
        assertThat(world.whereEntitiesAre()).doesNotContainKey(new EntityId(id));
    }
}
