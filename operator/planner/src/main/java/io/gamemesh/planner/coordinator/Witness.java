package io.gamemesh.planner.coordinator;

import org.jspecify.annotations.Nullable;

/** What one process has said of one region. */
final class Witness {

    /** It will never act at this epoch or an older one. */
    long releasedUpTo = -1;

    @Nullable Holding holding;

    /** The epoch that it has a copy of; 0 if it has none. */
    long copyEpoch;

    /** The authority that it follows says nothing to it. */
    boolean authoritySilent;

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
        copyEpoch = 0;
    }

    /** What it says now replaces what it has said before, its promises apart. */
    void forget() {
        holding = null;
        copyEpoch = 0;
        authoritySilent = false;
    }

    void copies(long epoch, boolean silent) {
        copyEpoch = epoch;
        authoritySilent = silent;
        holding = null;
    }
}
