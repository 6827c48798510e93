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
     * Wants something done with items; only where {@link Wire#ITEMS} is agreed. Answered by one {@link
     * ToClient.ItemResult} with the same number.
     */
    sealed interface ItemRequest extends ToServer {

        /**
         * Grows with each of a player's requests, in all its sessions: 1 to 2^32 - 1, more than {@link
         * ToClient.Inventory#lastRequest()}. One that comes again is not done again.
         */
        long request();
    }

    /**
     * Throws some of an item away; they lie there, for everybody to take.
     *
     * @param request as of {@link ItemRequest}
     * @param item which
     * @param count 1 to {@link ItemCounts#MAX_STACK}
     * @param yaw where to, 1/65536 turns, 0 to 65535
     * @param pitch 1/65536 turns, -16384 to 16384
     * @param speed 1/128 m/s, 0 to {@link Wire#MAX_THROW}
     */
    record DropItem(long request, int item, int count, int yaw, int pitch, int speed) implements ItemRequest {

        /** @throws IllegalArgumentException if one of them is out of bounds */
        public DropItem {
            if (item >>> 16 != 0 || yaw >>> 16 != 0) {
                throw new IllegalArgumentException(
                        "item " + item + " is thrown with yaw " + yaw + ", expected 16 bits of both");
            }
            if (count < 1
                    || count > ItemCounts.MAX_STACK
                    || Math.abs(pitch) > Wire.MAX_PITCH
                    || speed < 0
                    || speed > Wire.MAX_THROW) {
                throw new IllegalArgumentException(count + " items are thrown with pitch " + pitch + " and speed "
                        + speed + ", expected 1 to " + ItemCounts.MAX_STACK + ", at most " + Wire.MAX_PITCH
                        + " either way, and 0 to " + Wire.MAX_THROW);
            }
        }
    }

    /**
     * Takes what lies within reach.
     *
     * @param request as of {@link ItemRequest}
     * @param entityId the item's entity
     */
    record PickUpItem(long request, long entityId) implements ItemRequest {}

    /**
     * Offers another player an exchange. Answered when it has come to an end: until then what is offered is out of the
     * player's hands, and the other one may accept.
     *
     * @param request as of {@link ItemRequest}
     * @param partner the other player's entity
     * @param gives what the player offers
     * @param wants what it asks for; not nothing for nothing
     */
    record OfferTrade(long request, long partner, ItemCounts gives, ItemCounts wants) implements ItemRequest {

        /** @throws IllegalArgumentException if it is nothing for nothing */
        public OfferTrade {
            if (gives.isEmpty() && wants.isEmpty()) {
                throw new IllegalArgumentException("nothing is offered for nothing, expected some items");
            }
        }
    }

    /**
     * Answers an offer.
     *
     * @param request as of {@link ItemRequest}
     * @param trade of {@link ToClient.TradeOffered}
     * @param accepts whether the exchange shall be made
     */
    record AnswerTrade(long request, long trade, boolean accepts) implements ItemRequest {}

    /**
     * Answered by {@link ToClient.Pong} with the same number.
     *
     * @param nonce any number; the client's own
     */
    record Ping(long nonce) implements ToServer {}

    /** The player leaves the world: the entity is removed at once instead of being kept for a rejoin. */
    record Goodbye() implements ToServer {}
}
