package io.gamemesh.server.session;

/** A client that is not let in; the message is told to it and holds no secret. */
public final class IdentityException extends Exception {

    public IdentityException(String message) {
        super(message);
    }
}
