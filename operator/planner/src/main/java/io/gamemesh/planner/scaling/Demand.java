package io.gamemesh.planner.scaling;

/**
 * What the servers of a mesh have to do at some moment.
 *
 * @param ready servers that take regions and are to stay; 0 or more
 * @param players connected to any server; 0 or more
 * @param cpu mean over the ready servers, a fraction of their limit
 * @param memory mean over the ready servers, a fraction of their limit
 * @param tickRate share of its ticks that the slowest region gets; 1 if none has been measured
 */
public record Demand(int ready, int players, double cpu, double memory, double tickRate) {

    /** Nobody plays, and nothing is known. */
    public static final Demand NONE = new Demand(0, 0, 0, 0, 1);
}
