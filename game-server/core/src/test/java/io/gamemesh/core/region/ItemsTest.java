package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToServer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ItemsTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);
    private static final int LIFETIME = 4;
    private static final ItemCounts STARTING = ItemCounts.parse("1:10,2:5");

    private final TestWorld world = new TestWorld(
            Generator.named("flat", 1),
            1,
            0,
            RegionSettings.Limits.standard(),
            new RegionSettings.Items(STARTING, LIFETIME));
    private final RegionEngine east = world.engine(EAST);

    private RegionState state(RegionId region) {
        try {
            return StateCodec.read(world.settings(region), world.engine(region).save());
        } catch (RegionStateException e) {
            throw new AssertionError(e);
        }
    }

    /** The only item that lies in a region. */
    private Entity lying(RegionId region) {
        return state(region).entitiesById().stream()
                .filter(entity -> entity.kind() == EntityKind.ITEM)
                .reduce((one, other) -> {
                    throw new AssertionError("expected one item, found " + one + " and " + other);
                })
                .orElseThrow();
    }

    private Player join(String id, double x) {
        Player player = world.join(id, new Vec3(x, 1, 20));
        world.steps(2);
        return player;
    }

    @Test
    void aNewcomerBeginsWithWhatTheWorldGives() {
        Player ann = join("ann", 20);

        assertThat(ann.items()).isEqualTo(STARTING);
        assertThat(east.stats().items()).isEqualTo(15);
        assertThat(east.stats().itemsCreated()).isEqualTo(15);
    }

    @Test
    void whoLeavesAndComesAnewDoesNotGetItAgain() {
        Player ann = join("ann", 20);
        east.accept(new RegionInput.Disconnected(ann.session, true));
        world.steps(2);

        Player again = join("ann", 20);

        assertThat(again.entity()).isNotEqualTo(ann.entity());
        assertThat(again.items()).isEqualTo(ItemCounts.NONE);
        assertThat(east.stats().itemsCreated()).isEqualTo(15);
    }

    @Test
    void norDoesWhoLeavesBeyondABorder() {
        Player ann = join("ann", 3);
        for (int i = 0; i < 30; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }
        world.engine(WEST).accept(new RegionInput.Disconnected(ann.session, true));
        world.steps(2);

        world.rejoin(ann);
        world.steps(2);

        assertThat(ann.region).isEqualTo(WEST);
        assertThat(ann.items()).isEqualTo(ItemCounts.NONE);
        assertThat(world.engine(WEST).stats().itemsCreated()).isZero();
    }

    @Test
    void whatIsThrownFliesAndLiesThereForAllToSee() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 24);

        long request = world.drop(ann, 1, 4, 5);
        world.steps(TestWorld.TICK_RATE);

        assertThat(ann.outcome(request)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:6,2:5"));
        Entity item = lying(EAST);
        assertThat(item.trait().type()).isEqualTo(1);
        assertThat(item.trait().amount()).isEqualTo(4);
        // Yaw 0 looks along -z.
        assertThat(item.z()).isLessThan(19);
        assertThat(item.x()).isCloseTo(20, within(1e-6));
        assertThat(bob.sees).containsKey(item.id());
        assertThat(bob.received(ToClient.ItemInfo.class)).contains(new ToClient.ItemInfo(item.id(), 1, 4));
        assertThat(east.stats().items()).isEqualTo(30);
        assertThat(east.stats().itemsVanished()).isZero();
    }

    @Test
    void nobodyThrowsAwayWhatHeDoesNotHave() {
        Player ann = join("ann", 20);

        long tooMany = world.drop(ann, 1, 11, 0);
        long none = world.drop(ann, 3, 1, 0);
        world.step();

        assertThat(ann.outcome(tooMany)).isEqualTo(ItemOutcome.MISSING);
        assertThat(ann.outcome(none)).isEqualTo(ItemOutcome.MISSING);
        assertThat(ann.items()).isEqualTo(STARTING);
    }

    @Test
    void aRequestThatComesAgainIsNotDoneAgain() {
        Player ann = join("ann", 20);
        ToServer.DropItem drop = new ToServer.DropItem(1, 1, 4, 0, 0, 0);

        east.accept(new RegionInput.Handle(ann.session, drop));
        east.accept(new RegionInput.Handle(ann.session, drop));
        world.step();
        world.move(EAST);
        world.steps(2);
        world.engine(EAST).accept(new RegionInput.Handle(ann.session, drop));
        world.step();

        assertThat(ann.received(ToClient.ItemResult.class))
                .extracting(ToClient.ItemResult::outcome)
                .containsExactly(ItemOutcome.DONE, ItemOutcome.REPEATED, ItemOutcome.REPEATED);
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:6,2:5"));
        assertThat(ann.received(ToClient.Inventory.class).getLast().lastRequest())
                .isOne();
    }

    @Test
    void ofTwoWhoPickUpTheSameTheFirstGetsItAndTheOtherIsTold() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 22);
        world.drop(ann, 2, 5, 0);
        world.steps(2);
        long item = lying(EAST).id();

        long bobs = world.pickUp(bob, item);
        long anns = world.pickUp(ann, item);
        world.step();

        assertThat(bob.outcome(bobs)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.outcome(anns)).isEqualTo(ItemOutcome.GONE);
        assertThat(bob.items()).isEqualTo(ItemCounts.parse("1:10,2:10"));
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:10"));
        assertThat(state(EAST).entities.count).isEqualTo(2);
    }

    @Test
    void whatIsTooFarOffOrNoItemIsNotPickedUp() {
        Player ann = join("ann", 20);
        Player bob = join("bob", 30);
        world.drop(ann, 2, 5, 0);
        world.steps(2);

        long far = world.pickUp(bob, lying(EAST).id());
        long none = world.pickUp(bob, ann.entity().packed());
        world.step();

        assertThat(bob.outcome(far)).isEqualTo(ItemOutcome.OUT_OF_REACH);
        assertThat(bob.outcome(none)).isEqualTo(ItemOutcome.GONE);
    }

    @Test
    void whatThereIsNoRoomForStaysWhereItIs() throws RegionStateException {
        Entity full = player("ann", ItemCounts.of(7, 36 * 99));
        Entity item = item(2, 1000);
        begin(full, item);
        Player ann = join("ann", 20);

        long request = world.pickUp(ann, item.id());
        world.step();

        assertThat(ann.outcome(request)).isEqualTo(ItemOutcome.FULL);
        assertThat(lying(EAST).id()).isEqualTo(item.id());
        assertThat(ann.items()).isEqualTo(ItemCounts.of(7, 36 * 99));
    }

    /** The region goes on with these and no others. */
    private void begin(Entity... entities) throws RegionStateException {
        RegionState state = new RegionState(world.settings(EAST), 1);
        for (Entity entity : entities) {
            state.add(entity, null, 0);
        }
        world.engines.put(EAST, RegionEngine.restore(state.settings, 1, StateCodec.write(state)));
        world.publishMap();
    }

    private static Entity player(String name, ItemCounts items) {
        return new Entity(
                EntityId.of(9, 1).packed(),
                0,
                EntityKind.PLAYER,
                20,
                1,
                20,
                0,
                0,
                0,
                0,
                0,
                true,
                name,
                name,
                Entity.Trait.of(null, new Belongings(items, 0)));
    }

    @Test
    void onlySoManyRequestsAreTakenOfOnePlayer() {
        Player ann = join("ann", 20);

        long last = 0;
        for (int i = 0; i < 10; i++) {
            last = world.drop(ann, 1, 1, 0);
        }
        world.step();

        assertThat(ann.outcome(last)).isEqualTo(ItemOutcome.RATE_LIMITED);
        assertThat(ann.items().countOf(1)).isBetween(1, 9);
    }

    @Test
    void whatNobodyTakesVanishesInTimeAndIsCounted() {
        Player ann = join("ann", 20);
        world.drop(ann, 1, 4, 0);
        world.steps(LIFETIME * TestWorld.TICK_RATE - 1);
        assertThat(east.stats().items()).isEqualTo(15);

        world.steps(2);

        assertThat(east.stats().items()).isEqualTo(11);
        assertThat(east.stats().itemsVanished()).isEqualTo(4);
    }

    /** Else somebody who comes and goes could fill a region with what it leaves, and nobody could join any more. */
    @Test
    void theNextToVanishMakeRoomWhereTooManyLie() throws RegionStateException {
        int most = RegionSettings.Limits.standard().maxEntities() / 4;
        Entity[] lying = new Entity[most + 3];
        for (int i = 0; i < lying.length; i++) {
            // The higher the number the sooner.
            lying[i] = item(i, 1_000_000 - i);
        }
        begin(lying);

        world.step();

        assertThat(state(EAST).entities.count).isEqualTo(most);
        assertThat(world.engine(EAST).entities())
                .contains(EntityId.of(9, most - 1L))
                .doesNotContain(EntityId.of(9, most), EntityId.of(9, most + 1L), EntityId.of(9, most + 2L));
        assertThat(world.engine(EAST).stats().itemsVanished()).isEqualTo(3);
    }

    private static Entity item(long counter, long until) {
        return new Entity(
                EntityId.of(9, counter).packed(),
                0,
                EntityKind.ITEM,
                20,
                1,
                20,
                0,
                0,
                0,
                0,
                0,
                true,
                "",
                "",
                new Entity.Trait(7, 1, until, 0, null));
    }

    @Test
    void whatAPlayerCarriesLiesThereWhenItLeavesForGood() {
        Player ann = join("ann", 20);

        east.accept(new RegionInput.Disconnected(ann.session, true));
        world.step();

        assertThat(state(EAST).entitiesById())
                .extracting(
                        entity -> entity.trait().type(),
                        entity -> entity.trait().amount())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(1, 10), org.assertj.core.groups.Tuple.tuple(2, 5));
        assertThat(east.stats().items()).isEqualTo(15);
        assertThat(east.stats().itemsVanished()).isZero();
    }

    @Test
    void whoLosesItsConnectionKeepsWhatItCarriesUntilItsTimeIsOver() {
        Player ann = join("ann", 20);
        world.drop(ann, 1, 4, 0);
        world.steps(2);
        east.accept(new RegionInput.Disconnected(ann.session, false));
        world.steps(5 * TestWorld.TICK_RATE);
        world.rejoin(ann);
        world.steps(2);
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:6,2:5"));

        east.accept(new RegionInput.Disconnected(ann.session, false));
        world.steps(31 * TestWorld.TICK_RATE);

        assertThat(east.stats().players()).isZero();
        assertThat(east.stats().items()).isEqualTo(11);
    }

    @Test
    void whatAPlayerCarriesCrossesTheBorderWithIt() {
        world.loss = 0.3;
        world.repeats = 0.3;
        Player ann = join("ann", 3);
        world.drop(ann, 1, 4, 0);
        world.step();

        for (int i = 0; i < 80; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }

        assertThat(ann.region).isEqualTo(WEST);
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:6,2:5"));
        assertThat(ann.received(ToClient.Inventory.class).getLast().lastRequest())
                .isOne();
        assertThat(world.engine(WEST).stats().items()).isEqualTo(11);
        assertThat(east.stats().itemsCreated()).isEqualTo(15);
        assertThat(world.engine(WEST).stats().itemsCreated()).isZero();
    }

    @Test
    void whatLiesBeyondTheBorderIsPickedUpAllTheSame() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", -1.5);
        world.drop(bob, 2, 5, 0);
        world.steps(5);
        long item = lying(WEST).id();
        world.loss = 0.5;
        world.repeats = 0.5;

        long request = world.pickUp(ann, item);
        world.steps(4 * TestWorld.TICK_RATE);

        assertThat(ann.outcome(request)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.items()).isEqualTo(ItemCounts.parse("1:10,2:10"));
        assertThat(east.stats().items()).isEqualTo(20);
        assertThat(world.engine(WEST).stats().items()).isEqualTo(10);
        assertThat(world.engine(WEST).stats().itemsUnderWay()).isZero();
    }

    @Test
    void whoIsSlowerBeyondTheBorderIsToldOnce() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", -1.5);
        world.drop(bob, 2, 5, 0);
        world.steps(5);
        long item = lying(WEST).id();

        long anns = world.pickUp(ann, item);
        long bobs = world.pickUp(bob, item);
        world.steps(TestWorld.TICK_RATE);

        assertThat(bob.outcome(bobs)).isEqualTo(ItemOutcome.DONE);
        assertThat(ann.outcome(anns)).isEqualTo(ItemOutcome.GONE);
    }

    @Test
    void whoAsksARegionThatIsFrozenIsToldAndGetsWhatComesLater() {
        Player ann = join("ann", 1.5);
        Player bob = join("bob", -1.5);
        world.drop(bob, 2, 5, 0);
        world.steps(5);
        long item = lying(WEST).id();
        world.engine(WEST).freeze();

        long request = world.pickUp(ann, item);
        world.steps(3 * TestWorld.TICK_RATE);

        assertThat(ann.outcome(request)).isEqualTo(ItemOutcome.NOT_NOW);
        assertThat(ann.items()).isEqualTo(STARTING);
    }

    @Test
    void aClientThatIsNotThereIsAnsweredNotNow() {
        Player ann = join("ann", 20);
        east.freeze();

        long request = world.drop(ann, 1, 1, 0);
        world.step();

        assertThat(ann.outcome(request)).isEqualTo(ItemOutcome.NOT_NOW);
    }

    @Test
    void beginsAgainWithATicketOfWhoWasForgotten() {
        Player ann = join("ann", 20);
        east.accept(new RegionInput.Join(
                77,
                EntityId.of(1, 77),
                "eve",
                "eve",
                Optional.of(new RegionInput.Claim(ann.entity(), 3, new Vec3(20, 1, 20)))));
        world.players.put(77L, new Player(77, "eve", EAST));

        world.step();

        assertThat(east.stats().itemsCreated()).isEqualTo(30);
    }
}
