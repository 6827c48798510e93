package io.gamemesh.planner.coordinator;

/**
 * What of a region's state was lost when nobody was left who had it.
 *
 * @param extent how much
 * @param message for people: who died, and from what it went on; empty if nothing was lost
 */
public record StateLoss(Extent extent, String message) {

    /** How much was lost. */
    public enum Extent {
        /** Nothing, ever. */
        NONE,
        /** Nobody acts for the region yet, so it is not known what there is to go on from. */
        UNKNOWN,
        /** What came after what the store has. */
        SINCE_STORED,
        /** All of it: the region was generated anew. */
        ALL
    }

    /** Of a region whose state was never lost. */
    public static final StateLoss NONE = new StateLoss(Extent.NONE, "");

    /** Refuses a loss without a word, and a word without a loss. */
    public StateLoss {
        if ((extent == Extent.NONE) != message.isEmpty()) {
            throw new IllegalArgumentException(
                    "a loss of " + extent + " has the message '" + message + "', expected one if anything was lost");
        }
    }

    static StateLoss unknown(String why) {
        return new StateLoss(Extent.UNKNOWN, why);
    }

    /** What it has come to once the region acts again. */
    StateLoss resolved(Witness.Origin origin) {
        if (extent != Extent.UNKNOWN) {
            return this;
        }
        return origin.stored()
                ? new StateLoss(
                        Extent.SINCE_STORED,
                        message + ": it goes on from tick " + origin.tick() + " of epoch " + origin.epoch()
                                + ", the last that the store has, and what came after that is lost")
                : new StateLoss(Extent.ALL, message + ": nobody had its state, and it was generated anew");
    }

    /** True if nothing was lost. */
    public boolean isEmpty() {
        return extent == Extent.NONE;
    }

    @Override
    public String toString() {
        return extent + " " + message;
    }
}
