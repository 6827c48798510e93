package io.gamemesh.client;

import io.gamemesh.protocol.wire.CloseCode;
import java.util.Optional;

/** A client is not in the world (any more), and why. */
public final class GameClientException extends RuntimeException {

    private final transient Optional<CloseCode> code;

    GameClientException(Optional<CloseCode> code, String message) {
        super(message);
        this.code = code;
    }

    /** What the server said; empty if none said anything. */
    public Optional<CloseCode> code() {
        return code;
    }
}
