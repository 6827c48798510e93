package io.gamemesh.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Leaves out faults of a run for as long as an invariant is still violated, so that what is left can be read: halves first,
 * then ever smaller parts, as delta debugging does (Zeller and Hildebrandt, 2002). Which invariant is violated may change:
 * each is worth a look.
 */
final class Shrinker {

    private final Function<SimulationSettings, SimulationResult> run;
    private final int mostRuns;
    private int runs;

    /**
     * @param run has one run
     * @param mostRuns after which the smallest that was found has to do
     */
    Shrinker(Function<SimulationSettings, SimulationResult> run, int mostRuns) {
        this.run = run;
        this.mostRuns = mostRuns;
    }

    int runs() {
        return runs;
    }

    /** The run with the fewest faults that still violates something. */
    SimulationResult shrink(SimulationResult violated) {
        SimulationResult smallest = violated;
        List<Integer> left = new ArrayList<>(violated.injected());
        for (int part = Math.max(1, left.size() / 2); part >= 1 && runs < mostRuns; part /= 2) {
            boolean smaller = true;
            while (smaller && runs < mostRuns) {
                smaller = false;
                for (int from = 0; from < left.size() && runs < mostRuns; ) {
                    Set<Integer> some = Set.copyOf(left.subList(from, Math.min(from + part, left.size())));
                    runs++;
                    SimulationResult result = run.apply(smallest.settings().without(some));
                    if (result.violation() == null) {
                        from += part;
                    } else {
                        smallest = result;
                        left.removeAll(some);
                        smaller = true;
                    }
                }
            }
        }
        return smallest;
    }
}
