package io.gamemesh.simulation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run.
 *
 * @param settings of the run
 * @param violation what was broken; null if nothing was
 * @param history the end of what happened, to be read by people
 * @param traceHash of all that happened
 * @param virtualNanos how long it took in virtual time
 * @param steps events that were worked off
 * @param checks that the checker made
 * @param faults how often each was injected
 * @param injected numbers of the faults that were, in order
 * @param commands that coordinators sent, by kind
 * @param moves regions that changed their server alive
 * @param starts regions that were started
 * @param acknowledged edits that players were told are done, those of lost regions apart
 * @param declared processes that had to be declared dead by hand, since nobody saw them end
 */
public record SimulationResult(
        SimulationSettings settings,
        @Nullable String violation,
        String history,
        long traceHash,
        long virtualNanos,
        long steps,
        long checks,
        Map<Fault, Integer> faults,
        List<Integer> injected,
        Map<String, Integer> commands,
        long moves,
        long starts,
        long acknowledged,
        long declared) {}
