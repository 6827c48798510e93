package io.gamemesh.planner;

import java.util.List;

/**
 * What to do now: at most one decision a region, the most urgent first.
 *
 * @param decisions in order of urgency
 */
public record Plan(List<Decision> decisions) {

    /** Copies the list. */
    public Plan {
        decisions = List.copyOf(decisions);
    }
}
