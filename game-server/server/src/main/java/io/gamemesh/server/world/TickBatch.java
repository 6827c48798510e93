package io.gamemesh.server.world;

import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.protocol.id.RegionId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * What one tick of one region has for players. Filled by the thread that steps the region, then handed over to the
 * players' event loop, which owns the buffers from then on.
 */
public final class TickBatch {

    /** A snapshot's datagram for one session; whoever takes it releases the bytes. */
    public record Datagram(long session, ByteBuf bytes) {}

    private final RegionId region;
    private final List<RegionOutput> events = new ArrayList<>();
    private final List<Datagram> datagrams = new ArrayList<>();

    TickBatch(RegionId region) {
        this.region = region;
    }

    /** The region that has stepped. */
    public RegionId region() {
        return region;
    }

    /** All but snapshots and messages to peers, in order. */
    public List<RegionOutput> events() {
        return events;
    }

    /** The snapshots. */
    public List<Datagram> datagrams() {
        return datagrams;
    }

    boolean isEmpty() {
        return events.isEmpty() && datagrams.isEmpty();
    }

    /** Gives the snapshots up, which clients get over; returns how many there were. */
    public int dropDatagrams() {
        int dropped = datagrams.size();
        datagrams.forEach(datagram -> datagram.bytes().release());
        datagrams.clear();
        return dropped;
    }
}
