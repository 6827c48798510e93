package io.gamemesh.planner.coordinator;

/**
 * What a process said last that it holds of a region.
 *
 * @param epoch at which it acts or acted
 * @param frozen true if it holds the state but does not act
 */
record Holding(long epoch, boolean frozen) {

    boolean actsAt(long atEpoch) {
        return !frozen && epoch == atEpoch;
    }
}
