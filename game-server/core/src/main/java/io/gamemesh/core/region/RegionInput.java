package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ToServer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a region's engine is told between two steps, in order. A session is a number that the shell chooses for one
 * connection and never uses again; the engine knows nothing else about connections.
 */
public sealed interface RegionInput {

    /**
     * A client wants to play here. Answered in the next step by {@link RegionOutput.Joined}, {@link
     * RegionOutput.JoinElsewhere} or {@link RegionOutput.JoinRefused}.
     *
     * @param session the connection
     * @param fresh id for the player's entity if there is none to go on with; unused otherwise
     * @param playerId who it is, authenticated by the shell
     * @param name what others see
     * @param claim of a verified ticket: the entity that the player had; empty for a player who is new
     * @param view number of the connection's view of this region in snapshots, modulo 256: one more than the last one
     *     that it had
     * @param generates true if the client has the world's generator, and is to be told of edits alone
     */
    record Join(
            long session,
            EntityId fresh,
            String playerId,
            String name,
            Optional<Claim> claim,
            int view,
            boolean generates)
            implements RegionInput {

        /** On a connection that has not seen anything yet. */
        public Join(long session, EntityId fresh, String playerId, String name, Optional<Claim> claim) {
            this(session, fresh, playerId, name, claim, 0, false);
        }
    }

    /**
     * What a ticket says about where a player was.
     *
     * @param entity the player's entity then
     * @param hop its hop number then
     * @param position where it was, in world coordinates
     */
    record Claim(EntityId entity, int hop, Vec3 position) {}

    /**
     * The player of an entity that has crossed over from another region of the same server goes on playing on its
     * connection. Answered like {@link Join}.
     *
     * @param session the connection, the same as in the other region
     * @param entity the entity that has arrived
     * @param playerId whose it is
     * @param lastInput sequence number of the newest input that the other region has applied
     * @param sinceNanos when that was, on the clock of {@link RegionEngine#step}, which both regions share: for as many
     *     ticks as have passed since, what the client has sent meanwhile is done
     * @param view as of {@link Join}
     * @param generates as of {@link Join}
     */
    record Attach(
            long session,
            EntityId entity,
            String playerId,
            long lastInput,
            long sinceNanos,
            int view,
            boolean generates)
            implements RegionInput {}

    /** What a player does. Unknown sessions are ignored: the player may just have left. */
    record Move(long session, InputDatagram inputs) implements RegionInput {}

    /** A player wants blocks replaced. Answered by {@code EditResult}. */
    record Edit(long session, ToServer.Edit edit) implements RegionInput {}

    /** A player wants something done with items. Answered by {@code ItemResult}. */
    record Handle(long session, ToServer.ItemRequest request) implements RegionInput {}

    /**
     * A connection has ended.
     *
     * @param session the connection
     * @param goodbye true if the player left the world; false if it only lost its connection and may be back
     */
    record Disconnected(long session, boolean goodbye) implements RegionInput {}

    /**
     * The player of an entity has left the world and has no session in this region any more. If the entity has gone on to a
     * neighbour, or is about to, that is told.
     *
     * @param entity which may be nowhere near
     */
    record Goodbye(EntityId entity) implements RegionInput {}

    /**
     * A neighbour says something; the shell has checked who it is.
     *
     * @param receivedNanos when it came, on the clock of {@link RegionEngine#step}
     * @param follower of a player's entity that crosses over here: the session that goes on with it in the tick in which it
     *     arrives; empty if the shell has none yet, and attaches or joins one later
     */
    record FromPeer(PeerMessage message, OptionalLong receivedNanos, Optional<Follower> follower)
            implements RegionInput {

        /** Something that has just come, and that nobody waits for. */
        public FromPeer(PeerMessage message) {
            this(message, OptionalLong.empty(), Optional.empty());
        }
    }

    /**
     * A session whose player is about to arrive.
     *
     * @param session the connection
     * @param view as of {@link Join}, though it may be more than one more than the last
     * @param generates as of {@link Join}
     */
    record Follower(long session, int view, boolean generates) {}

    /** There is a newer leaf map. */
    record MapChanged(LeafMap map) implements RegionInput {}
}
