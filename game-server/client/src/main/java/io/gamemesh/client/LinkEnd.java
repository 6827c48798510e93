package io.gamemesh.client;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.CloseCode.Advice;
import java.util.Optional;

/**
 * How a connection ended.
 *
 * @param by who ended it
 * @param code the application error code, if one was said
 * @param reason for people
 */
record LinkEnd(By by, Optional<CloseCode> code, String reason) {

    enum By {
        /** The client closed it. */
        US,
        /** The server closed it. */
        SERVER,
        /** Nothing was heard in time, or the address could not be reached. */
        SILENCE,
        /** The server could not prove that it belongs to the mesh. */
        DISTRUST
    }

    Advice advice() {
        return switch (by) {
            case US -> Advice.STAY_AWAY;
            case SILENCE -> Advice.TRY_ANOTHER;
            case DISTRUST -> Advice.GIVE_UP;
            case SERVER -> code.map(CloseCode::advice).orElse(Advice.TRY_ANOTHER);
        };
    }

    @Override
    public String toString() {
        return code.map(c -> c + ": " + reason).orElse(reason);
    }
}
