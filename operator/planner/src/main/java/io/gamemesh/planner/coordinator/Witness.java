package io.gamemesh.planner.coordinator;

import org.jspecify.annotations.Nullable;

/** What one process has said of one region. */
final class Witness {

    /**
     * What a region began from.
     *
     * @param stored false if it was generated, or nobody has said otherwise
     * @param epoch of where what was stored ends
     * @param tick of that
     */
    record Origin(boolean stored, long epoch, long tick) {
        static final Origin GENERATED = new Origin(false, 0, 0);
    }

    private static final int MAX_DETAIL = 512;

    /** Of the region that it acts for, as it says. */
    Origin origin = Origin.GENERATED;

    /** The epoch at which it is to start the region and does not act yet; 0 if it has not said so. */
    long startingEpoch;

    /** Why it does not. */
    String startingDetail = "";

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

    /** It has not started the region yet. */
    void starts(long epoch, String why) {
        startingEpoch = epoch;
        startingDetail = why.substring(0, Math.min(why.length(), MAX_DETAIL));
    }

    void holds(Holding newHolding) {
        startingEpoch = 0;
        holding = newHolding;
        copyEpoch = 0;
    }

    /** What it says now replaces what it has said before, its promises apart. */
    void forget() {
        holding = null;
        startingEpoch = 0;
        copyEpoch = 0;
        authoritySilent = false;
    }

    void copies(long epoch, boolean silent) {
        copyEpoch = epoch;
        authoritySilent = silent;
        holding = null;
    }
}
