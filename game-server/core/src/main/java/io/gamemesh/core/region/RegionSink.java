package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.wire.ToClient;
import java.nio.ByteBuffer;

/** Takes what an engine gives out during a step, in order. */
@FunctionalInterface
public interface RegionSink {

    /** Takes one thing. */
    void put(RegionOutput output);

    /**
     * Takes a snapshot's datagram; most of what an engine gives out is these, so they can be had without an object
     * each.
     *
     * @param session the connection
     * @param datagram between position and limit; to be copied or sent before returning, it is written over afterwards
     */
    default void snapshot(long session, ByteBuffer datagram) {
        put(new RegionOutput.Snapshot(session, datagram));
    }

    /**
     * Takes a {@link ToClient.EntityInfo} for the session's reliable streams, without an object each.
     *
     * @param session the connection
     * @param entity packed id of what comes into its sight
     * @param kind see {@link io.gamemesh.protocol.wire.EntityKind}
     * @param name what to show above it
     */
    default void named(long session, long entity, int kind, String name) {
        put(new RegionOutput.Send(session, new ToClient.EntityInfo(entity, kind, name)));
    }

    /**
     * Takes a {@link RegionOutput.Located}, without an object each.
     *
     * @param session the connection
     * @param entity packed id of its entity
     * @param hop of the entity
     * @param x in world coordinates, metres
     * @param y as x
     * @param z as x
     */
    default void located(long session, long entity, int hop, double x, double y, double z) {
        put(new RegionOutput.Located(session, new EntityId(entity), hop, new Vec3(x, y, z)));
    }
}
