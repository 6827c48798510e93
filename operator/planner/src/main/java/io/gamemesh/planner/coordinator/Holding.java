package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.Set;

/**
 * What a process said last that it holds of a region.
 *
 * @param epoch at which it acts or acted
 * @param frozen true if it holds the state but does not act
 * @param configuration that it goes by; 0 if it has not said
 * @param inSync backups without whose grants it does not act
 * @param behind those of them that do not keep up
 */
record Holding(long epoch, boolean frozen, long configuration, Set<ServerId> inSync, Set<ServerId> behind) {

    Holding {
        inSync = Set.copyOf(inSync);
        behind = Set.copyOf(behind);
    }

    Holding(long epoch, boolean frozen) {
        this(epoch, frozen, 0, Set.of(), Set.of());
    }

    boolean actsAt(long atEpoch) {
        return !frozen && epoch == atEpoch;
    }
}
