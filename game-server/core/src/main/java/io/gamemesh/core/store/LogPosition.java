package io.gamemesh.core.store;

/**
 * A place in the history of a region: the end of a tick, as the authority of an epoch has simulated it. Two histories that
 * have a position in common are the same up to there, for an epoch has one authority and that has one log.
 *
 * @param epoch 1 or more
 * @param tick 0 or more
 */
public record LogPosition(long epoch, long tick) {

    /** Refuses what no history has. */
    public LogPosition {
        if (epoch < 1 || tick < 0) {
            throw new IllegalArgumentException("log position is tick " + tick + " of epoch " + epoch
                    + ", expected a tick of 0 or more and an epoch of 1 or more");
        }
    }

    @Override
    public String toString() {
        return "tick " + tick + " of epoch " + epoch;
    }
}
