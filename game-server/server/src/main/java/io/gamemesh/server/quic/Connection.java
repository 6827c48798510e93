package io.gamemesh.server.quic;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.server.metrics.PlayerTraffic;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * One client's connection, as sessions see it. Confined to the players' event loop. Nothing is on its way before
 * {@link #flush}.
 */
public interface Connection {

    /** What a connection tells; called on the players' event loop. */
    interface Listener {
        /** A whole message came on the control stream. */
        void message(ToServer message);

        /**
         * A datagram came. The buffer is only valid during the call.
         *
         * @throws io.gamemesh.protocol.wire.WireFormatException if it is none that a client may send
         */
        void datagram(ByteBuffer datagram);

        /** The connection is over, whoever closed it; told once and last. */
        void closed();
    }

    /** Appends to the control stream. */
    void send(ToClient.Control message);

    /** Appends to the terrain stream. */
    void send(ToClient.Terrain message);

    /** Hands the client keys for sealed datagrams; it is up to the client whether datagrams go so. */
    void offerSealed();

    /** Sends what is between position and limit as an unreliable datagram, sealed or over QUIC, or drops it if too many wait. */
    void sendDatagram(ByteBuffer datagram);

    /** Puts what was sent on its way. */
    void flush();

    /** What went to the client and came from it so far; to be read on the players' event loop. */
    PlayerTraffic traffic();

    /** Bytes on streams that the client has not yet taken. */
    long backlog();

    /** Counts the refusal under the code's name and closes with code and reason. */
    void refuse(CloseCode code, String reason);

    /**
     * Closes with code and reason, which nobody is to blame for. The connection is over at once; it is gone when the client
     * has closed it in turn, or after 250 ms.
     */
    void close(CloseCode code, String reason);

    /** Comes on the players' event loop when nothing is sent or awaited any more. */
    CompletableFuture<Void> gone();

    /** Where the client is, for logs. */
    String remote();
}
