package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.Set;

/**
 * What a process said last that it holds of a region.
 *
 * @param epoch at which it acts or acted
 * @param frozen true if it holds the state but does not act
 * @param offered epoch of the move that is under way if it is frozen, else of the last one that it gave up; 0 if there is none
 * @param configuration that it goes by; 0 if it has not said
 * @param inSync backups without whose grants it does not act
 * @param behind those of them that do not keep up
 */
record Holding(
        long epoch, boolean frozen, long offered, long configuration, Set<ServerId> inSync, Set<ServerId> behind) {

    Holding {
        inSync = Set.copyOf(inSync);
        behind = Set.copyOf(behind);
    }

    Holding(long epoch, boolean frozen) {
        this(epoch, frozen, 0, 0, Set.of(), Set.of());
    }

    /** True if it has given up the move that was offered at that epoch, and acts as before. */
    boolean gaveUp(long offeredEpoch) {
        return !frozen && offered == offeredEpoch;
    }

    boolean actsAt(long atEpoch) {
        return !frozen && epoch == atEpoch;
    }
}
