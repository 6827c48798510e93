package io.gamemesh.core.region;

/**
 * What happens so many times a second whatever the tick rate is: at a tick rate of 25, ten times a second is after two
 * and three ticks in turn, and never more than once a tick.
 *
 * @param tickRate ticks a second, 1 or more
 * @param rate times a second, 1 or more
 */
record Cadence(int tickRate, int rate) {

    /**
     * Whether it happens in a tick.
     *
     * @param tick 0 or more; whoever adds a number of its own to it is due at another time than others
     */
    boolean due(long tick) {
        return rate >= tickRate || (tick + 1) * rate / tickRate != tick * rate / tickRate;
    }
}
