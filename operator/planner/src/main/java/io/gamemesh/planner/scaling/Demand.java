package io.gamemesh.planner.scaling;

import java.util.List;

/**
 * What the servers of a mesh have to do at some moment.
 *
 * @param ready ordinals of the servers that take regions and are to stay, in any order
 * @param more true if what these measure may not be all there is to do: another server may own regions
 * @param players connected to any server; 0 or more
 * @param cpu mean over the ready servers, a fraction of their limit
 * @param memory mean over the ready servers, a fraction of their limit
 * @param tickRate share of its ticks that the slowest region gets; 1 if none has been measured
 */
public record Demand(List<Integer> ready, boolean more, int players, double cpu, double memory, double tickRate) {

    /** Nobody plays, and nothing is known. */
    public static final Demand NONE = new Demand(List.of(), false, 0, 0, 0, 1);

    /** Copies the ordinals in ascending order. */
    public Demand {
        ready = ready.stream().sorted().toList();
    }
}
