package io.gamemesh.planner.coordinator;

import java.util.List;

/**
 * {@code GameMesh.status.coordinator}: what has to outlive any leader and any region.
 *
 * @param term grows by one with each leader; 0 before the first
 * @param lastIncarnation the highest number given to a process; 0 before the first
 * @param epochFloor no lower than any epoch of a deleted region, so that one made anew does not use an epoch again
 * @param silent ascending, at most {@link #MAX_SILENT}: processes that regions wait for and that no leader hears of. A
 *     declaration that one is dead is believed only if it was made while it stood here
 */
public record CoordinatorStatus(long term, int lastIncarnation, long epochFloor, List<Integer> silent) {

    /** As many as a mesh may have servers; the others are listed when there is room again. */
    public static final int MAX_SILENT = 256;

    /** Of a mesh that was just created. */
    public static final CoordinatorStatus NEW = new CoordinatorStatus(0, 0, 0, List.of());

    /** Refuses negative numbers and too long a list. */
    public CoordinatorStatus {
        if (term < 0 || lastIncarnation < 0 || epochFloor < 0) {
            throw new IllegalArgumentException("coordinator status has term " + term + ", lastIncarnation "
                    + lastIncarnation + ", epochFloor " + epochFloor + ", expected all at least 0");
        }
        if (silent.size() > MAX_SILENT) {
            throw new IllegalArgumentException(
                    "coordinator status lists " + silent.size() + " silent processes, expected at most " + MAX_SILENT);
        }
        silent = silent.stream().sorted().distinct().toList();
    }
}
