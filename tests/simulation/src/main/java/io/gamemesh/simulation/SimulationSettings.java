package io.gamemesh.simulation;

import java.util.Set;
import java.util.TreeSet;

/**
 * What one run is to be like: it begins, is disturbed, and is then given time to become as it should be. Of one in six, a
 * part of the time with faults is spent on the end of the mesh instead, once all is as it should be.
 *
 * @param seed everything that is left to chance comes from it
 * @param sabotage how the protocol is broken; not at all as a rule
 * @param faultSeconds virtual seconds with faults, 1 or more
 * @param quietSeconds virtual seconds that the mesh is given afterwards to become as it should be, 1 or more; if it is not by
 *     then, there is another minute
 * @param without numbers, from 0 on, of the faults of this seed that are left out; the others come when they would
 */
public record SimulationSettings(
        long seed, Sabotage sabotage, int faultSeconds, int quietSeconds, Set<Integer> without) {

    /** Virtual seconds before the first fault, in which servers start and players come. */
    static final int WARM_UP_SECONDS = 6;

    private static final int FAULT_SECONDS = 28;
    private static final int QUIET_SECONDS = 26;

    /** Refuses phases that are empty. */
    public SimulationSettings {
        if (faultSeconds < 1 || quietSeconds < 1) {
            throw new IllegalArgumentException("faults last " + faultSeconds + " s and the quiet afterwards "
                    + quietSeconds + " s, expected 1 or more of each");
        }
        without = Set.copyOf(without);
    }

    /** A minute in all, with all faults of the seed. */
    public static SimulationSettings of(long seed) {
        return broken(seed, Sabotage.NONE);
    }

    /** The same with the protocol broken on purpose. */
    public static SimulationSettings broken(long seed, Sabotage sabotage) {
        return new SimulationSettings(seed, sabotage, FAULT_SECONDS, QUIET_SECONDS, Set.of());
    }

    /** The same, with more faults left out. */
    SimulationSettings without(Set<Integer> more) {
        Set<Integer> all = new TreeSet<>(without);
        all.addAll(more);
        return new SimulationSettings(seed, sabotage, faultSeconds, quietSeconds, all);
    }
}
