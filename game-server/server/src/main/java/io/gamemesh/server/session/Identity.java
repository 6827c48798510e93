package io.gamemesh.server.session;

import io.gamemesh.protocol.wire.ToServer;

/** Says who a client is. Called on the players' event loop, so it neither blocks nor calls anyone. */
@FunctionalInterface
public interface Identity {

    /**
     * The player's id, stable across sessions.
     *
     * @param hello the client's
     * @param ticketed the player id of the ticket that came with it, empty without one
     * @throws IdentityException if the client is not who it says, or says nothing where it has to
     */
    String playerId(ToServer.Hello hello, String ticketed) throws IdentityException;
}
