package io.gamemesh.core.replication;

import io.gamemesh.protocol.id.ServerId;
import java.util.List;

/**
 * How backups stand to a region, as its authority sees it: what the coordinator lists them by.
 *
 * @param configuration the number of the configuration that this is about
 * @param inSync without whose grants it does not act, in order
 * @param behind those of them that have not acknowledged for too long, in order
 */
public record Standing(long configuration, List<ServerId> inSync, List<ServerId> behind) {

    /** Keeps copies of the lists. */
    public Standing {
        inSync = List.copyOf(inSync);
        behind = List.copyOf(behind);
    }
}
