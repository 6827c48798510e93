package io.gamemesh.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    private static final int FAULTS = 24;

    @Test
    void leavesOutAllFaultsThatDoNotMatter() {
        Set<Integer> matter = Set.of(3, 17);
        Shrinker shrinker = new Shrinker(settings -> run(settings, matter), 200);

        SimulationResult smallest = shrinker.shrink(run(SimulationSettings.of(1), matter));

        assertThat(smallest.injected()).containsExactly(3, 17);
        assertThat(smallest.violation()).isNotNull();
    }

    @Test
    void stopsAfterSoManyRunsWithTheSmallestThatItHasFound() {
        Shrinker shrinker = new Shrinker(settings -> run(settings, Set.of(0)), 1);

        SimulationResult smallest = shrinker.shrink(run(SimulationSettings.of(1), Set.of(0)));

        assertThat(shrinker.runs()).isEqualTo(1);
        assertThat(smallest.violation()).isNotNull();
    }

    @Test
    void replaysWithoutTheFaultsThatAreLeftOut() {
        SimulationResult whole = Simulation.run(SimulationSettings.of(1));
        Set<Integer> first = Set.of(whole.injected().getFirst());

        SimulationResult fewer = Simulation.run(SimulationSettings.of(1).without(first));

        assertThat(fewer.injected())
                .isEqualTo(whole.injected().subList(1, whole.injected().size()));
    }

    /** Violates something as long as all of some faults are there. */
    private static SimulationResult run(SimulationSettings settings, Set<Integer> matter) {
        List<Integer> injected = IntStream.range(0, FAULTS)
                .boxed()
                .filter(fault -> !settings.without().contains(fault))
                .toList();
        String violation = injected.containsAll(matter) ? "violated" : null;
        return new SimulationResult(settings, violation, "", 0, 0, 0, 0, Map.of(), injected, Map.of(), 0, 0, 0, 0);
    }
}
