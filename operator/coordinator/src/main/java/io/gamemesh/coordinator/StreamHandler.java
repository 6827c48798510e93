package io.gamemesh.coordinator;

import io.gamemesh.protocol.v1.ServerMessage;

/** What happens on a server's stream, in order. No call follows {@link #closed}. */
interface StreamHandler {

    /**
     * A server has opened a stream and is about to register.
     *
     * @param stream which
     */
    void opened(ServerStream stream);

    /**
     * A message has come; the first one of a stream is its Register, and no other is.
     *
     * @param stream  from where
     * @param message what
     * @param handled to be run once it has been dealt with: only then the next is read
     */
    void message(ServerStream stream, ServerMessage message, Runnable handled);

    /**
     * The stream has ended, whoever ended it.
     *
     * @param stream which
     */
    void closed(ServerStream stream);
}
