package io.gamemesh.protocol.wire;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A message from a client on its control stream. {@link InputDatagram} goes beside it, as a QUIC datagram. */
public sealed interface ToServer {

    /** Where a client is, and so which address of a server it can reach. */
    enum Network {
        /** Outside the cluster: the address that the server advertises to players. */
        EXTERNAL,
        /** Inside the cluster: the pod's. */
        CLUSTER
    }

    /**
     * First message of a connection.
     *
     * @param version {@link Wire#VERSION}
     * @param capabilities bits of extensions that the client knows: of {@link Wire#CAPABILITIES}
     * @param network which addresses redirects shall name
     * @param name what others see, 1 to {@link Wire#MAX_PLAYER_NAME} bytes of UTF-8
     * @param token a JWT where the mesh asks for one
     * @param ticket from a {@link ToClient.Redirect} or the latest {@link ToClient.Ticket}
     * @param generators that the client has, 1 to {@link Wire#MAX_GENERATORS}; none without {@link Wire#GENERATOR}
     */
    record Hello(
            int version,
            long capabilities,
            Network network,
            String name,
            Optional<Bytes> token,
            Optional<Bytes> ticket,
            List<GeneratorVersion> generators)
            implements ToServer {

        /** @throws IllegalArgumentException if there are generators and no capability for them, or the other way round */
        public Hello {
            generators = List.copyOf(generators);
            boolean capable = (capabilities & Wire.GENERATOR) != 0;
            if (capable == generators.isEmpty()) {
                throw new IllegalArgumentException("capabilities are " + capabilities + " with " + generators.size()
                        + " generators, expected some if and only if there is bit " + Wire.GENERATOR);
            }
        }

        /** Of a client without generators. */
        public Hello(
                int version,
                long capabilities,
                Network network,
                String name,
                Optional<Bytes> token,
                Optional<Bytes> ticket) {
            this(version, capabilities, network, name, token, ticket, List.of());
        }
    }

    /**
     * What makes worlds.
     *
     * @param name 1 to 64 bytes of UTF-8
     * @param version another one if the same seed makes other blocks, 1 or more
     */
    record GeneratorVersion(String name, int version) {}

    /** Wants blocks replaced. Answered by {@link ToClient.EditResult} with the same number. */
    sealed interface Edit extends ToServer {

        /** Chosen by the client, 0 to 2^32 - 1. */
        long request();
    }

    /**
     * Wants a block replaced. Answered by one {@link ToClient.EditResult}.
     *
     * @param request chosen by the client, 0 to 2^32 - 1
     * @param x world coordinates of the block
     * @param y world coordinates of the block
     * @param z world coordinates of the block
     * @param block what shall be there, an index into {@link ToClient.Welcome#blocks()}
     */
    record BlockEdit(long request, int x, int y, int z, int block) implements Edit {}

    /**
     * Wants many blocks replaced at once, all by the same kind, or none. Answered by one {@link ToClient.EditResult}.
     *
     * @param request chosen by the client, 0 to 2^32 - 1
     * @param shape which blocks
     * @param replaced of those only the ones of this kind, an index into {@link ToClient.Welcome#blocks()}; empty for all
     * @param block what shall be there, an index into {@link ToClient.Welcome#blocks()}
     */
    record BulkEdit(long request, EditShape shape, OptionalInt replaced, int block) implements Edit {}

    /**
     * Wants the latest of the player's own edits taken back that has not been. Answered by one {@link ToClient.EditResult}.
     *
     * @param request chosen by the client, 0 to 2^32 - 1
     */
    record Undo(long request) implements Edit {}

    /**
     * Answered by {@link ToClient.Pong} with the same number.
     *
     * @param nonce any number; the client's own
     */
    record Ping(long nonce) implements ToServer {}

    /** The player leaves the world: the entity is removed at once instead of being kept for a rejoin. */
    record Goodbye() implements ToServer {}
}
