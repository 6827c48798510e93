package io.gamemesh.core.authority;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;

/** How this process stands to a region that it is a backup of. */
final class Copy {

    enum Phase {
        /** It follows the authority and grants it leases. */
        FOLLOWING,
        /** It is told to take over, and about to grant no more. */
        STOPPING,
        /** It grants nobody, and waits until what it has granted has run out. */
        WAITING
    }

    final RegionId region;
    Phase phase = Phase.FOLLOWING;
    // Of the authority that it follows.
    long epoch;
    boolean silent;
    // At which it is to act, and what it begins with then.
    long promotedTo;
    long configuration;
    boolean predecessorDead;
    long aloneAt;

    Copy(RegionId region) {
        this.region = region;
    }

    RegionReport report() {
        return RegionReport.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setState(RegionState.REGION_STATE_BACKUP)
                .setAuthoritySilent(silent)
                .build();
    }
}
