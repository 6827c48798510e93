package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/**
 * Every item is in exactly one place, whatever players do with them, the network does with messages, and servers do with
 * regions. What there is, is counted here by itself, kind by kind, from states, not by the counters of engines.
 */
class ConservationTest {

    private static final ItemCounts STARTING = ItemCounts.parse("1:12,2:7,40000:150");
    private static final int KINDS = 3;

    private final Map<RegionId, RegionReplica> replicas = new HashMap<>();
    private final Map<RegionId, RegionEngine> followed = new HashMap<>();
    private int begun;

    /**
     * Players at the corner where regions meet throw, take, offer, answer, walk over borders, leave and come; regions move, and
     * die, so that a replica goes on from the last tick that it has heard of.
     */
    @Property(tries = 25)
    void everyItemIsInExactlyOnePlace(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.4) double loss,
            @ForAll @DoubleRange(max = 0.4) double repeats,
            @ForAll @IntRange(min = 1, max = 8) int delay) {
        Random random = new Random(seed);
        TestWorld world = new TestWorld(
                Generator.named("flat", 1),
                seed,
                0,
                RegionSettings.Limits.standard(),
                new RegionSettings.Items(STARTING, 10));
        replicas.clear();
        followed.clear();
        begun = 0;
        world.stepped = this::follow;
        List<Player> players = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            players.add(join(world, random));
        }
        world.steps(4);
        world.loss = loss;
        world.repeats = repeats;
        world.maxDelayTicks = delay;

        for (int tick = 0; tick < 400; tick++) {
            for (Player player : players) {
                act(world, player, players, random);
            }
            if (random.nextInt(100) == 0 && begun < 16) {
                players.add(join(world, random));
            }
            if (random.nextInt(50) == 0) {
                disturb(world, random);
            }
            world.step();
            requireNothingTwice(world);
        }
        world.loss = 0;
        world.repeats = 0;
        world.maxDelayTicks = 1;
        world.steps(200);

        assertThat(stats(world, RegionStats::itemsUnderWay)).isZero();
        assertThat(world.crossing()).isZero();
        assertThat(stats(world, RegionStats::itemsCreated)).isEqualTo((long) begun * STARTING.total());
        Map<Integer, Long> there = there(world);
        assertThat(there.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(stats(world, RegionStats::items))
                .isEqualTo(stats(world, RegionStats::itemsCreated) - stats(world, RegionStats::itemsVanished));
        STARTING.forEach((item, count) -> assertThat(there.getOrDefault(item, 0L))
                .as("of item %d", item)
                .isLessThanOrEqualTo((long) begun * count));
        assertThat(there.size()).isLessThanOrEqualTo(KINDS);
        clientsKnowWhatTheyCarry(world, players);
    }

    private Player join(TestWorld world, Random random) {
        Vec3 place = new Vec3(random.nextDouble(-4, 4), 1, random.nextDouble(-4, 4));
        return world.join("p" + begun++, place);
    }

    private static long stats(TestWorld world, java.util.function.ToLongFunction<RegionStats> figure) {
        return world.engines.values().stream()
                .mapToLong(engine -> figure.applyAsLong(engine.stats()))
                .sum();
    }

    private static void act(TestWorld world, Player player, List<Player> others, Random random) {
        if (player.entity == null) {
            return;
        }
        int item = random.nextBoolean() ? 1 : random.nextBoolean() ? 2 : 40_000;
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> world.walk(player, random.nextDouble(-8, 8), random.nextDouble(-8, 8));
            case 3 -> homewards(world, player);
            case 4 -> world.drop(player, item, 1 + random.nextInt(9), random.nextDouble(8));
            case 5, 6 ->
                player.visible.stream()
                        .filter(id ->
                                others.stream().noneMatch(other -> other.entity != null && other.entity.packed() == id))
                        .skip(random.nextInt(4))
                        .findFirst()
                        .ifPresent(id -> world.pickUp(player, id));
            case 7, 8 -> {
                Player partner = others.get(random.nextInt(others.size()));
                if (partner.entity != null) {
                    ItemCounts gives = ItemCounts.of(item, 1 + random.nextInt(9));
                    ItemCounts wants = random.nextBoolean() ? ItemCounts.NONE : ItemCounts.of(3 - Math.min(item, 2), 1);
                    world.offer(player, partner.entity.packed(), gives, wants);
                }
            }
            case 9, 10, 11 -> {
                List<ToClient.TradeOffered> offers = player.received(ToClient.TradeOffered.class);
                if (!offers.isEmpty()) {
                    world.answer(player, offers.getLast().trade(), random.nextInt(3) > 0);
                }
            }
            case 12 -> leave(world, player, random);
            default -> {}
        }
    }

    private static void homewards(TestWorld world, Player player) {
        world.walk(player, -Math.signum(player.position.x()) * 8, -Math.signum(player.position.z()) * 8);
    }

    private static void leave(TestWorld world, Player player, Random random) {
        if (random.nextInt(20) == 0) {
            boolean goodbye = random.nextInt(3) == 0;
            world.engine(player.region).accept(new RegionInput.Disconnected(player.session, goodbye));
            world.rejoin(player);
        }
    }

    // What servers do with regions.

    private void disturb(TestWorld world, Random random) {
        RegionId region = List.copyOf(world.engines.keySet()).get(random.nextInt(world.engines.size()));
        RegionReplica replica = replicas.remove(region);
        if (replica != null && random.nextBoolean()) {
            world.takeOver(region, replica);
        } else if (random.nextBoolean()) {
            world.move(region);
        } else {
            RegionEngine engine = world.engine(region);
            engine.startLog();
            followed.put(region, engine);
            try {
                replicas.put(region, RegionReplica.restore(world.settings(region), engine.save()));
            } catch (RegionStateException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void follow(RegionEngine engine) {
        RegionReplica replica = replicas.get(engine.region());
        if (replica != null && followed.get(engine.region()) == engine) {
            try {
                replica.apply(engine.log());
            } catch (RegionStateException e) {
                throw new AssertionError(e);
            }
            assertThat(replica.checksum()).isEqualTo(engine.checksum());
        }
    }

    // What there is.

    private static RegionState state(TestWorld world, RegionEngine engine) {
        try {
            return StateCodec.read(world.settings(engine.region()), engine.save());
        } catch (RegionStateException e) {
            throw new AssertionError(e);
        }
    }

    /** By item; what is under way is not counted, and there is none. */
    private static Map<Integer, Long> there(TestWorld world) {
        Map<Integer, Long> sums = new TreeMap<>();
        for (RegionEngine engine : world.engines.values()) {
            RegionState state = state(world, engine);
            for (Entity entity : state.entitiesById()) {
                if (entity.kind() == EntityKind.ITEM) {
                    sums.merge(entity.trait().type(), (long) entity.trait().amount(), Long::sum);
                }
                entity.trait().belongings().items().forEach((item, count) -> sums.merge(item, (long) count, Long::sum));
            }
            for (Offer.Held held : state.offers.values()) {
                held.offer().gives().forEach((item, count) -> sums.merge(item, (long) count, Long::sum));
            }
        }
        return sums;
    }

    /** Counting what is under way where it is from now on: there is never more than there ever was, less what vanished. */
    private static void requireNothingTwice(TestWorld world) {
        Set<EntityId> entities = world.whereEntitiesAre().keySet();
        assertThat(entities).isNotNull();
        long there = stats(world, RegionStats::items);
        long underWay = stats(world, RegionStats::itemsUnderWay);
        long all = stats(world, RegionStats::itemsCreated) - stats(world, RegionStats::itemsVanished);
        assertThat(there).isLessThanOrEqualTo(all);
        assertThat(there + underWay).isGreaterThanOrEqualTo(all);
    }

    private static void clientsKnowWhatTheyCarry(TestWorld world, List<Player> players) {
        for (RegionEngine engine : world.engines.values()) {
            RegionState state = state(world, engine);
            for (RegionSession session : engine.sessions()) {
                Player player = players.stream()
                        .filter(each -> each.session == session.session())
                        .findFirst()
                        .orElseThrow();
                int row = state.entities.row(session.entity().packed());
                assertThat(player.items()).isEqualTo(state.entities.belongings[row].items());
            }
        }
    }
}
