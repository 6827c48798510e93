package io.gamemesh.planner.coordinator;

/**
 * {@code GameMesh.status.coordinator}: what has to outlive any leader and any region.
 *
 * @param term grows by one with each leader; 0 before the first
 * @param lastIncarnation the highest number given to a process; 0 before the first
 * @param epochFloor no lower than any epoch of a deleted region, so that one made anew does not use an epoch again
 */
public record CoordinatorStatus(long term, int lastIncarnation, long epochFloor) {

    /** Of a mesh that was just created. */
    public static final CoordinatorStatus NEW = new CoordinatorStatus(0, 0, 0);

    /** Refuses negative numbers. */
    public CoordinatorStatus {
        if (term < 0 || lastIncarnation < 0 || epochFloor < 0) {
            throw new IllegalArgumentException("coordinator status has term " + term + ", lastIncarnation "
                    + lastIncarnation + ", epochFloor " + epochFloor + ", expected all at least 0");
        }
    }
}
