package io.gamemesh.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dsimulation.seeds=N} runs more seeds, {@code -Dsimulation.seed=S} begins with another one. */
class SimulationTest {

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 100);

    @Test
    void keepsItsInvariantsWhateverGoesWrong() {
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        long virtualNanos = 0;
        long steps = 0;
        long checks = 0;
        long moves = 0;
        long starts = 0;
        long rejoins = 0;
        long declared = 0;
        long began = System.nanoTime();

        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            SimulationResult result = Simulation.run(SimulationSettings.of(seed));

            assertThat(result.violation())
                    .as(
                            "seed %d, replay with -Dsimulation.seed=%d -Dsimulation.seeds=1%n%s",
                            seed, seed, result.history())
                    .isNull();
            result.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
            virtualNanos += result.virtualNanos();
            steps += result.steps();
            checks += result.checks();
            moves += result.moves();
            starts += result.starts();
            rejoins += result.rejoins();
            declared += result.declared();
        }

        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "simulation: %d seeds, %.0f virtual seconds in %.1f s (%.0f virtual seconds a second), %d events, %d checks,"
                        + " %d starts, %d moves, %d rejoins, %d declared dead by hand%nfaults: %s%n",
                SEEDS,
                virtualNanos / 1e9,
                seconds,
                virtualNanos / 1e9 / seconds,
                steps,
                checks,
                starts,
                moves,
                rejoins,
                declared,
                faults);
        assertThat(moves).as("moves, without which nothing was tried").isPositive();
        if (SEEDS >= 100) {
            assertThat(faults.keySet()).containsExactlyInAnyOrder(Fault.values());
        }
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
    @EnumSource(value = Sabotage.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void noticesAProtocolThatIsBroken(Sabotage sabotage) {
        String violation = null;

        for (long seed = 1; seed <= 60 && violation == null; seed++) {
            violation =
                    Simulation.run(SimulationSettings.broken(seed, sabotage)).violation();
        }

        assertThat(violation).as("what %s leads to", sabotage).isNotNull();
        System.out.println(sabotage + " is noticed: " + violation);
    }
}
