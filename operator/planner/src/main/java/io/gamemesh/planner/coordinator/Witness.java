package io.gamemesh.planner.coordinator;

import org.jspecify.annotations.Nullable;

/** What one process has said of one region. */
final class Witness {

    /** It will never act at this epoch or an older one. */
    long releasedUpTo = -1;

    @Nullable Holding holding;

    /** When it is to be told again to let go of what it should not hold. */
    long releaseAgainAt = Long.MIN_VALUE;

    void released(long epoch) {
        releasedUpTo = Math.max(releasedUpTo, epoch);
        if (holding != null && holding.epoch() <= epoch) {
            holding = null;
        }
    }

    void holds(Holding newHolding) {
        holding = newHolding;
    }
}
