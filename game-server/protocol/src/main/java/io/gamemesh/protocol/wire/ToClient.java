package io.gamemesh.protocol.wire;

import java.util.List;
import java.util.Optional;

/** A stream message from a server. {@link SnapshotWriter Snapshots} go beside it, as QUIC datagrams. */
public sealed interface ToClient {

    /** What goes on the control stream. */
    sealed interface Control extends ToClient {}

    /** What goes on the terrain stream, in the order in which it happened. */
    sealed interface Terrain extends ToClient {}

    /**
     * Answer to {@link ToServer.Hello}: the player is in the world.
     *
     * @param version {@link Wire#VERSION}
     * @param capabilities those of the client's that the server has too
     * @param server the name of the server, for people
     * @param playerId stable across sessions of the same player
     * @param entityId the player's entity
     * @param rejoined true if the ticket led back to an entity that was still there
     * @param tickRate ticks a second, 1 to 255; also how often snapshots come
     * @param viewRadius how far away entities and terrain are sent, metres
     * @param seed of the world's generator
     * @param generator name of the world's generator
     * @param regionSize edge of a region of depth 0, metres
     * @param blocks kinds of block; the index is the block id
     * @param region where the player is
     * @param position where in it
     */
    record Welcome(
            int version,
            long capabilities,
            String server,
            String playerId,
            long entityId,
            boolean rejoined,
            int tickRate,
            int viewRadius,
            long seed,
            String generator,
            int regionSize,
            List<BlockType> blocks,
            long region,
            LocalPosition position)
            implements Control {}

    /**
     * A kind of block.
     *
     * @param name lower-case and unique
     * @param solid true if nothing walks through it
     */
    record BlockType(String name, boolean solid) {}

    /** Why a client shall go elsewhere. */
    enum RedirectReason {
        /** Another server acts for where the player joins. */
        ELSEWHERE,
        /** The player has walked over a border. */
        CROSSED,
        /** The region has moved to another server. */
        MOVED
    }

    /**
     * Connect to another server with this ticket, then leave this one.
     *
     * @param address {@code host:port}; an IPv6 host in brackets
     * @param ticket for the next {@link ToServer.Hello}
     * @param reason why
     */
    record Redirect(String address, Bytes ticket, RedirectReason reason) implements Control {}

    /**
     * A fresh ticket, to rejoin any server of the mesh with; the one before it is forgotten.
     *
     * @param ticket opaque to the client, and a secret
     */
    record Ticket(Bytes ticket) implements Control {}

    /**
     * Where the player's region goes on if this server falls silent; only to clients with {@link Wire#STANDBY}.
     *
     * @param address {@code host:port}; empty if there is none
     */
    record Standby(String address) implements Control {}

    /**
     * The player has crossed into another region of the same server.
     *
     * @param region its id
     */
    record RegionChanged(long region) implements Control {}

    /**
     * Sent once before or soon after an entity is first in a snapshot.
     *
     * @param entityId the entity
     * @param kind see {@link EntityKind}
     * @param name what to show; empty if it has none
     */
    record EntityInfo(long entityId, int kind, String name) implements Control {}

    /** What became of an edit. */
    enum EditOutcome {
        /** Done; it stays, unless {@link #CONFLICT} follows within half a second. */
        ACCEPTED,
        /** No such block id. */
        UNKNOWN_BLOCK,
        /** Too far from the player. */
        OUT_OF_REACH,
        /** Outside the world's bounds. */
        OUT_OF_WORLD,
        /** No server acts for that place right now, or another one does: ask again later. */
        NOT_NOW,
        /** An entity is in the way. */
        OCCUPIED,
        /** More edits than the server takes from one player. */
        RATE_LIMITED,
        /** Another player changed the same block up to 200 ms earlier, and that prevails: it is as they wanted it. */
        CONFLICT,
        /** The server takes no {@link ToServer.BulkEdit} from this player, or none of so many blocks. */
        NOT_ALLOWED,
        /** A part of a {@link ToServer.BulkEdit} lies in another region than the player is in. */
        BEYOND_BORDER,
        /** There is no edit that a {@link ToServer.Undo} could take back. */
        NOTHING_TO_UNDO
    }

    /**
     * Answer to a {@link ToServer.Edit}.
     *
     * @param request the edit's
     * @param outcome whether it was done
     */
    record EditResult(long request, EditOutcome outcome) implements Control {}

    /** About items; only where {@link Wire#ITEMS} is agreed. */
    sealed interface AboutItems extends Control {}

