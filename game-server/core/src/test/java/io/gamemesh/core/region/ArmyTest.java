package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many, and fast ones, over borders, edges and corners: where two, four and eight regions meet. */
class ArmyTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);
    private static final int ARMY = 1000;
    private static final double GREATEST_SPEED = 256;
    /** What a link takes of one message, in bytes. */
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private TestWorld world = empty();

    private static TestWorld empty() {
        return new TestWorld(new Nothing(), 1, 0, RegionSettings.Limits.standard());
    }

    /** Air everywhere: bodies fly on for ever. */
    private record Nothing() implements Generator {
        @Override
        public Section section(int x, int y, int z) {
            return Section.uniform(Blocks.AIR);
        }

        @Override
        public int surface(int x, int z) {
            return 0;
        }
    }

    private static Entity body(long id, Vec3 place, Vec3 velocity) {
        Entity.Trait trait = new Entity.Trait(0, 0, PackedRotation.NONE, 0, null);
        return entity(id, EntityKind.BODY, place, velocity, trait);
    }

    private static Entity entity(long id, int kind, Vec3 place, Vec3 velocity, Entity.Trait trait) {
        return new Entity(
                EntityId.of(9, id).packed(),
                0,
                kind,
                place.x(),
                place.y(),
                place.z(),
                velocity.x(),
                velocity.y(),
                velocity.z(),
                0,
                0,
                false,
                "",
                "",
                trait);
    }

    /** Puts entities where they are, each into its region. */
    private void place(List<Entity> entities) throws RegionStateException {
        Map<RegionId, List<Entity>> byRegion = entities.stream()
                .collect(Collectors.groupingBy(entity -> world.regionAt(new Vec3(entity.x(), entity.y(), entity.z()))));
        for (Map.Entry<RegionId, List<Entity>> of : byRegion.entrySet()) {
            RegionState state = new RegionState(world.settings(of.getKey()), 1);
            of.getValue().forEach(entity -> state.add(entity, null, 0));
            world.engines.put(of.getKey(), RegionEngine.restore(state.settings, 1, StateCodec.write(state)));
        }
        world.publishMap();
    }

    private Entity saved(RegionId region, long id) throws RegionStateException {
        RegionState state =
                StateCodec.read(world.settings(region), world.engine(region).save());
        return state.entities.get(state.entities.row(EntityId.of(9, id).packed()));
    }

    private static Set<EntityId> ids(List<Entity> entities) {
        return entities.stream().map(entity -> new EntityId(entity.id())).collect(Collectors.toSet());
    }

    private long crossingsIn() {
        return world.engines.values().stream()
                .mapToLong(engine -> engine.stats().crossingsIn())
                .sum();
    }

    /** Each bit is an axis along which the border is crossed: 1 for a face, 2 for an edge, 3 for a corner. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void goesStraightToEachOfTheSevenRegionsThatItMayMeet(int axes) throws RegionStateException {
        double speed = 8;
        Vec3 velocity =
                new Vec3((axes & 1) == 0 ? 0 : -speed, (axes & 2) == 0 ? 0 : -speed, (axes & 4) == 0 ? 0 : -speed);
        place(List.of(body(1, new Vec3(4, 4, 4), velocity)));

        world.steps(2 * TestWorld.TICK_RATE);

        RegionId there = RegionId.of(0, -(axes & 1), -(axes >> 1 & 1), -(axes >> 2 & 1));
        assertThat(world.whereEntitiesAre()).containsOnly(Map.entry(EntityId.of(9, 1), there));
        assertThat(crossingsIn()).as("not by way of another region").isEqualTo(1);
        Entity arrived = saved(there, 1);
        assertThat(new Vec3(arrived.vx(), arrived.vy(), arrived.vz())).isEqualTo(velocity);
    }

    /** Two borders, one just before the other: where it is more than the margin beyond the first it belongs to the region there. */
    @Test
    void passesOneBorderAfterTheOtherBesideACorner() throws RegionStateException {
        place(List.of(body(1, new Vec3(1, 8, 6), new Vec3(-20, 0, -20))));

        world.steps(TestWorld.TICK_RATE);

        assertThat(world.whereEntitiesAre()).containsOnly(Map.entry(EntityId.of(9, 1), RegionId.of(0, -1, 0, -1)));
        assertThat(crossingsIn()).isEqualTo(2);
    }

    @Property(tries = 40)
    void nothingIsTooFastToArrive(
            @ForAll @DoubleRange(min = -1, max = 1) double x,
            @ForAll @DoubleRange(min = -1, max = 1) double y,
            @ForAll @DoubleRange(min = -1, max = 1) double z,
            @ForAll long seed)
            throws RegionStateException {
        // One instance of this class serves all tries.
        world = empty();
        Vec3 velocity = new Vec3(x * GREATEST_SPEED, y * GREATEST_SPEED, z * GREATEST_SPEED);
        Random random = new Random(seed);
        List<Entity> bodies = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            bodies.add(body(
                    i,
                    new Vec3(random.nextDouble(-6, 6), random.nextDouble(-6, 6), random.nextDouble(-6, 6)),
                    velocity));
        }
        place(bodies);

        world.steps(TestWorld.TICK_RATE);
        for (int i = 0; world.crossing() > 0; i++) {
            assertThat(i).as("ticks until the last have arrived").isLessThan(10);
            world.step();
        }

        assertThat(world.whereEntitiesAre().keySet()).isEqualTo(ids(bodies));
        assertThat(world.engines.values())
                .allSatisfy(engine -> assertThat(engine.stats().refused()).isZero());
    }

    @Property(tries = 30)
    void staysWithWhoHasItWhileItGoesToAndFroWithinTheMargin(
            @ForAll @DoubleRange(min = -0.99, max = 0.99) double outermost,
            @ForAll @IntRange(min = 1, max = 7) int axes) {
        TestWorld flat = new TestWorld("flat", 1);
        flat.followers = true;
        boolean alongX = (axes & 1) != 0;
        boolean alongZ = (axes & 2) != 0;
        TestWorld.Player player = flat.join("ann", new Vec3(0.5, 1, 0.5));
        flat.step();

        for (int i = 0; i < 400; i++) {
            double target = i % 2 == 0 ? outermost : 0.5;
            flat.walk(
                    player,
                    alongX ? (target - player.position.x()) * TestWorld.TICK_RATE : 0,
                    alongZ ? (target - player.position.z()) * TestWorld.TICK_RATE : 0);
            flat.step();
        }

        assertThat(flat.engines.values())
                .allSatisfy(engine -> assertThat(engine.stats().crossingsOut()).isZero());
        assertThat(player.region).isEqualTo(EAST);
    }

    @Test
    void anArmyThatCrossesAtOnceArrivesInATick() throws RegionStateException {
        List<Entity> army = line(ARMY);
        place(army);

        world.steps(3);

        assertThat(world.engine(WEST).stats().crossingsIn()).isEqualTo(ARMY);
        assertThat(world.whereEntitiesAre())
                .hasSize(ARMY)
                .allSatisfy((_, region) -> assertThat(region).isEqualTo(WEST));
        assertThat(world.sent.stream().filter(PeerMessage::hasLeft)).hasSize(ARMY);
        assertThat(world.sent)
                .allSatisfy(message -> assertThat(message.getSerializedSize()).isLessThan(MAX_MESSAGE_BYTES));
    }

    /** In one tick all of them step over the border. */
    private static List<Entity> line(int count) {
        List<Entity> line = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            line.add(body(i + 1, new Vec3(0.5, 5 + i / 20, 5 + i % 20), new Vec3(-40, 0, 0)));
        }
        return line;
    }

    /** The link ends with a message that is longer than it takes, and nothing would come through any more. */
    @Test
    void whatABorderTellsOfAsManyAsARegionHoldsFitsIntoAMessage() throws RegionStateException {
        List<Entity> army = new ArrayList<>();
        int most = RegionSettings.Limits.standard().maxEntities();
        for (int i = 0; i < most; i++) {
            army.add(body(i + 1, new Vec3(5 + i % 90, 255, 5 + i / 90 % 240), Vec3.ZERO));
        }
        place(army);

        world.steps(3);

        assertThat(world.sent)
                .allSatisfy(message -> assertThat(message.getSerializedSize()).isLessThan(MAX_MESSAGE_BYTES));
        assertThat(world.engine(WEST).stats().ghosts()).isEqualTo(most);
    }

    /** While nobody answers, each is asked for four times a second and no more. */
    @Test
    void anArmyThatIsNotAnsweredIsToldOfAFewTimesASecond() throws RegionStateException {
        place(line(ARMY));
        world.engine(WEST).freeze();

        world.steps(3 * TestWorld.TICK_RATE);

        assertThat(world.sent.stream().filter(PeerMessage::hasLeft).count()).isBetween(10L * ARMY, 13L * ARMY);
        assertThat(world.crossing()).isEqualTo(ARMY);

        world.engine(WEST).resume(2);
        world.steps(TestWorld.TICK_RATE);

        assertThat(world.crossing()).isZero();
        assertThat(world.engine(WEST).stats().crossingsIn()).isEqualTo(ARMY);
    }

    /** From all eight regions over the corner where they meet, while the network does its worst. */
    @Property(tries = 4)
    void armiesThatMeetAtACornerLoseNobody(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.4) double loss,
            @ForAll @DoubleRange(max = 0.4) double repeats,
            @ForAll @IntRange(min = 1, max = 6) int delay)
            throws RegionStateException {
        world = empty();
        Random random = new Random(seed);
        List<Entity> army = new ArrayList<>();
        for (int i = 1; i <= ARMY; i++) {
            Vec3 place = new Vec3(random.nextDouble(-20, 20), random.nextDouble(-20, 20), random.nextDouble(-20, 20));
            double speed = random.nextDouble(5, 60);
            double away = Math.max(place.distance(Vec3.ZERO), 1);
            army.add(body(
                    i,
                    place,
                    new Vec3(-place.x() / away * speed, -place.y() / away * speed, -place.z() / away * speed)));
        }
        place(army);
        world.loss = loss;
        world.repeats = repeats;
        world.maxDelayTicks = delay;

        Set<EntityId> all = ids(army);
        for (int i = 0; i < 3 * TestWorld.TICK_RATE; i++) {
            if (random.nextInt(20) == 0) {
                List<RegionId> regions = List.copyOf(world.engines.keySet());
                world.move(regions.get(random.nextInt(regions.size())));
            }
            world.step();
            assertThat(all).containsAll(world.whereEntitiesAre().keySet());
        }
        world.loss = 0;
        world.repeats = 0;
        world.steps(4 * TestWorld.TICK_RATE);

        assertThat(world.crossing()).isZero();
        assertThat(world.whereEntitiesAre().keySet()).isEqualTo(all);
        assertThat(crossingsIn()).isGreaterThan(ARMY / 2);
    }

    /** Wagons that follow each other, along the border's own direction too, stay in their order. */
    @Test
    void aTrainKeepsItsOrder() throws RegionStateException {
        List<Entity> train = new ArrayList<>();
        int wagons = 40;
        for (int i = 0; i < wagons; i++) {
            train.add(body(i + 1, new Vec3(5 + 2 * i, 6, 6), new Vec3(-30, 0, -0.5)));
        }
        place(train);

        world.steps(4 * TestWorld.TICK_RATE);

        Map<EntityId, RegionId> where = world.whereEntitiesAre();
        assertThat(where).hasSize(wagons);
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < wagons; i++) {
            Entity wagon = saved(where.getOrDefault(EntityId.of(9, i + 1), EAST), i + 1);
            assertThat(wagon.x()).isGreaterThan(before);
            before = wagon.x();
        }
    }

    @Test
    void anItemThatIsThrownOverABorderKeepsItsTime() throws RegionStateException {
        int lifetime = 2 * TestWorld.TICK_RATE;
        Entity.Trait trait = new Entity.Trait(5, 3, lifetime, 0, null);
        place(List.of(entity(1, EntityKind.ITEM, new Vec3(0.5, 100, 8), new Vec3(0, -20, 0), trait)));
        // Ticks are counted by each region for itself.
        RegionId below = RegionId.of(0, 0, -1, 0);
        for (int i = 0; i < 500; i++) {
            world.engine(below).step(0, _ -> {});
        }
        place(List.of(entity(1, EntityKind.ITEM, new Vec3(0.5, 3, 8), new Vec3(0, -20, 0), trait)));

        world.steps(10);
        assertThat(world.whereEntitiesAre()).containsOnly(Map.entry(EntityId.of(9, 1), below));
        Entity thrown = saved(below, 1);
        assertThat(thrown.trait().type()).isEqualTo(5);
        assertThat(thrown.trait().amount()).isEqualTo(3);
        world.steps(lifetime - 10 - 3);
        assertThat(world.whereEntitiesAre()).isNotEmpty();

        world.steps(6);

        assertThat(world.whereEntitiesAre()).isEmpty();
        assertThat(world.crossing()).isZero();
    }
}
