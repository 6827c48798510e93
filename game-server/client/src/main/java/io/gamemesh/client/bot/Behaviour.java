package io.gamemesh.client.bot;

import io.gamemesh.client.Movement;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.TradeOffered;
import java.util.Optional;

/** What one bot decides, {@value #STEPS_A_SECOND} times a second. */
interface Behaviour {

    int STEPS_A_SECOND = 5;

    /** How to move until the next step. */
    Movement move(WorldView world);

    /** A block to replace now, if any. */
    default Optional<Edit> edit(WorldView world) {
        return Optional.empty();
    }

    /** Something to do with items now, if anything. */
    default Optional<Deal> deal(WorldView world) {
        return Optional.empty();
    }

    /** Whether to make an exchange that another player offers. */
    default boolean accepts(WorldView world, TradeOffered offer) {
        return false;
    }

    /** What to do with items. */
    sealed interface Deal {

        /** Throws some of an item: yaw in radians, speed in m/s. */
        record Drop(int item, int count, double yaw, double speed) implements Deal {}

        /** Takes an item that lies there. */
        record PickUp(long entityId) implements Deal {}

        /** Offers a player an exchange. */
        record Offer(long partner, ItemCounts gives, ItemCounts wants) implements Deal {}
    }

    /** World coordinates of a block and what shall be there. */
    record Edit(int x, int y, int z, int block) {}
}
