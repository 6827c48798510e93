package io.gamemesh.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dsimulation.seeds=N} runs more seeds, {@code -Dsimulation.seed=S} begins with another one. */
class SimulationTest {

    /** Seeds by which a broken protocol is noticed: of the rarest, one in some 170 does harm. */
    private static final long ENOUGH = 1000;

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int SHRINKING_RUNS = 100;

    @Test
    void keepsItsInvariantsWhateverGoesWrong() throws InterruptedException {
        long began = System.nanoTime();

        Collection<SimulationResult> results = Seeds.run(FIRST, SEEDS, true, THREADS, SimulationSettings::of);

        for (SimulationResult result : results) {
            if (result.violation() != null) {
                SimulationResult smallest = new Shrinker(Simulation::run, SHRINKING_RUNS).shrink(result);
                assertThat(result.violation())
                        .as(
                                "seed %d, replay with ./mesh sim --seeds 1 --from %d%nwith %d of %d faults: %s%n%s",
                                result.settings().seed(),
                                result.settings().seed(),
                                smallest.injected().size(),
                                result.injected().size(),
                                smallest.violation(),
                                smallest.history())
                        .isNull();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double virtualSeconds = sum(results, SimulationResult::virtualNanos) / 1e9;
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        results.forEach(result -> result.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum)));
        System.out.printf(
                Locale.ROOT,
                "simulation: %d seeds, %.0f virtual seconds in %.1f s (%.0f virtual seconds a second), %d events, %d checks,"
                        + " %d starts, %d moves, %d acknowledged edits, %d declared dead by hand%nfaults: %s%n",
                SEEDS,
                virtualSeconds,
                seconds,
                virtualSeconds / seconds,
                sum(results, SimulationResult::steps),
                sum(results, SimulationResult::checks),
                sum(results, SimulationResult::starts),
                sum(results, SimulationResult::moves),
                sum(results, SimulationResult::acknowledged),
                sum(results, SimulationResult::declared),
                faults);
        assertThat(sum(results, SimulationResult::moves))
                .as("moves, without which nothing was tried")
                .isPositive();
        if (SEEDS >= 100) {
            assertThat(faults.keySet()).containsExactlyInAnyOrder(Fault.values());
        }
    }

    private static long sum(Collection<SimulationResult> results, ToLongFunction<SimulationResult> what) {
        return results.stream().mapToLong(what).sum();
    }

    @Test
    void replaysExactlyFromItsSeed() {
        SimulationSettings settings = SimulationSettings.of(FIRST);

        SimulationResult first = Simulation.run(settings);
        SimulationResult second = Simulation.run(settings);

        assertThat(second.traceHash()).isEqualTo(first.traceHash());
        assertThat(second.steps()).isEqualTo(first.steps());
        assertThat(Simulation.run(SimulationSettings.of(FIRST + 1)).traceHash()).isNotEqualTo(first.traceHash());
    }

    @ParameterizedTest
    @EnumSource(
            value = Sabotage.class,
            mode = EnumSource.Mode.EXCLUDE,
            // Other rules make up for the last two: docs/authority.md says which.
            names = {"NONE", "NO_FENCING", "LOWER_TERM_HEEDED"})
    void noticesAProtocolThatIsBroken(Sabotage sabotage) throws InterruptedException {
        Collection<SimulationResult> results =
                Seeds.run(1, ENOUGH, true, THREADS, seed -> SimulationSettings.broken(seed, sabotage));

        assertThat(results)
                .as("what %s leads to", sabotage)
                .extracting(SimulationResult::violation)
                .anyMatch(Objects::nonNull);
    }
}
