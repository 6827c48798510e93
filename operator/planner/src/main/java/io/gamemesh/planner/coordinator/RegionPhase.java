package io.gamemesh.planner.coordinator;

/** Where a region is in its life. */
public enum RegionPhase {
    /** Nobody acts for it yet. */
    PENDING,
    /** An authority is named and has not yet reported that it acts. */
    STARTING,
    /** A backup in sync is told to take over: it acts once nobody can act on what it has granted. */
    PROMOTING,
    /** Its authority acts. */
    ACTIVE,
    /**
     * Its authority hands it over to {@code next}, at the region's highest epoch; without a {@code next}, the move has
     * failed and the authority is told to go on at {@code epoch}.
     */
    MOVING,
    /** Its authority is known dead, or has let go of its state, and no server can take it. */
    LOST,
    /** It is being deleted: its authority is asked to give it up. */
    RELEASING
}
