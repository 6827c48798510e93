package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegionLogTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);

    /** Replicas of all regions of a world, some of them from later on. */
    private static final class Replicas {

        private final TestWorld world;
        private final Map<RegionId, List<RegionReplica>> replicas = new HashMap<>();
        private final Map<RegionId, RegionEngine> followed = new HashMap<>();

        Replicas(TestWorld world) {
            this.world = world;
            world.stepped = this::follow;
        }

        /** Between two steps. */
        void seed(RegionId region) {
            RegionEngine engine = world.engine(region);
            engine.startLog();
            followed.put(region, engine);
            replicas.computeIfAbsent(region, absent -> new ArrayList<>()).add(restore(engine));
        }

        private RegionReplica restore(RegionEngine engine) {
            try {
                return RegionReplica.restore(world.settings(engine.region()), engine.save());
            } catch (RegionStateException e) {
                throw new AssertionError(e);
            }
        }

        private void follow(RegionEngine engine) {
            for (RegionReplica replica : replicas.getOrDefault(engine.region(), List.of())) {
                try {
                    replica.apply(engine.log());
                } catch (RegionStateException e) {
                    throw new AssertionError(e);
                }
                assertThat(replica.checksum()).isEqualTo(engine.checksum());
            }
        }

        /** An engine that goes on from the state of another tells the other's replicas, too. */
        void followMoves() {
            followed.forEach((region, engine) -> {
                if (world.engine(region) != engine) {
                    world.engine(region).startLog();
                    followed.put(region, world.engine(region));
                }
            });
        }

        void assertSameStates() {
            replicas.forEach((region, ofRegion) -> ofRegion.forEach(replica ->
                    assertThat(replica.save()).isEqualTo(world.engine(region).save())));
        }

        int count() {
            return replicas.values().stream().mapToInt(List::size).sum();
        }
    }

    /** Players come, walk over borders, build, lose their connections and come again; regions move meanwhile. */
    @Property(tries = 8)
    void aReplicaIsEqualAfterEachTickOfAnyHistory(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int delay) {
        Random random = new Random(seed);
        TestWorld world = new TestWorld(
                random.nextBoolean() ? "flat" : "hills",
                seed,
                random.nextInt(12),
                RegionSettings.Limits.standard().withBulkEditBlocks(1 << 15));
        world.loss = random.nextDouble() * 0.3;
        world.repeats = random.nextDouble() * 0.3;
        world.maxDelayTicks = delay;
        Replicas replicas = new Replicas(world);
        world.engines.keySet().forEach(replicas::seed);

        for (int tick = 0; tick < 300; tick++) {
            disturb(world, random, tick);
            replicas.followMoves();
            if (random.nextInt(60) == 0) {
                replicas.seed(anyRegion(world, random));
            }
            world.step();
        }

        replicas.assertSameStates();
        assertThat(replicas.count()).isGreaterThanOrEqualTo(world.engines.size());
    }

    private static RegionId anyRegion(TestWorld world, Random random) {
        return List.copyOf(world.engines.keySet()).get(random.nextInt(world.engines.size()));
    }

    private static void disturb(TestWorld world, Random random, int tick) {
        if (random.nextInt(10) == 0 && world.players.size() < 12) {
            Vec3 place = new Vec3(random.nextDouble(-25, 25), random.nextDouble(1, 5), random.nextDouble(-25, 25));
            world.join("p" + tick, place);
        }
        for (Player player : world.players.values()) {
            switch (random.nextInt(30)) {
                case 0, 1, 2 -> world.walk(player, random.nextDouble(-8, 8), random.nextDouble(-8, 8));
                case 3 -> world.walk(player, random.nextInt(-8, 8), 0);
                case 4, 5 -> build(world, player, random);
                case 6 -> leave(world, player, random);
                case 7 -> buildMuch(world, player, random);
                case 8 -> world.undo(player);
                default -> {}
            }
        }
        if (random.nextInt(80) == 0) {
            world.move(anyRegion(world, random));
        }
    }

    private static void build(TestWorld world, Player player, Random random) {
        int x = (int) Math.floor(player.position.x()) + random.nextInt(-3, 4);
        int y = (int) Math.floor(player.position.y()) + random.nextInt(-2, 3);
        int z = (int) Math.floor(player.position.z()) + random.nextInt(-3, 4);
        world.edit(player, x, y, z, random.nextBoolean() ? Blocks.AIR : Blocks.PLANKS);
    }

    private static void buildMuch(TestWorld world, Player player, Random random) {
        int x = (int) Math.floor(player.position.x()) + random.nextInt(-20, 20);
        int y = (int) Math.floor(player.position.y()) + random.nextInt(-10, 4);
        int z = (int) Math.floor(player.position.z()) + random.nextInt(-20, 20);
        EditShape shape = random.nextBoolean()
                ? new EditShape.Sphere(x, y, z, random.nextInt(8))
                : new EditShape.Box(x, y, z, 1 + random.nextInt(20), 1 + random.nextInt(5), 1 + random.nextInt(20));
        if (random.nextBoolean()) {
            world.fill(player, shape, random.nextBoolean() ? Blocks.AIR : Blocks.BRICK);
        } else {
            world.replace(player, shape, random.nextBoolean() ? Blocks.BRICK : Blocks.DIRT, Blocks.GLASS);
        }
    }

    private static void leave(TestWorld world, Player player, Random random) {
        if (player.entity != null && random.nextInt(5) == 0) {
            world.engine(player.region).accept(new RegionInput.Disconnected(player.session, random.nextBoolean()));
            if (random.nextBoolean()) {
                world.rejoin(player);
            }
        }
    }

    private record Made(long id, long author, int x, int y, int z, short from, short to) {}

    private static List<Made> made(RegionEngine engine, long fromId) {
        List<Made> made = new ArrayList<>();
        engine.forEachEditFrom(
                fromId, (id, tick, author, x, y, z, from, to) -> made.add(new Made(id, author, x, y, z, from, to)));
        return made;
    }

    @Test
    void remembersWhoHasEditedWhatWhereverTheRegionMoves() throws RegionStateException {
        TestWorld world = new TestWorld("flat", 3);
        RegionEngine engine = world.engine(EAST);
        Player ann = world.join("ann", new Vec3(20, 2, 20));
        Player bob = world.join("bob", new Vec3(22, 2, 20));
        world.steps(2);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());

        world.edit(ann, 21, 4, 22, Blocks.PLANKS);
        world.step();
        replica.apply(engine.log());
        // Both at once would be a conflict.
        for (int i = 0; i < TestWorld.TICK_RATE; i++) {
            world.step();
            replica.apply(engine.log());
        }
        world.edit(bob, 21, 4, 22, Blocks.AIR);
        world.step();
        replica.apply(engine.log());

        List<Made> expected = List.of(
                new Made(1, ann.entity().packed(), 21, 4, 22, Blocks.AIR, Blocks.PLANKS),
                new Made(2, bob.entity().packed(), 21, 4, 22, Blocks.PLANKS, Blocks.AIR));
        assertThat(made(engine, 1)).isEqualTo(expected);
        assertThat(made(engine, 2)).isEqualTo(expected.subList(1, 2));
        assertThat(made(RegionEngine.takeOver(replica, 2), 1)).isEqualTo(expected);
        world.move(EAST);
        assertThat(made(world.engine(EAST), 1)).isEqualTo(expected);
    }

    @Test
    void remembersEachBlockOfAnEditOfMany() throws RegionStateException {
        TestWorld world =
                new TestWorld("flat", 3, 0, RegionSettings.Limits.standard().withBulkEditBlocks(100));
        RegionEngine engine = world.engine(EAST);
        Player ann = world.join("ann", new Vec3(20, 2, 20));
        world.steps(2);
        world.edit(ann, 21, 4, 22, Blocks.PLANKS);
        world.steps(2);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());

        world.fill(ann, new EditShape.Box(20, 4, 22, 3, 1, 1), Blocks.BRICK);
        world.step();
        replica.apply(engine.log());

        long author = ann.entity().packed();
        List<Made> expected = List.of(
                new Made(2, author, 20, 4, 22, Blocks.AIR, Blocks.BRICK),
                new Made(3, author, 21, 4, 22, Blocks.PLANKS, Blocks.BRICK),
                new Made(4, author, 22, 4, 22, Blocks.AIR, Blocks.BRICK));
        assertThat(made(engine, 2)).isEqualTo(expected);
        assertThat(replica.checksum()).isEqualTo(engine.checksum());
        assertThat(made(RegionEngine.takeOver(replica, 2), 2)).isEqualTo(expected);
    }

    @Test
    void refusesAStateThatRemembersWhatItCannotHaveHad() {
        TestWorld world = new TestWorld("flat", 3);
        RegionEngine engine = world.engine(EAST);
        Player ann = world.join("ann", new Vec3(20, 2, 20));
        world.steps(2);
        world.edit(ann, 21, 4, 22, Blocks.PLANKS);
        world.step();
        byte[] state = engine.save();

        // The last is the block's id, before the four bytes about items: there are not so many.
        state[state.length - 6] = 0x0f;

        assertThatThrownBy(() -> RegionReplica.restore(world.settings(EAST), state))
                .isInstanceOf(RegionStateException.class)
                .hasMessageContaining("edit 1 is remembered of a place, a block or a tick that the region has not had");
    }

    @Test
    void anEngineThatTakesOverGoesOnAsTheOtherWouldHave() throws RegionStateException {
        // Both take the ids of new creatures from the same source: there shall be no new ones once there are two.
        TestWorld world = new TestWorld("hills", 3, 2);
        RegionEngine engine = world.engine(EAST);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());
        Player ann = world.join("ann", new Vec3(20, 40, 20));
        for (int i = 0; i < 100; i++) {
            world.walk(ann, 1, 0.5);
            world.step();
            replica.apply(engine.log());
        }
        long here = engine.checksum();

        RegionEngine successor = RegionEngine.takeOver(replica, engine.epoch() + 1);

        assertThat(successor.checksum()).isEqualTo(here);
        RegionInput.Join again = new RegionInput.Join(7, EntityId.of(2, 7), "ann", "ann", Optional.empty());
        for (RegionEngine each : List.of(engine, successor)) {
            each.accept(again);
            for (int i = 0; i < 20; i++) {
                each.step(world.nowNanos() + i, output -> {});
            }
        }
        assertThat(successor.save()).isEqualTo(engine.save());
        assertThat(successor.stats().players()).isOne();
    }

    @Test
    void whoWalksStraightOnCostsNothing() {
        TestWorld world = new TestWorld("flat", 1);
        RegionEngine engine = world.engine(EAST);
        Player ann = world.join("ann", new Vec3(20, 1, 20));
        engine.startLog();
        for (int i = 0; i < 10; i++) {
            world.walk(ann, 3, 1);
            world.step();
        }

        world.walk(ann, 3, 1);
        world.step();

        // The tick's number, and that there is no row to tell of.
        assertThat(engine.log().remaining()).isEqualTo(4);
    }

    @Test
    void tellsNothingUnlessItHasBeenStarted() {
        TestWorld world = new TestWorld("flat", 1);
        RegionEngine engine = world.engine(EAST);
        world.join("ann", new Vec3(20, 1, 20));

        world.step();

        assertThat(engine.log().remaining()).isZero();
    }

    @Test
    void tellsNothingWhileFrozen() {
        TestWorld world = new TestWorld("flat", 1);
        RegionEngine engine = world.engine(EAST);
        engine.startLog();
        world.step();
        engine.freeze();

        world.step();

        assertThat(engine.log().remaining()).isZero();
    }

    @Test
    void refusesATickTwiceAndOneThatIsMissing() throws RegionStateException {
        TestWorld world = new TestWorld("flat", 1);
        RegionEngine engine = world.engine(EAST);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());
        world.step();
        ByteBuffer first = copy(engine.log());
        replica.apply(first.duplicate());

        assertThatThrownBy(() -> replica.apply(first.duplicate()))
                .isInstanceOf(RegionStateException.class)
                .hasMessageContaining("of tick 1 comes first, expected entry 1 of tick 2");
        world.steps(2);
        assertThatThrownBy(() -> replica.apply(engine.log()))
                .isInstanceOf(RegionStateException.class)
                .hasMessageContaining("of tick 3 comes first, expected entry 1 of tick 2");
    }

    /** Whatever the bytes, they are applied or refused: nothing else is thrown. */
    @Property(tries = 100)
    void refusesWhatIsNoLog(@ForAll long seed) throws RegionStateException {
        Random random = new Random(seed);
        TestWorld world =
                new TestWorld("flat", 1, 0, RegionSettings.Limits.standard().withBulkEditBlocks(1000));
        RegionEngine engine = world.engine(EAST);
        Player ann = world.join("ann", new Vec3(20, 1, 20));
        world.steps(TestWorld.TICK_RATE);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());
        Player bob = world.join("bob", new Vec3(22, 1, 20));
        world.edit(bob, 21, 1, 21, Blocks.PLANKS);
        world.replace(ann, new EditShape.Box(10, 2, 10, 3, 4, 5), Blocks.AIR, Blocks.PLANKS);
        world.fill(ann, new EditShape.Sphere(10, 2, 30, 3), Blocks.PLANKS);
        world.step();
        ByteBuffer log = copy(engine.log());
        int cut = random.nextInt(log.remaining());
        if (random.nextBoolean()) {
            log.put(cut, (byte) random.nextInt());
        } else {
            log.limit(cut);
        }

        try {
            replica.apply(log);
        } catch (RegionStateException refused) {
            assertThat(refused).hasMessageContaining("region " + EAST);
            return;
        }
        assertThat(replica.tick()).isEqualTo(engine.stats().tick());
    }

    /** As before, of what players do with items: on their own, with each other, and over a border. */
    @Property(tries = 300)
    void refusesWhatWouldMakeOrLoseItems(@ForAll long seed) throws RegionStateException {
        Random random = new Random(seed);
        TestWorld world = new TestWorld(
                Generator.named("flat", 1),
                1,
                0,
                RegionSettings.Limits.standard(),
                new RegionSettings.Items(ItemCounts.parse("1:10,2:150"), 100));
        RegionEngine engine = world.engine(EAST);
        Player ann = world.join("ann", new Vec3(1.5, 1, 20));
        Player bob = world.join("bob", new Vec3(2.5, 1, 20));
        Player far = world.join("far", new Vec3(-1.5, 1, 20));
        world.steps(TestWorld.TICK_RATE);
        world.drop(bob, 1, 2, 0);
        world.offer(far, ann.entity().packed(), ItemCounts.of(1, 1), ItemCounts.of(2, 1));
        world.offer(bob, ann.entity().packed(), ItemCounts.of(1, 1), ItemCounts.of(2, 1));
        world.steps(5);
        engine.startLog();
        RegionReplica replica = RegionReplica.restore(world.settings(EAST), engine.save());
        long created = engine.stats().itemsCreated();
        long dropped = ann.received(ToClient.ItemInfo.class).getLast().entityId();
        world.pickUp(ann, dropped);
        ann.received(ToClient.TradeOffered.class)
                .forEach(offer -> world.answer(ann, offer.trade(), random.nextBoolean()));
        world.offer(ann, far.entity().packed(), ItemCounts.of(2, 99), ItemCounts.NONE);
        world.drop(bob, 2, 1, 3);
        if (random.nextBoolean()) {
            engine.accept(new RegionInput.Disconnected(bob.session, true));
        }
        world.step();
        ByteBuffer log = copy(engine.log());
        assertThat(engine.stats().itemsCreated()).isEqualTo(created);
        log.put(random.nextInt(log.remaining()), (byte) random.nextInt());

        try {
            replica.apply(log);
        } catch (RegionStateException refused) {
            assertThat(refused).hasMessageContaining("region " + EAST);
            return;
        }
        assertThat(RegionReplica.restore(world.settings(EAST), replica.save()).checksum())
                .isEqualTo(replica.checksum());
    }

    private static ByteBuffer copy(ByteBuffer log) {
        byte[] bytes = new byte[log.remaining()];
        log.get(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
