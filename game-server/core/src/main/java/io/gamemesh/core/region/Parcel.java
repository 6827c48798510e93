package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;

/**
 * Items for a player.
 *
 * @param to the player's entity
 * @param request of the player's, which this answers; 0 for none
 * @param outcome of that request
 * @param items what is in it, which may be nothing
 * @param place where the player was: if it is nowhere to be found, they are put on the ground near there
 * @param forwards how many regions have sent it on to where the player had gone, up to {@link #MAX_FORWARDS}
 */
record Parcel(long to, long request, ItemOutcome outcome, ItemCounts items, Vec3 place, int forwards)
        implements Consignment {

    /** One that has been sent on so often is not any more: where state was lost, traces may lead in a circle. */
    static final int MAX_FORWARDS = 16;

    @Override
    public int total() {
        return items.total();
    }

    Parcel forwarded() {
        return new Parcel(to, request, outcome, items, place, forwards + 1);
    }
}
