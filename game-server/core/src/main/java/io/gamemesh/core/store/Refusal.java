package io.gamemesh.core.store;

import io.gamemesh.protocol.id.RegionId;
import org.jspecify.annotations.Nullable;

/** Why a store has not done what it was told, for certain, and would not do it if it were told again. */
public sealed interface Refusal {

    /** The region that it is about. */
    RegionId region();

    /** The epoch at which the store was told. */
    long epoch();

    /** For people: what was refused, what the store has, and what to do. */
    String message();

    /**
     * Somebody has claimed the region at this epoch or a newer one.
     *
     * @param storedEpoch the same or a higher one
     * @param holder who has claimed that, for people
     */
    record Superseded(RegionId region, long epoch, long storedEpoch, String holder) implements Refusal {
        @Override
        public String message() {
            return "region " + region + " at epoch " + epoch + ": the store has epoch " + storedEpoch + ", claimed by "
                    + holder + ". Act for it no more, or claim a higher epoch";
        }
    }

    /**
     * Nobody has claimed the region at this epoch.
     *
     * @param storedEpoch a lower one, 0 if there is none
     */
    record NotClaimed(RegionId region, long epoch, long storedEpoch) implements Refusal {
        @Override
        public String message() {
            return "region " + region + " at epoch " + epoch + ": the store has "
                    + (storedEpoch == 0 ? "no epoch" : "epoch " + storedEpoch) + ". Claim the region first";
        }
    }

    /**
     * The log would have a gap, or would be another history than the one that is stored.
     *
     * @param after what the log follows
     * @param stored where the store's log ends; null if nothing is stored
     */
    record NotContiguous(
            RegionId region,
            long epoch,
            LogPosition after,
            @Nullable LogPosition stored) implements Refusal {
        @Override
        public String message() {
            return "region " + region + " at epoch " + epoch + ": the log follows " + after + ", the store has "
                    + (stored == null ? "nothing" : "the log up to " + stored) + ". Store a snapshot first";
        }
    }
}
