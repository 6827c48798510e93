package io.gamemesh.planner.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.planner.scaling.Scaling.Change;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class AutoscalerTest {

    private static final int FLOOR = 3;
    /** Seconds that a server may take to start. */
    private static final int START = 300;

    private static final ScalingTargets TARGETS =
            new ScalingTargets(6, 30, 0.7, 0.75, 0.97, Duration.ofSeconds(15), Duration.ofSeconds(60));

    /** An autoscaler with a clock. */
    private static final class World {
        private final Autoscaler autoscaler;
        private long now;
        private Scaling latest;

        World(int servers) {
            autoscaler = new Autoscaler(servers);
            latest = new Scaling(servers, null, null);
        }

        /** The last change, if there was one, while the demand stays the same for some seconds. */
        @Nullable Change hold(Demand demand, int seconds) {
            Change change = null;
            for (int second = 0; second < seconds; second++) {
                latest = autoscaler.choose(FLOOR, TARGETS, demand, now);
                change = latest.change() == null ? change : latest.change();
                now += Duration.ofSeconds(1).toNanos();
            }
            return change;
        }

        int servers() {
            return latest.servers();
        }
    }

    private static Demand players(int ready, int players) {
        return demand(ready, players, 0.3, 0.3, 1);
    }

    /** Of servers whose ordinals are the lowest, with nothing to do anywhere else. */
    private static Demand demand(int ready, int players, double cpu, double memory, double tickRate) {
        return new Demand(IntStream.range(0, ready).boxed().toList(), false, players, cpu, memory, tickRate);
    }

    @Example
    void addsAsManyServersAsThePlayersNeed() {
        World world = new World(3);
        world.hold(players(3, 20), 30);

        Change change = world.hold(players(3, 150), 17);

        assertThat(change).isNotNull();
        assertThat(change.from()).isEqualTo(3);
        assertThat(change.to()).isEqualTo(5);
        assertThat(change.cause()).contains("150 players, target 30 a server");
    }

    @Example
    void addsNothingForAPeakThatPasses() {
        World world = new World(3);
        world.hold(players(3, 20), 30);

        Change duringThePeak = world.hold(players(3, 150), 14);
        Change afterIt = world.hold(players(3, 20), 30);

        assertThat(duringThePeak).isNull();
        assertThat(afterIt).isNull();
    }

    @Example
    void removesServersOnlyWhenFewerHaveSufficedForTheWholeWindow() {
        World world = new World(5);
        world.hold(players(5, 150), 20);

        Change early = world.hold(players(5, 20), 59);
        Change late = world.hold(players(5, 20), 10);

        assertThat(early).isNull();
        assertThat(late).isNotNull();
        assertThat(late.to()).isEqualTo(3);
    }

    @Example
    void asksForOneMoreAtATimeOnAccountOfCpu() {
        World world = new World(3);

        Change first = world.hold(demand(3, 20, 3.0, 0.3, 1), 20);
        Change whileTheFourthStarts = world.hold(demand(3, 20, 3.0, 0.3, 1), 60);
        Change whenItIsThere = world.hold(demand(4, 20, 2.0, 0.3, 1), 20);

        assertThat(first).isNotNull();
        assertThat(first.to()).isEqualTo(4);
        assertThat(whileTheFourthStarts).isNull();
        assertThat(whenItIsThere).isNotNull();
        assertThat(whenItIsThere.to()).isEqualTo(5);
    }

    @Example
    void asksForOneMoreWhenARegionGetsTooFewTicks() {
        World world = new World(3);

        Change change = world.hold(demand(3, 20, 0.3, 0.3, 0.9), 20);

        assertThat(change).isNotNull();
        assertThat(change.to()).isEqualTo(4);
        assertThat(change.cause()).contains("tick rate 90 %, target 97 %");
    }

    @Example
    void removesAServerThoughARegionWasLateForAMoment() {
        World world = new World(5);
        world.hold(players(5, 20), 45);
        world.hold(demand(5, 20, 0.3, 0.3, 0.5), 14);

        Change change = world.hold(players(5, 20), 3);

        assertThat(change).isNotNull();
        assertThat(change.to()).isEqualTo(3);
    }

    @Example
    void removesNothingWhileARegionStaysLate() {
        World world = new World(6);
        world.hold(players(6, 20), 30);
        world.hold(demand(6, 20, 0.3, 0.3, 0.9), 20);

        Change early = world.hold(players(6, 20), 59);
        Change late = world.hold(players(6, 20), 10);

        assertThat(early).isNull();
        assertThat(late).isNotNull();
    }

    @Example
    void keepsAServerWhoseWorkTheOthersCouldNotTake() {
        World world = new World(4);

        Change change = world.hold(demand(4, 20, 0.6, 0.3, 1), 300);

        assertThat(change).isNull();
        assertThat(world.servers()).isEqualTo(4);
    }

    @Example
    void removesNothingWhileAServerMayStillBeStarting() {
        World world = new World(5);

        Change change = world.hold(players(4, 0), START + 59);

        assertThat(change).isNull();
    }

    @Example
    void givesUpServersThatDoNotCome() {
        World world = new World(3);
        world.hold(players(3, 180), 20);

        Change change = world.hold(players(4, 0), START + 61);

        assertThat(change).isNotNull();
        assertThat(change.from()).isEqualTo(6);
        assertThat(change.to()).isEqualTo(3);
    }

    @Example
    void keepsAsManyAsThoseThatAreThereNeedThoughOthersDoNotCome() {
        World world = new World(6);

        world.hold(demand(4, 0, 0.6, 0.3, 1), START + 120);

        assertThat(world.servers()).isEqualTo(4);
    }

    @Example
    void asksForNoMoreOnAccountOfLoadWhileOthersDoNotCome() {
        World world = new World(4);

        Change change = world.hold(demand(3, 0, 3.0, 0.3, 0.5), START + 300);

        assertThat(change).isNull();
    }

    @Example
    void waitsAnewForServersThatItHasAskedForSince() {
        World world = new World(4);
        world.hold(players(3, 0), START);
        world.hold(players(3, 180), 16);

        Change change = world.hold(players(3, 0), START);

        assertThat(world.servers()).isEqualTo(6);
        assertThat(change).isNull();
    }

    @Example
    void removesNothingWhileNoServerIsThere() {
        World world = new World(5);

        Change change = world.hold(players(0, 0), START + 300);

        assertThat(change).isNull();
    }

    @Example
    void removesNothingWhileAServerThatIsMissingMayOwnRegions() {
        World world = new World(5);

        Change change = world.hold(new Demand(List.of(0, 1, 2, 3), true, 0, 0.3, 0.3, 1), START + 300);

        assertThat(change).isNull();
    }

    @Example
    void keepsServersThatAreThereRatherThanSomeThatAreNot() {
        World world = new World(6);

        world.hold(new Demand(List.of(4, 3, 5), false, 0, 0.4, 0.3, 1), START + 120);

        assertThat(world.servers()).isEqualTo(5);
    }

    @Example
    void saysThatMoreAreNeededThanThereMayBe() {
        World world = new World(3);

        world.hold(players(3, 250), 30);

        assertThat(world.servers()).isEqualTo(6);
        assertThat(world.latest.limited()).isEqualTo("9 servers are needed, and spec.autoscaling.maxReplicas is 6");
    }

    @Example
    void followsTheFloorAtOnce() {
        Autoscaler autoscaler = new Autoscaler(3);

        Scaling scaling = autoscaler.choose(5, TARGETS, Demand.NONE, 0);

        assertThat(scaling.servers()).isEqualTo(5);
        assertThat(scaling.change()).isEqualTo(new Change(3, 5, "spec.servers.replicas, the floor, is 5"));
    }

    @Example
    void followsALowerCeilingAtOnce() {
        Autoscaler autoscaler = new Autoscaler(9);

        Scaling scaling = autoscaler.choose(FLOOR, TARGETS, players(9, 200), 0);

        assertThat(scaling.change()).isEqualTo(new Change(9, 6, "spec.autoscaling.maxReplicas is 6"));
    }

    @Example
    void doesAsItIsToldWithoutTargets() {
        Autoscaler autoscaler = new Autoscaler(3);

        Scaling scaling = autoscaler.exactly(4);

        assertThat(scaling.change()).isEqualTo(new Change(3, 4, "spec.servers.replicas is 4"));
        assertThat(autoscaler.exactly(4).change()).isNull();
    }

    @Example
    void aNewLeaderStartsFromWhatWasWantedAndWatchesAnew() {
        World before = new World(5);
        before.hold(players(5, 20), 59);
        World after = new World(5);

        Change change = after.hold(players(5, 20), 59);

        assertThat(change).isNull();
    }

    @Example
    void countsNothingForFiguresThatAreNone() {
        World world = new World(3);

        Change change = world.hold(demand(3, 20, Double.NaN, Double.NaN, Double.NaN), 100);

        assertThat(change).isNull();
    }

    @Provide
    Arbitrary<List<Demand>> demands() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.doubles().between(0, 4),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.doubles().between(0, 1.1))
                .as(AutoscalerTest::demand)
                .list()
                .ofMaxSize(100);
    }

    @Property
    void neverLeavesItsBounds(
            @ForAll("demands") List<Demand> demands, @ForAll @IntRange(min = 1, max = 9) int servers) {
        World world = new World(servers);

        for (Demand demand : demands) {
            world.hold(demand, 1);
            assertThat(world.servers()).isBetween(FLOOR, TARGETS.maxServers());
        }
    }

    @Property
    void comesToRestWhenTheDemandDoes(
            @ForAll("demands") List<Demand> before, @ForAll @IntRange(max = 400) int players) {
        World world = new World(3);
        for (Demand demand : before) {
            world.hold(demand, 5);
        }
        world.hold(players(8, players), 200);

        Change change = world.hold(players(8, players), 200);

        assertThat(change).isNull();
        assertThat(world.servers()).isGreaterThanOrEqualTo(Math.min(6, Math.ceilDiv(players, 30)));
    }
}
