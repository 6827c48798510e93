package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;

/**
 * One player offers another an exchange. What it gives is out of its hands, and in nobody's, until the other has answered.
 *
 * @param trade names it
 * @param from entity of the player who offers
 * @param to entity of the one who may accept
 * @param request number of the first one's request, which is answered in the end
 * @param gives what the one gives
 * @param wants what the other is to give
 * @param place where the first one is
 */
record Offer(long trade, long from, long to, long request, ItemCounts gives, ItemCounts wants, Vec3 place)
        implements Consignment {

    /**
     * One that waits for its answer.
     *
     * @param offer what is offered
     * @param home the region that it has come from, or this one
     * @param until the tick at which it has waited for too long
     */
    record Held(Offer offer, RegionId home, long until) {}

    @Override
    public int total() {
        return gives.total();
    }

    /** What was wanted, for who has offered. */
    Parcel payment() {
        return new Parcel(from, request, ItemOutcome.DONE, wants, place, 0);
    }

    /** What was given, back to who has offered, and why. */
    Parcel returned(ItemOutcome why) {
        return new Parcel(from, request, why, gives, place, 0);
    }
}
