package io.gamemesh.core.region;

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
}