    /**
     * What the player carries now: after joining, after each change, and always before the {@link ItemResult} of what
     * has changed it.
     *
     * @param lastRequest the greatest number of the player's requests that have changed something, 0 if none has
     * @param items all of them
     */
    record Inventory(long lastRequest, ItemCounts items) implements AboutItems {}

    /** What became of a {@link ToServer.ItemRequest}. */
    enum ItemOutcome {
        /** It is so. */
        DONE,
        /** The player does not have what it wants to give. */
        MISSING,
        /** There is no such item, player or offer, or not any more: somebody else was faster. */
        GONE,
        /** Too far from the player. */
        OUT_OF_REACH,
        /** The player has no room for it. */
        FULL,
        /** No server acts for that place right now, or one of the two has other offers: ask again later. */
        NOT_NOW,
        /** More requests than the server takes from one player. */
        RATE_LIMITED,
        /** A request of this number, or of a later one, has been done before; what the player carries tells of it. */
        REPEATED,
        /** The other player does not want to. */
        DECLINED,
        /** The other player has not answered in time. */
        TIMED_OUT
    }

    /**
     * Answer to a {@link ToServer.ItemRequest}.
     *
     * @param request its number
     * @param outcome whether it was done
     */
    record ItemResult(long request, ItemOutcome outcome) implements AboutItems {}

    /**
     * What an item that lies there is: sent once before or soon after its entity is first in a snapshot.
     *
     * @param entityId the entity
     * @param item which
     * @param count how many, 1 or more
     */
    record ItemInfo(long entityId, int item, int count) implements AboutItems {}

    /**
     * Another player offers an exchange; may come again when the player has come to another server.
     *
     * @param trade names it in {@link ToServer.AnswerTrade}
     * @param from the other player's entity
     * @param gives what the player would get
     * @param wants what the player would give
     */
    record TradeOffered(long trade, long from, ItemCounts gives, ItemCounts wants) implements AboutItems {}

    /**
     * An offer cannot be answered any more.
     *
     * @param trade of {@link TradeOffered}
     */
    record TradeEnded(long trade) implements AboutItems {}

    /**
     * Answer to {@link ToServer.Ping}.
     *
     * @param nonce the ping's
     */
    record Pong(long nonce) implements Control {}

    /**
     * The server is about to close the connection with this code and reason.
     *
     * @param code number of a {@link CloseCode}; one that this version does not know means
     *     {@link CloseCode#INTERNAL_ERROR}
     * @param reason for people
     */
    record Disconnect(long code, String reason) implements Control {

        public Disconnect(CloseCode code, String reason) {
            this(code.code(), reason);
        }

        public Optional<CloseCode> known() {
            return CloseCode.of(code);
        }
    }

    /**
     * Keys for sealed datagrams, to a client that has {@link Wire#SEALED}. They replace the ones of the other phase.
     *
     * @param connectionId which packets are this connection's, 32 bits unsigned
     * @param phase of the keys: 0 the first time, then the other one each time
     * @param toServer what the client seals with
     * @param toClient what the server seals with
     */
    record SealedKeys(long connectionId, int phase, TrafficKey toServer, TrafficKey toClient) implements Control {}

    /**
     * The player comes near a region of another server: connect there {@link Wire#AHEAD ahead}, and stay connected for as long
     * as this is repeated. To a client that has {@link Wire#PREPARE}.
     *
     * @param address {@code host:port}; an IPv6 host in brackets
     * @param ticket for the {@link ToServer.Hello} there
     */
    record Prepare(String address, Bytes ticket) implements Control {}

    /**
     * All blocks of one section, 16 x 16 x 16.
     *
     * @param x section coordinates: block coordinates over 16, rounded down
     * @param y section coordinates
     * @param z section coordinates
     * @param blocks as a {@link io.gamemesh.protocol.terrain.SectionEncoder} codes them, whose decoder is what checks it
     */
    record Section(int x, int y, int z, Bytes blocks) implements Terrain {}

    /**
     * Sections that are as the world's generator makes them, to a client that has {@link Wire#GENERATOR}.
     *
     * @param sections which ones
     */
    record Untouched(SectionSet sections) implements Terrain {}

    /**
     * Sections that are out of sight: their changes are no longer sent.
     *
     * @param sections which ones
     */
    record SectionForget(SectionSet sections) implements Terrain {}

    /**
     * Blocks of a section that the client has were replaced.
     *
     * @param changes which of them, and by what
     */
    record BlocksChanged(BlockChanges changes) implements Terrain {}
}
