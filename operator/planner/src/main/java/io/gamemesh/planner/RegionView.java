package io.gamemesh.planner;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * A region as the planner sees it.
 *
 * @param id the region
 * @param pinnedTo name of the server that is to act for it; the planner's choice if null
 * @param server who acts for it, or will when what is under way is done; null exactly if it is vacant
 * @param leaving whom it is being moved away from; null unless it is moving
 * @param standing what can be done with it
 * @param cost what it costs its server, a fraction of one server; 0 or more
 * @param players in it
 */
public record RegionView(
        RegionId id,
        @Nullable String pinnedTo,
        @Nullable ServerId server,
        @Nullable ServerId leaving,
        Standing standing,
        double cost,
        int players) {

    /** What can be done with a region. */
    public enum Standing {
        /** Nobody acts for it, and somebody may. */
        VACANT,
        /** Its authority acts, and it may be moved for any reason. */
        SETTLED,
        /** Its authority acts; it was moved lately, so that only a drain or a pin moves it again. */
        RESTING,
        /** It is on its way from {@code leaving} to {@code server}. */
        MOVING,
        /** Something else is under way: it is left alone. */
        BUSY
    }

    /** Refuses a vacant region with a server and the reverse. */
    public RegionView {
        if ((server == null) != (standing == Standing.VACANT)) {
            throw new IllegalArgumentException("region " + id + " is " + standing + " with server " + server
                    + ", expected a server unless it is vacant");
        }
        if ((leaving != null) != (standing == Standing.MOVING)) {
            throw new IllegalArgumentException("region " + id + " is " + standing + " and leaves " + leaving
                    + ", expected a server to leave exactly if it is moving");
        }
        if (!(cost >= 0)) {
            throw new IllegalArgumentException("cost of region " + id + " is " + cost + ", expected at least 0");
        }
    }
}
