package io.gamemesh.planner.scaling;

import java.time.Duration;

/**
 * Between which bounds, and by which targets, the number of servers is chosen. Fractions are of the container's limit, or of
 * what its node has where there is none.
 *
 * @param maxServers never more; at least 1
 * @param playersPerServer mean number of players a server that is not to be passed; at least 1
 * @param cpu mean CPU use that is not to be passed, a fraction above 0
 * @param memory mean memory use that is not to be passed, a fraction above 0
 * @param tickRate share of its ticks that the slowest region has to get, a fraction above 0
 * @param upAfter how long more servers must have been needed before there are more; 0 or longer
 * @param downAfter how long fewer must have sufficed before there are fewer; 0 or longer
 */
public record ScalingTargets(
        int maxServers,
        int playersPerServer,
        double cpu,
        double memory,
        double tickRate,
        Duration upAfter,
        Duration downAfter) {

    /** Refuses numbers out of bounds. */
    public ScalingTargets {
        if (maxServers < 1 || playersPerServer < 1) {
            throw new IllegalArgumentException("maxServers is " + maxServers + " and playersPerServer "
                    + playersPerServer + ", expected at least 1 each");
        }
        if (!(cpu > 0 && memory > 0 && tickRate > 0)) {
            throw new IllegalArgumentException("targets of CPU, memory and tick rate are " + cpu + ", " + memory + ", "
                    + tickRate + ", expected fractions above 0");
        }
        if (upAfter.isNegative() || downAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "windows are " + upAfter + " and " + downAfter + ", expected neither to be negative");
        }
    }
}
