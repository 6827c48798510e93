package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import java.util.List;

/** What becomes of a parcel: all of it, or none. */
sealed interface Delivery {

    /**
     * The player is here and has room.
     *
     * @param row of the player's entity
     */
    record ToPlayer(int row) implements Delivery {}

    /**
     * It lies on the ground.
     *
     * @param items an entity for each stack
     */
    record OnGround(List<Entity> items) implements Delivery {}

    /**
     * It goes to another region, where the player is, or was.
     *
     * @param to which
     */
    record Onward(RegionId to) implements Delivery {}
}
