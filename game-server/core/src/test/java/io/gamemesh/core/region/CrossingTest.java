package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.motion.Motion;
import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;
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

class CrossingTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);

    @Test
    void aPlayerWalksOverABorderAndGoesOn() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(5, 1, 8));
        world.step();

        for (int i = 0; i < 60; i++) {
            world.walk(player, -5, 0);
            world.step();
        }

        assertThat(player.region).isEqualTo(WEST);
        assertThat(player.position.x()).isLessThan(-5);
        assertThat(world.whereEntitiesAre()).containsOnly(java.util.Map.entry(player.entity(), WEST));
        assertThat(world.engine(EAST).stats().crossingsOut()).isEqualTo(1);
        assertThat(world.engine(WEST).stats().crossingsIn()).isEqualTo(1);
    }

    /** Found by bots on a busy machine: who left the world in the moment of a crossing stood about beyond the border. */
    @Test
    void aPlayerWhoLeavesTheWorldWhileItCrossesIsRemovedBeyondTheBorder() {
        TestWorld world = new TestWorld("flat", 1);
        world.maxDelayTicks = 6;
        Player player = world.join("ann", new Vec3(1, 1, 8));
        world.step();
        while (world.engine(EAST).stats().crossing() == 0) {
            world.walk(player, -5, 0);
            world.step();
        }

        leaveTheWorld(world, EAST, player);

        assertThat(world.whereEntitiesAre()).isEmpty();
    }

    @Test
    void aPlayerWhoLeavesTheWorldBeforeItsSessionHasFollowedIsRemovedBeyondTheBorder() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(player, -5, 0);
            world.step();
        }
        assertThat(player.region).isEqualTo(WEST);
        world.engine(WEST).accept(new RegionInput.Disconnected(player.session, false));

        leaveTheWorld(world, EAST, player);

        assertThat(world.whereEntitiesAre()).isEmpty();
    }

    @Test
    void aPlayerWhoIsBackIsNotRemovedByAGoodbyeThatComesLate() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(player, -5, 0);
            world.step();
        }

        leaveTheWorld(world, EAST, player);

        assertThat(world.whereEntitiesAre()).containsOnly(java.util.Map.entry(player.entity(), WEST));
    }

    private static void leaveTheWorld(TestWorld world, RegionId last, Player player) {
        world.engine(last).accept(new RegionInput.Disconnected(player.session, true));
        world.engine(last).accept(new RegionInput.Goodbye(player.entity()));
        for (int i = 0; i < 40; i++) {
            world.step();
        }
    }

    /** It would pass through walls, or keep the region busy with looking for some. */
    @Test
    void refusesWhatIsFasterThanAnythingCanBe() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(player, -5, 0);
            world.step();
        }
        PeerMessage left =
                world.sent.stream().filter(PeerMessage::hasLeft).findFirst().orElseThrow();
        PeerMessage.Builder other = left.toBuilder();
        other.getLeftBuilder()
                .setEntityId(left.getLeft().getEntityId() + 1)
                .setCrossing(left.getLeft().getCrossing() + 1)
                .getEntityBuilder()
                .getVelocityBuilder()
                .setY(1e9);
        long in = world.engine(WEST).stats().crossingsIn();
        long refused = world.engine(WEST).stats().refused();

        world.engine(WEST).accept(new RegionInput.FromPeer(other.build()));
        world.step();

        assertThat(world.engine(WEST).stats().crossingsIn()).isEqualTo(in);
        assertThat(world.engine(WEST).stats().refused()).isGreaterThan(refused);
    }

    @Test
    void doesNotFlutterOnTheBorder() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(0.2, 1, 8));
        world.step();

        for (int i = 0; i < 200; i++) {
            // To and fro by half a metre.
            world.walk(player, i % 2 == 0 ? -8 : 8, 0);
            world.step();
        }

        assertThat(world.engine(EAST).stats().crossingsOut()).isZero();
        assertThat(player.region).isEqualTo(EAST);
    }

    @Test
    void whoCrossesFromARegionThatHasGoneBackInTimeIsNotTakenForSomebodyElse() throws RegionStateException {
        TestWorld world = new TestWorld("flat", 1);
        Player ann = world.join("ann", new Vec3(5, 1, 8));
        Player bob = world.join("bob", new Vec3(60, 1, 8));
        world.step();
        RegionReplica old =
                RegionReplica.restore(world.settings(EAST), world.engine(EAST).save());
        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }
        assertThat(ann.region).isEqualTo(WEST);

        world.recover(EAST, old);
        for (int i = 0; i < 400; i++) {
            world.walk(bob, -5, 0);
            world.step();
        }

        assertThat(bob.region).isEqualTo(WEST);
        assertThat(world.engine(WEST).entities()).contains(ann.entity(), bob.entity());
        assertThat(world.engine(EAST).departing()).isEmpty();
    }

    @Test
    void waitsForARegionThatIsFrozen() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(2, 1, 8));
        world.step();
        world.engine(WEST).freeze();
        for (int i = 0; i < 40; i++) {
            world.walk(player, -5, 0);
            world.step();
        }
        assertThat(world.engine(EAST).stats().crossing()).isEqualTo(1);

        world.engine(WEST).resume(2);
        for (int i = 0; i < 40; i++) {
            world.walk(player, -5, 0);
            world.step();
        }

        assertThat(player.region).isEqualTo(WEST);
        assertThat(world.whereEntitiesAre()).containsKey(player.entity()).hasSize(1);
    }

    @Test
    void theWorldsOutermostBorderIsAWall() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(TestWorld.REGION - 3, 1, 8));
        world.step();

        for (int i = 0; i < 60; i++) {
            world.walk(player, 8, 0);
            world.step();
        }

        assertThat(player.position.x()).isBetween(TestWorld.REGION - 1.0, (double) TestWorld.REGION);
    }

    /** Of a border that is crossed again and again each time is worth no more than it takes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void crossingMakesNobodyFaster(boolean followers) {
        TestWorld world = new TestWorld("flat", 1);
        world.followers = followers;
        Player player = world.join("ann", new Vec3(1.5, 1, 8));
        world.step();
        double way = 0;
        int towards = -1;

        for (int i = 0; i < 200; i++) {
            double before = player.position.x();
            towards = before < -1.2 ? 1 : before > 1.2 ? -1 : towards;
            world.walk(player, towards * 100, 0, Wire.MAX_INPUTS);
            world.step();
            way += Math.abs(player.position.x() - before);
        }

        long crossings = world.engines.values().stream()
                .mapToLong(engine -> engine.stats().crossingsIn())
                .sum();
        assertThat(crossings).isGreaterThan(10);
        assertThat(way).isLessThanOrEqualTo(200 * Motion.SPRINT / TestWorld.TICK_RATE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void crossingSlowsNobodyDown(boolean followers) {
        TestWorld world = new TestWorld("flat", 1);
        world.followers = followers;
        Player player = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        world.walk(player, -100, 0, 1);
        world.step();
        double before = player.position.x();

        for (int i = 0; i < 60; i++) {
            world.walk(player, -100, 0, 1);
            world.step();
        }

        assertThat(world.engine(EAST).stats().crossingsOut()).isEqualTo(1);
        assertThat(before - player.position.x()).isCloseTo(60 * Motion.SPRINT / TestWorld.TICK_RATE, within(0.02));
    }

    /** Its region shows it in the tick in which it leaves, and the next one in the next, in which it arrives. */
    @Test
    void aPlayerWhoIsFollowedIsShownInEveryTick() {
        TestWorld world = new TestWorld("flat", 1);
        world.followers = true;
        Player player = world.join("ann", new Vec3(5, 1, 8));
        world.step();

        for (int i = 0; i < 60; i++) {
            world.walk(player, -5, 0);
            world.step();
        }

        assertThat(player.seen).extracting(Player.Seen::region).contains(EAST, WEST);
        for (int i = 1; i < player.seen.size(); i++) {
            assertThat(player.seen.get(i).tick())
                    .isEqualTo(player.seen.get(i - 1).tick() + 1);
        }
    }

    /** Where the player is after an input does not depend on which region has done it, nor on when it came. */
    @Property(tries = 50)
    void eachInputOfAPlayerWhoIsFollowedIsDoneOnce(@ForAll @IntRange(max = 3) int late, @ForAll long seed) {
        TestWorld world = new TestWorld("flat", 1);
        world.followers = true;
        Random random = new Random(seed);
        Player player = world.join("ann", new Vec3(random.nextDouble(3, 5), 1, 8));
        world.step();
        double start = player.position.x();
        // In time at first: before that none would be late.
        for (int i = 0; i < 3; i++) {
            world.walk(player, -4, 0);
            world.step();
        }

        for (int i = 0; i < 60; ) {
            int due = 1 + random.nextInt(late + 1);
            i += due;
            world.steps(due - 1);
            world.walk(player, -4, 0, due);
            world.step();
        }
        world.steps(1);

        assertThat(player.region).isEqualTo(WEST);
        assertThat(player.seen)
                .allSatisfy(seen -> assertThat(seen.position().x())
                        .as("%s", seen)
                        .isCloseTo(start - seen.lastInput() * 4.0 / TestWorld.TICK_RATE, within(0.01)));
    }

    @Test
    void aPlayerWhoIsFollowedGoesOnWithItsSessionThoughTheAnswerIsLost() {
        TestWorld world = new TestWorld("flat", 1);
        world.followers = true;
        Player player = world.join("ann", new Vec3(2, 1, 8));
        world.step();
        while (world.engine(EAST).stats().crossing() == 0) {
            world.walk(player, -5, 0);
            world.step();
        }
        // What the west answers does not come.
        world.loss = 1;
        for (int i = 0; i < 10; i++) {
            world.walk(player, -5, 0);
            world.step();
        }
        assertThat(world.crossing()).isEqualTo(1);
        assertThat(player.region).isEqualTo(WEST);

        world.loss = 0;
        for (int i = 0; i < 40; i++) {
            world.walk(player, -5, 0);
            world.step();
        }

        assertThat(world.crossing()).isZero();
        assertThat(player.position.x()).isLessThan(-5);
        assertThat(world.whereEntitiesAre()).containsOnly(java.util.Map.entry(player.entity(), WEST));
    }

    @Test
    void refusesAPlayerWhoseInputsHaveLedTooFar() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(2, 1, 8));
        world.step();
        for (int i = 0; i < 40; i++) {
            world.walk(player, -5, 0);
            world.step();
        }
        PeerMessage left =
                world.sent.stream().filter(PeerMessage::hasLeft).findFirst().orElseThrow();
        PeerMessage.Builder other = left.toBuilder();
        other.getLeftBuilder()
                .setEntityId(left.getLeft().getEntityId() + 1)
                .setCrossing(left.getLeft().getCrossing() + 1)
                .getMotionBuilder()
                .getPositionBuilder()
                .setX(Double.NaN);
        long refused = world.engine(WEST).stats().refused();

        world.engine(WEST).accept(new RegionInput.FromPeer(other.build()));
        world.step();

        assertThat(world.engine(WEST).stats().crossingsIn()).isEqualTo(1);
        assertThat(world.engine(WEST).stats().refused()).isGreaterThan(refused);
    }

    /** What is led by its own inputs alone is shown to the client, and is no further than what others see. */
    @Test
    void aPlayerWhoseInputsAreLateIsHeldBackByItAllTheSame() {
        TestWorld world = new TestWorld("flat", 1);
        Player player = world.join("ann", new Vec3(TestWorld.REGION - 3, 1, 8));
        world.step();

        for (int i = 0; i < 30; i++) {
            if (i != 5) {
                world.walk(player, 8, 0);
            }
            world.step();

            assertThat(player.position.x()).isLessThanOrEqualTo(TestWorld.REGION);
        }
    }

    /**
     * Players walk to and fro over eight regions while messages are lost, repeated late, and overtake each other, and
     * regions move. Afterwards, with the network whole again, each is in exactly one place.
     */
    @Property(tries = 15)
    void noneIsLostAndNoneIsTwice(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.5) double loss,
            @ForAll @DoubleRange(max = 0.5) double repeats,
            @ForAll @IntRange(min = 1, max = 8) int delay,
            @ForAll boolean followers) {
        TestWorld world = new TestWorld("flat", seed);
        world.followers = followers;
        Random random = new Random(seed);
        List<Player> players = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Vec3 place = new Vec3(random.nextInt(-6, 6), 1, random.nextInt(-6, 6));
            players.add(world.join("player-" + i, place));
        }
        world.steps(2);
        Set<EntityId> before = players.stream().map(Player::entity).collect(Collectors.toSet());
        world.loss = loss;
        world.repeats = repeats;
        world.maxDelayTicks = delay;

        for (int i = 0; i < 400; i++) {
            for (Player player : players) {
                double wayOut = Math.signum(Math.sin(i / 25.0 + player.session));
                world.walk(player, -8 * wayOut, 8 * wayOut * (player.session % 2 == 0 ? 1 : 0.3));
            }
            if (random.nextInt(60) == 0) {
                world.move(players.get(random.nextInt(players.size())).region);
            }
            world.step();
            assertThat(world.whereEntitiesAre().size() + world.crossing()).isGreaterThanOrEqualTo(before.size());
        }
        world.loss = 0;
        world.repeats = 0;
        world.steps(200);

        assertThat(world.crossing()).isZero();
        assertThat(world.whereEntitiesAre().keySet()).isEqualTo(before);
        players.forEach(player -> assertThat(world.whereEntitiesAre()).containsEntry(player.entity(), player.region));
        long crossed = world.engines.values().stream()
                .mapToLong(engine -> engine.stats().crossingsIn())
                .sum();
        assertThat(crossed).as("players did cross").isPositive();
    }
}
