package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.LocalPosition;
import io.gamemesh.protocol.wire.ToClient;
import java.nio.ByteBuffer;

/** What a region's engine wants done after a step, in order. */
public sealed interface RegionOutput {

    /**
     * The player is in the region; from now on the session gets snapshots.
     *
     * @param session the connection
     * @param playerId who it is
     * @param entity the player's entity
     * @param hop its hop number
     * @param rejoined true if the entity was there already
     * @param position where it is, relative to this region
     */
    record Joined(long session, String playerId, EntityId entity, int hop, boolean rejoined, LocalPosition position)
            implements RegionOutput {}

    /** The player's entity has moved on to another region: the client is to follow with the ticket it has. */
    record JoinElsewhere(long session, RegionId region) implements RegionOutput {}

    /** The player cannot play here. */
    record JoinRefused(long session, CloseCode code, String reason) implements RegionOutput {}

    /** A message for the session's reliable streams. */
    record Send(long session, ToClient message) implements RegionOutput {}

    /**
     * A snapshot's datagram for the session.
     *
     * @param session the connection
     * @param datagram between position and limit; to be copied or sent before returning, it is written over afterwards
     */
    record Snapshot(long session, ByteBuffer datagram) implements RegionOutput {}

    /** A message for the region that it names, on this server or another. May be lost: it is repeated where it matters. */
    record ToPeer(PeerMessage message) implements RegionOutput {}

    /**
     * Where a session's entity is: what to make its next ticket of. Comes right after {@link Joined}, then when the
     * entity has gone some way, at most once a second, and every few seconds at the least.
     */
    record Located(long session, EntityId entity, int hop, Vec3 position) implements RegionOutput {}

    /**
     * The session's entity has arrived in another region: this engine has let go of the session. The shell attaches it
     * there or redirects the client.
     *
     * @param session the connection
     * @param entity the entity
     * @param hop its hop number there
     * @param playerId whose it is
     * @param name what others see
     * @param position where it is, in world coordinates
     * @param lastInput sequence number of the newest input applied
     * @param sinceNanos when that was, on the clock of {@link RegionEngine#step}: the entity has been under way since
     * @param region where it is now
     */
    record Crossed(
            long session,
            EntityId entity,
            int hop,
            String playerId,
            String name,
            Vec3 position,
            long lastInput,
            long sinceNanos,
            RegionId region)
            implements RegionOutput {}

    /** The session shall be closed; this engine has let go of it. */
    record Close(long session, CloseCode code, String reason) implements RegionOutput {}
}
