package io.gamemesh.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.sync.SyncWorld.Client;
import io.gamemesh.core.sync.SyncWorld.Mover;
import io.gamemesh.protocol.snapshot.SnapshotFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotsTest {

    private static final int PLENTY = 100_000;

    private static void assertSeesExactly(SyncWorld world, Client client, double tolerance) {
        for (Mover mover : world.movers) {
            if (mover == client.self) {
                continue;
            }
            double distance = mover.distance(client.self);
            if (distance < SyncWorld.VIEW - 1) {
                assertThat(client.error(mover))
                        .as("error of %d at %.1f m", mover.id, distance)
                        .isLessThan(tolerance);
            } else if (distance > SyncWorld.VIEW + 5) {
                assertThat(client.sees)
                        .as("far-off %d at %.1f m", mover.id, distance)
                        .doesNotContainKey(mover.id);
            }
        }
    }

    @Test
    void showsWhatIsNearWhereItIs() {
        SyncWorld world = new SyncWorld(1, PLENTY);
        for (int i = 0; i < 40; i++) {
            world.addMoverWithin(20);
        }
        Client client = world.addClient(world.movers.getFirst());

        world.run(10);

        for (int i = 0; i < 200; i++) {
            world.wander();
            world.step();
            for (Mover mover : world.movers) {
                if (mover != client.self && mover.distance(client.self) < 20) {
                    assertThat(client.error(mover)).isLessThan(0.015);
                }
            }
        }
    }

    @Test
    void showsBodiesWhereTheyAreAndTurnedAsTheyAre() {
        SyncWorld world = new SyncWorld(3, PLENTY);
        Client client = world.addClient(world.addMover(10, 65, 10));
        for (int i = 0; i < 40; i++) {
            world.addBodyWithin(15);
        }

        world.run(10);

        for (int i = 0; i < 300; i++) {
            world.run(1);
            for (Mover mover : world.movers) {
                if (mover.isBody && mover.distance(client.self) < 20) {
                    assertThat(client.error(mover)).isLessThan(0.009);
                    assertThat(client.rotationError(mover)).isLessThan(0.0009);
                }
            }
        }
    }

    @Property(tries = 60)
    void leadsToTheBodiesOfTheServerHoweverBadTheNetworkWas(
            @ForAll long seed,
            @ForAll @IntRange(max = 60) int lossPercent,
            @ForAll @IntRange(min = 1, max = 12) int delay) {
        SyncWorld world = new SyncWorld(seed, PLENTY);
        Client client = world.addClient(world.addMover(10, 65, 10));
        for (int i = 0; i < 30; i++) {
            world.addBodyWithin(15);
        }
        client.loss = lossPercent / 100.0;
        client.maxDelay = delay;
        world.run(100);

        client.loss = 0;
        client.maxDelay = 1;
        world.run(30);

        for (Mover mover : world.movers) {
            if (mover.isBody && mover.distance(client.self) < 20) {
                assertThat(client.error(mover)).isLessThan(0.009);
                assertThat(client.rotationError(mover)).isLessThan(0.0009);
            }
        }
    }

    @Test
    void tellsThePlayerOfItselfExactly() {
        SyncWorld world = new SyncWorld(2, PLENTY);
        Mover self = world.addMoverWithin(100);
        Client client = world.addClient(self);

        for (int i = 0; i < 200; i++) {
            world.wander();
            world.step();
            assertThat(client.decoder.selfPosition(0)).isEqualTo((int) ((Math.round(self.x * 1024) + 4) >> 3));
            assertThat(client.decoder.selfVelocity(0)).isEqualTo((int) Math.round(self.vx * 128));
            assertThat(client.decoder.selfVelocity(2)).isEqualTo((int) Math.round(self.vz * 128));
        }
    }

    /** Who crosses a border may be told of by neither side for some ticks. */
    @Property(tries = 60)
    void showsWhoComesBackAfterSomeTicks(
            @ForAll long seed,
            @ForAll @IntRange(max = 20) int lossPercent,
            @ForAll @IntRange(min = 1, max = 8) int away) {
        SyncWorld world = new SyncWorld(seed, PLENTY);
        for (int i = 0; i < 60; i++) {
            world.addMoverWithin(60);
        }
        Client client = world.addClient(world.movers.getFirst());
        client.loss = lossPercent / 100.0;
        world.run(40);

        for (int i = 0; i < 20; i++) {
            List<Mover> crossing = List.of(world.movers.remove(10), world.movers.remove(20), world.movers.remove(30));
            world.run(1 + (i + away) % 8);
            world.movers.addAll(crossing);
            world.run(i % 3);
        }
        client.loss = 0;
        world.run(60);

        assertThat(world.movers)
                .filteredOn(mover -> mover != client.self && mover.distance(client.self) < SyncWorld.VIEW - 1)
                .isNotEmpty()
                .allSatisfy(mover -> assertThat(client.sees).containsKey(mover.id));
    }

    /** Whatever the network does, once it is quiet the client has the server's state. */
    @Property(tries = 60)
    void leadsToTheServersStateWhateverWasLost(
            @ForAll long seed,
            @ForAll @IntRange(max = 60) int lossPercent,
            @ForAll @IntRange(min = 1, max = 12) int delay) {
        SyncWorld world = new SyncWorld(seed, PLENTY);
        for (int i = 0; i < 60; i++) {
            world.addMoverWithin(250);
        }
        for (int i = 0; i < 3; i++) {
            Client client = world.addClient(world.movers.get(i));
            client.loss = lossPercent / 100.0;
            client.maxDelay = delay;
        }
        for (int i = 0; i < 150; i++) {
            world.wander();
            if (i % 10 == 0) {
                world.movers.removeLast();
                world.addMoverWithin(250);
            }
            world.step();
        }

        for (Client client : world.clients) {
            client.loss = 0;
            client.maxDelay = 1;
        }
        world.halt();
        for (int i = 0; i < 80; i++) {
            world.step();
        }

        for (Client client : world.clients) {
            assertSeesExactly(world, client, 0.15);
        }
    }

    /**
     * What got lost is noticed, and nobody is taken to know what it does not: as soon as the network is quiet and everybody
     * goes straight on, a lost record's patience and some rounds later, every client is as right as its tiers tolerate.
     */
    @Property(tries = 60)
    void isRightSoonAfterEachTrouble(
            @ForAll long seed,
            @ForAll @IntRange(min = 20, max = 90) int tickRate,
            @ForAll @IntRange(max = 40) int lossPercent,
            @ForAll @IntRange(max = 6) int leastDelay,
            @ForAll @IntRange(min = 1, max = 10) int jitter,
            @ForAll boolean crowded) {
        SyncWorld world = new SyncWorld(seed, 20 * PLENTY, tickRate);
        Client client = world.addClient(world.addMoverWithin(10));
        for (int i = 0; i < 40; i++) {
            world.addMoverWithin(120);
        }
        // So many datagrams a tick, where not much is lost, that the oldest are forgotten before they are late.
        List<Mover> trembling = crowded
                ? Stream.generate(() -> world.addBodyWithin(40)).limit(500).toList()
                : List.of();
        world.run(tickRate);

        for (int trouble = 0; trouble < 6; trouble++) {
            client.loss = lossPercent / 100.0;
            client.leastDelay = leastDelay;
            client.maxDelay = jitter;
            for (int i = 0; i < 50; i++) {
                trembling.forEach(world::tremble);
                world.wander();
                world.step();
            }
            client.loss = 0;
            client.leastDelay = 0;
            client.maxDelay = 1;
            int slowest = Tier.ALL.getLast().period(tickRate);
            int enough = leastDelay + jitter + 6 + 2 * slowest;
            int quiet = 0;
            // A path that has lost so much may have too little room for long.
            for (int i = 0; i < 20 * tickRate && quiet < enough; i++) {
                world.walkOn();
                world.step();
                quiet = client.view.floor > 0 ? 0 : quiet + 1;
            }
            assertThat(quiet).as("ticks with room for all").isEqualTo(enough);
            assertThat(client.sees).isNotEmpty();
            for (Mover mover : world.movers) {
                // Who has just come near is seen at the next look round.
                if (mover != client.self && mover.distance(client.self) < SyncWorld.VIEW - 5) {
                    // Judged at its rounds alone, it may be off by that in both directions, and once more until the
                    // next.
                    double tolerated = client.tierOf(mover).tolerance() / 1024.0;
                    assertThat(client.error(mover))
                            .as("error of %d after trouble %d", mover.id, trouble)
                            .isLessThan(3 * tolerated + 0.01);
                }
            }
        }
    }

    /** Whoever is far off has rounds so far apart that a record of the tier before may be too old by the next. */
    @Test
    void isRightSoonWhereARecordIsTooOldForTheNextTier() {
        isRightSoonAfterEachTrouble(-377, 52, 5, 0, 7, true);
    }

    /** Where there was too little room nothing is forgotten that was put off. */
    @Property(tries = 30)
    void isRightSoonAfterTooMuchWasDue(
            @ForAll long seed,
            @ForAll @IntRange(min = 4_000, max = 10_000) int bytesPerSecond,
            @ForAll @IntRange(max = 20) int lossPercent) {
        SyncWorld world = new SyncWorld(seed, bytesPerSecond);
        for (int i = 0; i < 200; i++) {
            world.addMoverWithin(60);
        }
        Client client = world.addClient(world.movers.getFirst());
        client.loss = lossPercent / 100.0;
        int floor = 0;
        for (int i = 0; i < 10 * SyncWorld.TICK_RATE; i++) {
            world.movers.forEach(world::tremble);
            world.step();
            floor = Math.max(floor, client.view.floor);
        }

        assertThat(floor).as("how urgent was what found no room").isPositive();

        client.loss = 0;
        world.halt();
        // All of it once, in whole records, at the least bytes that a lossy path leaves, and until their rounds.
        int ticks = 200 * 15 * SyncWorld.TICK_RATE / Pace.LEAST_BYTES_PER_SECOND + 2 * Snapshots.PATIENT_PERIODS * 10;
        for (int i = 0; i < ticks; i++) {
            world.step();
        }

        assertSeesExactly(world, client, 0.26);
    }

    /** Whoever is told so rarely that what it has cannot be referred to any more is told whole records for ever. */
    @ParameterizedTest
    @ValueSource(ints = {20, 30, 60, 90, 255})
    void renewsWhatIsTooOldInTimeAtEveryTickRate(int tickRate) {
        SyncWorld world = new SyncWorld(6, PLENTY, tickRate);
        for (int i = 0; i < 60; i++) {
            // So far that most are never off by what is tolerated, and change tier now and then.
            Mover mover = world.addMover(30 + i, 60, 20);
            mover.vz = i % 3 * 0.2;
        }
        Client client = world.addClient(world.addMover(0, 60, 0));
        client.loss = 0.05;
        int first = 60;

        for (int i = 0; i < 12 * tickRate; i++) {
            if (i == tickRate) {
                first = client.whole;
            }
            world.walkOn();
            world.step();
        }

        assertThat(client.whole - first).isLessThan(3);
    }

    @Test
    void goesOnAfterAStallOfFiveSeconds() {
        SyncWorld world = new SyncWorld(3, PLENTY);
        for (int i = 0; i < 60; i++) {
            world.addMoverWithin(60);
        }
        Client client = world.addClient(world.movers.getFirst());
        world.run(40);

        client.loss = 1;
        world.run(5 * SyncWorld.TICK_RATE);
        client.loss = 0;
        world.run(2 * SyncWorld.TICK_RATE);

        assertSeesExactly(world, client, 0.6);
    }

    @Property(tries = 20)
    void goesOnWhereNothingWasSentForLong(@ForAll @IntRange(min = 1_900, max = 2_200) int ticks) {
        SyncWorld world = new SyncWorld(4, PLENTY);
        for (int i = 0; i < 30; i++) {
            world.addMoverWithin(20);
        }
        Client client = world.addClient(world.movers.getFirst());
        world.run(40);

        client.shown = false;
        world.run(ticks);
        client.shown = true;
        world.run(10);
        world.halt();
        // Who has changed tier waits for its new one's round, and that is told within a period.
        for (int i = 0; i < SyncWorld.TICK_RATE; i++) {
            world.step();
        }

        assertSeesExactly(world, client, 0.3);
    }

    @Test
    void aClientThatNeverAcknowledgesCostsLittle() {
        SyncWorld world = new SyncWorld(4, 16_000);
        for (int i = 0; i < 200; i++) {
            world.addMoverWithin(60);
        }
        Client client = world.addClient(world.movers.getFirst());
        client.acknowledges = false;

        runWithChurn(world, 20);
        client.bytes = 0;
        runWithChurn(world, 200);

        // Ten seconds; an eighth of what an honest client may have, and the header of each tick.
        assertThat(client.bytes).isLessThan(10 * 16_000 / 8 + 200 * 60);
        // Those that are there, and those that it was told of before it was silent for a second.
        assertThat(world.greatestNumber).isLessThan(200 + 1_500);
    }

    /** Every tick ten others are there. */
    private static void runWithChurn(SyncWorld world, int ticks) {
        for (int i = 0; i < ticks; i++) {
            world.movers.subList(1, 11).clear();
            for (int each = 0; each < 10; each++) {
                world.addMoverWithin(60);
            }
            world.wander();
            world.step();
        }
    }

    @Test
    void endsClientsThatNeverAcknowledgeThatSomethingIsGone() {
        SyncWorld world = new SyncWorld(7, PLENTY);
        for (int i = 0; i < 100; i++) {
            world.addMoverWithin(60);
        }
        Client silent = world.addClient(world.movers.getFirst());
        silent.acknowledges = false;
        Client choosy = world.addClient(world.movers.getFirst());
        choosy.acknowledgesGone = false;
        Client honest = world.addClient(world.movers.getFirst());

        runWithChurn(world, 9 * SyncWorld.TICK_RATE);
        List<Boolean> endedBefore = List.of(silent.ended, choosy.ended, honest.ended);
        runWithChurn(world, 5 * SyncWorld.TICK_RATE);
        List<Boolean> endedAfter = List.of(silent.ended, choosy.ended, honest.ended);
        int greatest = world.greatestNumber;
        runWithChurn(world, 60 * SyncWorld.TICK_RATE);

        assertThat(endedBefore).containsExactly(false, false, false);
        assertThat(endedAfter).containsExactly(true, true, false);
        assertThat(honest.ended).isFalse();
        assertThat(world.greatestNumber).isEqualTo(greatest);
    }

    @Test
    void keepsItsPaceOnAPathThatHasBecomeLonger() {
        int bytesPerSecond = 8_000;
        SyncWorld world = new SyncWorld(8, bytesPerSecond);
        for (int i = 0; i < 300; i++) {
            world.addMoverWithin(40);
        }
        Client client = world.addClient(world.movers.getFirst());
        tremble(world, 30);
        client.bytes = 0;
        tremble(world, 10);
        long before = client.bytes;

        client.leastDelay = 6;
        tremble(world, 60);
        client.bytes = 0;
        tremble(world, 10);

        assertThat(before).isGreaterThan(10L * bytesPerSecond * 3 / 4);
        assertThat(client.bytes).isGreaterThan(before * 3 / 4);
    }

    private static void tremble(SyncWorld world, int seconds) {
        for (int i = 0; i < seconds * SyncWorld.TICK_RATE; i++) {
            world.movers.forEach(world::tremble);
            world.step();
        }
    }

    @Test
    void tellsOfTheGreatestNumberAlone() {
        SyncWorld world = new SyncWorld(9, PLENTY);
        Mover self = world.addMover(0, 60, 0);
        for (int i = 0; i < SnapshotFormat.MAX_ENTITIES - 2; i++) {
            world.addMover(1_000 + i % 256 * 8, 60, 1_000 + i / 256 * 8);
        }
        Mover last = world.addMover(5, 60, 5);
        Client client = world.addClient(self);

        world.step();
        world.step();

        assertThat(world.scene.number(last.id)).isEqualTo(SnapshotFormat.MAX_ENTITIES - 1);
        assertThat(client.sees).containsOnlyKeys(last.id);
    }

    @Test
    void refusesTheAcknowledgementOfWhatWasNeverSent() {
        SyncWorld world = new SyncWorld(5, PLENTY);
        Client client = world.addClient(world.addMoverWithin(10));
        world.run(10);

        boolean future = world.snapshots.acknowledge(client.view, 0, client.view.sequence, 0);
        boolean past = world.snapshots.acknowledge(client.view, 0, client.view.sequence - 1, -1);
        boolean ofAnotherView = world.snapshots.acknowledge(client.view, 9, 20_000, -1);

        assertThat(List.of(future, past, ofAnotherView)).containsExactly(false, true, true);
    }

    @Property(tries = 20)
    void keepsToTheBudget(@ForAll long seed, @ForAll @IntRange(min = 2_000, max = 20_000) int bytesPerSecond) {
        SyncWorld world = new SyncWorld(seed, bytesPerSecond);
        for (int i = 0; i < 300; i++) {
            world.addMoverWithin(60);
        }
        Client client = world.addClient(world.movers.getFirst());
        int burst = 6 * bytesPerSecond / SyncWorld.TICK_RATE;

        world.run(200);

        // What went beyond in one tick is missing in the next: never more than what one number takes more than thought.
        assertThat(client.bytes).isLessThan(10L * bytesPerSecond + burst + 300);
    }

    @Property(tries = 20)
    void letsNobodyInSightGoUnseen(@ForAll long seed, @ForAll @IntRange(min = 4_000, max = 16_000) int bytesPerSecond) {
        SyncWorld world = new SyncWorld(seed, bytesPerSecond);
        for (int i = 0; i < 250; i++) {
            world.addMoverWithin(40);
        }
        Client client = world.addClient(world.movers.getFirst());
        world.run(15 * SyncWorld.TICK_RATE);
        // At most so many bits an update, with its number, and the header.
        int updatesATick = (bytesPerSecond / SyncWorld.TICK_RATE - 30) * 8 / 90;
        int slowest = Tier.ALL.getLast().period(SyncWorld.TICK_RATE);
        int bound = Snapshots.PATIENT_PERIODS * slowest + 250 / updatesATick + 2;

        for (int i = 0; i < 5 * SyncWorld.TICK_RATE; i++) {
            for (Mover mover : world.movers) {
                world.tremble(mover);
                mover.x += 0.2 * world.random.nextGaussian();
            }
            world.step();
        }

        for (Mover mover : world.movers) {
            if (mover != client.self && mover.distance(client.self) < SyncWorld.VIEW - 5) {
                assertThat(world.tick - client.toldTick.getOrDefault(mover.id, 0L))
                        .isLessThan(bound);
            }
        }
    }

    @Test
    void numbersAreNotUsedAgainBeforeAllHaveLetGo() {
        SyncWorld world = new SyncWorld(6, PLENTY);
        Client client = world.addClient(world.addMover(10, 60, 10));
        client.maxDelay = 6;
        client.loss = 0.3;
        for (int i = 0; i < 400; i++) {
            if (i % 3 == 0) {
                if (world.movers.size() > 5) {
                    world.movers.remove(1 + world.random.nextInt(world.movers.size() - 1));
                }
                world.addMover(10 + world.random.nextInt(20), 60, 10);
            }
            world.wander();
            world.step();
        }
        client.loss = 0;
        for (int i = 0; i < 60; i++) {
            world.step();
        }

        assertThat(client.sees.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        world.movers.stream().skip(1).map(mover -> mover.id).toList());
    }
}
