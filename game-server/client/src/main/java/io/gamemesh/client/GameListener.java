package io.gamemesh.client;

import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;

/**
 * What happens to a client. Called on its event loop, one call at a time; must not block. Every method does nothing by
 * default.
 */
public interface GameListener {

    /** The player is in the world, for the first time. */
    default void joined(WorldView world) {}

    /** A snapshot of a new tick has begun to arrive: positions have changed. */
    default void snapshot(WorldView world) {}

    /**
     * A snapshot shows where an input has led that no snapshot has shown before: what the player wants has its effect.
     *
     * @param madeNanos when that input was made, by {@link System#nanoTime()}
     */
    default void inputDone(WorldView world, long madeNanos) {}

    /** A section was sent or taken back, or a block was replaced. */
    default void terrain(WorldView world, ToClient.Terrain change) {}

    /**
     * An edit that had been accepted is undone: another player had changed the same block just before. The terrain is told of
     * by itself.
     */
    default void editOverruled(WorldView world, int blockX, int blockY, int blockZ) {}

    /** What the player carries, see {@link WorldView#items()}, was told, mostly since it has changed. */
    default void itemsChanged(WorldView world) {}

    /**
     * Another player offers an exchange, see {@link GameClient#answerTrade}. Comes again for an offer that still waits when the
     * player has come to another server.
     */
    default void tradeOffered(WorldView world, ToClient.TradeOffered offer) {}

    /** An offer cannot be answered any more: it has waited for too long, or who made it cannot give it now. */
    default void tradeEnded(WorldView world, long trade) {}

    /** The player goes on at another server, having followed a redirect. */
    default void serverChanged(WorldView world, ServerAddress from, ServerAddress to, RedirectReason why) {}

    /** The connection is lost; the client looks for another server by itself. */
    default void connectionLost(String reason) {}

    /** The player goes on after the connection was lost. */
    default void rejoined(WorldView world, ServerAddress at) {}

    /** It is over; nothing comes after this. Not called if {@link GameClient.Builder#connect()} failed. */
    default void ended(GameClientException why) {}
}
