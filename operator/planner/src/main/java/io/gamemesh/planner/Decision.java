package io.gamemesh.planner;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;

/** One thing to do with one region. */
public sealed interface Decision {

    /** The region that it is about. */
    RegionId region();

    /**
     * Let a server act for a vacant region.
     *
     * @param region the vacant region
     * @param server who is to act for it
     */
    record Start(RegionId region, ServerId server) implements Decision {}

    /**
     * Hand a region from one server to another.
     *
     * @param region the region
     * @param from who acts for it now
     * @param to who is to act for it
     * @param reason why
     */
    record Move(RegionId region, ServerId from, ServerId to, Reason reason) implements Decision {}

    /** Why a region is moved. */
    enum Reason {
        /** Its server is about to stop. */
        DRAIN("Drain"),
        /** A user asked for another server. */
        PINNED("Pinned"),
        /** Another server has less to do. */
        REBALANCE("Rebalance");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** One word in CamelCase, for a status. */
        public String word() {
            return word;
        }
    }
}
