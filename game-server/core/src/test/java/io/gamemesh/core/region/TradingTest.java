package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.Wire;
import org.junit.jupiter.api.Test;

class TradingTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);
    private static final int PATIENCE_TICKS = Wire.TRADE_SECONDS * TestWorld.TICK_RATE;
    private static final ItemCounts STARTING = ItemCounts.parse("1:10,2:5");
    private static final ItemCounts ONES = ItemCounts.of(1, 3);
    private static final ItemCounts TWOS = ItemCounts.of(2, 4);
    private static final ItemCounts AFTER_GIVING_ONES = ItemCounts.parse("1:7,2:9");
    private static final ItemCounts AFTER_GIVING_TWOS = ItemCounts.parse("1:13,2:1");

    private final TestWorld world = new TestWorld(
            Generator.named("flat", 1),
            1,
            0,
            RegionSettings.Limits.standard(),
            new RegionSettings.Items(STARTING, 1000));
    private final RegionEngine east = world.engine(EAST);

    private Player join(String id, double x) {
        Player player = world.join(id, new Vec3(x, 1, 20));
        world.steps(2);
        return player;
    }

    private static long id(Player player) {
        return player.entity().packed();
    }

    private static ToClient.TradeOffered offered(Player player) {
        return player.received(ToClient.TradeOffered.class).getLast();
    }

    private void walk(Player player, double vx, int ticks) {
        for (int i = 0; i < ticks; i++) {
            world.walk(player, vx, 0);
            world.step();
        }
    }

    private void assertAllIsThere() {
        long there = world.engines.values().stream()
                .mapToLong(engine -> engine.stats().items() + engine.stats().itemsUnderWay())
                .sum();
        long created = world.engines.values().stream()
                .mapToLong(
                        engine -> engine.stats().itemsCreated() - engine.stats().itemsVanished())
                .sum();
        assertThat(there).isEqualTo(created);
    }

    @Test
    void twoPlayersExchangeBothOrNeither() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);

        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.step();
        assertThat(offered(bob))
                .isEqualTo(new ToClient.TradeOffered(offered(bob).trade(), id(ann), ONES, TWOS));
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:7,2:5"));
        assertThat(east.stats().items()).isEqualTo(30);
        long answer = world.answer(bob, offered(bob).trade(), true);
        world.step();

        assertThat(bob.outcome(answer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.items()).isEqualTo(AFTER_GIVING_ONES);
        assertThat(bob.items()).isEqualTo(AFTER_GIVING_TWOS);
    }

    @Test
    void whatIsDeclinedGoesBack() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.step();

        long answer = world.answer(bob, offered(bob).trade(), false);
        world.step();

        assertThat(bob.outcome(answer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.DECLINED);
        assertThat(ann.items()).isEqualTo(STARTING);
        assertThat(bob.items()).isEqualTo(STARTING);
    }

    @Test
    void whatIsNotAnsweredInTimeGoesBack() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        long offer = world.offer(ann, id(bob), ONES, ItemCounts.NONE);

        world.steps(PATIENCE_TICKS + 2);

        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.TIMED_OUT);
        assertThat(ann.items()).isEqualTo(STARTING);
        long trade = offered(bob).trade();
        assertThat(bob.received(ToClient.TradeEnded.class)).containsExactly(new ToClient.TradeEnded(trade));
        long late = world.answer(bob, trade, true);
        world.step();
        assertThat(bob.outcome(late)).isEqualTo(ItemOutcome.GONE);
    }

    @Test
    void nobodyAcceptsWithoutWhatIsWanted() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        world.offer(ann, id(bob), ONES, TWOS);
        world.step();
        world.drop(bob, 2, 5, 0);

        long answer = world.answer(bob, offered(bob).trade(), true);
        world.step();

        assertThat(bob.outcome(answer)).isEqualTo(ItemOutcome.MISSING);
        assertThat(bob.items()).isEqualTo(ItemCounts.of(1, 10));
    }

    @Test
    void nobodyAnswersForAnother() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        Player eve = join("eve", 21);
        world.offer(ann, id(bob), ONES, ItemCounts.NONE);
        world.step();

        long answer = world.answer(eve, offered(bob).trade(), true);
        world.step();

        assertThat(eve.outcome(answer)).isEqualTo(ItemOutcome.GONE);
        assertThat(eve.items()).isEqualTo(STARTING);
    }

    @Test
    void onlyWhatOneHasIsOfferedAndToSomebodyNear() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        Player far = join("far", 40);

        long tooMuch = world.offer(ann, id(bob), ItemCounts.of(1, 11), ItemCounts.NONE);
        long tooFar = world.offer(ann, id(far), ONES, ItemCounts.NONE);
        long nobody = world.offer(ann, 77, ONES, ItemCounts.NONE);
        long self = world.offer(bob, id(bob), ONES, ItemCounts.NONE);
        world.step();

        assertThat(ann.outcome(tooMuch)).isEqualTo(ItemOutcome.MISSING);
        assertThat(ann.outcome(tooFar)).isEqualTo(ItemOutcome.OUT_OF_REACH);
        assertThat(ann.outcome(nobody)).isEqualTo(ItemOutcome.GONE);
        assertThat(bob.outcome(self)).isEqualTo(ItemOutcome.GONE);
        assertThat(ann.items()).isEqualTo(STARTING);
    }

    @Test
    void offersAreMadeOneAfterTheOther() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        world.offer(ann, id(bob), ONES, ItemCounts.NONE);

        long second = world.offer(ann, id(bob), ONES, ItemCounts.NONE);
        world.step();

        assertThat(ann.outcome(second)).isEqualTo(ItemOutcome.NOT_NOW);
    }

    @Test
    void anOfferMovesWithTheRegionAndIsToldAgain() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.step();

        world.move(EAST);
        world.steps(2);
        assertThat(bob.received(ToClient.TradeOffered.class)).hasSize(2);
        world.answer(bob, offered(bob).trade(), true);
        world.step();

        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.items()).isEqualTo(AFTER_GIVING_ONES);
        assertThat(bob.items()).isEqualTo(AFTER_GIVING_TWOS);
    }

    @Test
    void twoPlayersExchangeOverTheBorder() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", -1.5);
        world.steps(4);
        world.loss = 0.4;
        world.repeats = 0.4;

        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.steps(3 * TestWorld.TICK_RATE);
        long answer = world.answer(bob, offered(bob).trade(), true);
        world.steps(3 * TestWorld.TICK_RATE);

        assertThat(bob.outcome(answer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.items()).isEqualTo(AFTER_GIVING_ONES);
        assertThat(bob.items()).isEqualTo(AFTER_GIVING_TWOS);
        assertAllIsThere();
    }

    @Test
    void whatIsDeclinedComesBackOverTheBorder() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", -1.5);
        world.steps(4);
        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.steps(4);

        world.answer(bob, offered(bob).trade(), false);
        world.steps(4);

        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.DECLINED);
        assertThat(ann.items()).isEqualTo(STARTING);
        assertThat(world.engine(WEST).stats().itemsUnderWay()).isZero();
    }

    @Test
    void whatIsOfferedToSomebodyWhoHasJustLeftComesBack() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", -1.5);
        world.steps(4);
        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.engine(WEST).accept(new RegionInput.Disconnected(bob.session, true));

        world.steps(6);

        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.GONE);
        assertThat(ann.items()).isEqualTo(STARTING);
    }

    /** She offers, goes over, and he accepts when she is there: what she gets follows her. */
    @Test
    void whatComesBackFollowsWhoHasCrossedMeanwhile() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", 3);
        world.steps(4);
        long offer = world.offer(ann, id(bob), ONES, TWOS);
        world.step();
        walk(ann, -5, 20);
        assertThat(ann.region).isEqualTo(WEST);

        world.answer(bob, offered(bob).trade(), true);
        world.steps(6);

        assertThat(ann.outcome(offer)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.items()).isEqualTo(AFTER_GIVING_ONES);
        assertThat(world.engine(WEST).stats().items()).isEqualTo(16);
        assertAllIsThere();
    }

    /** The parcel has the higher number: it waits for her to arrive, however the network turns them round. */
    @Test
    void whatFollowsNeverOvertakes() {
        for (long seed = 0; seed < 10; seed++) {
            TestWorld rough = new TestWorld(
                    Generator.named("flat", 1),
                    seed,
                    0,
                    RegionSettings.Limits.standard(),
                    new RegionSettings.Items(STARTING, 1000));
            Player ann = rough.join("ann", new Vec3(1.5, 1, 20));
            Player bob = rough.join("bob", new Vec3(3, 1, 20));
            rough.steps(4);
            rough.offer(ann, id(bob), ONES, TWOS);
            rough.step();
            rough.loss = 0.5;
            rough.maxDelayTicks = 8;
            while (rough.engine(EAST).stats().crossing() == 0) {
                rough.walk(ann, -5, 0);
                rough.step();
            }

            rough.answer(bob, offered(bob).trade(), true);
            rough.steps(4 * TestWorld.TICK_RATE);
            rough.loss = 0;
            rough.steps(4 * TestWorld.TICK_RATE);

            assertThat(ann.items()).as("with seed %d", seed).isEqualTo(AFTER_GIVING_ONES);
            assertThat(rough.engine(WEST).entities()).containsExactly(ann.entity());
        }
    }

    @Test
    void whatIsForNobodyLiesWhereItsOwnerWas() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        world.offer(ann, id(bob), ONES, TWOS);
        world.step();
        east.accept(new RegionInput.Disconnected(ann.session, true));
        world.step();

        world.answer(bob, offered(bob).trade(), false);
        world.step();

        // Three stacks: what she carried and what had been offered.
        assertThat(east.entities()).hasSize(1 + 3);
        assertThat(east.stats().items()).isEqualTo(30);
    }

    @Test
    void whatThereIsNoRoomForAnyMoreLiesAtThePlayersFeet() {
        ItemCounts full = ItemCounts.of(3, 36 * 99);
        TestWorld rich = new TestWorld(
                Generator.named("flat", 1),
                1,
                0,
                RegionSettings.Limits.standard(),
                new RegionSettings.Items(full, 1000));
        Player ann = rich.join("ann", new Vec3(20, 1, 20));
        Player bob = rich.join("bob", new Vec3(22, 1, 20));
        rich.steps(2);
        rich.drop(bob, 3, 99, 0);
        rich.steps(2);
        long dropped = ann.received(ToClient.ItemInfo.class).getLast().entityId();
        rich.offer(ann, id(bob), ItemCounts.of(3, 99), ItemCounts.NONE);
        rich.step();
        rich.pickUp(ann, dropped);
        rich.step();
        assertThat(ann.items()).isEqualTo(full);

        rich.answer(bob, offered(bob).trade(), false);
        rich.step();

        assertThat(ann.items()).isEqualTo(full);
        assertThat(rich.engine(EAST).entities()).hasSize(3);
        assertThat(rich.engine(EAST).stats().items()).isEqualTo(2L * full.total());
    }
}
