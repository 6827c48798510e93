package io.gamemesh.core.replication;

import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.agrona.collections.LongHashSet;

/**
 * Keeps what a region gives out until all have the entries that it rests on, and then lets it go in order. Snapshots are
 * not kept, since nothing that they show is promised, but for those of sessions whose joining is.
 */
final class HeldOutputs implements RegionSink {

    private record Held(long tick, RegionOutput output) {}

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    // Of those that are held.
    private final LongHashSet joining = new LongHashSet();
    private RegionSink out = output -> {};
    private long tick;
    private boolean holds;

    /** What comes now is of this tick; it is let through if nobody has to have it first. */
    void begin(long ofTick, boolean hold, RegionSink to) {
        tick = ofTick;
        holds = hold || !held.isEmpty();
        out = to;
    }

    @Override
    public void put(RegionOutput output) {
        if (!holds) {
            out.put(output);
            return;
        }
        if (output instanceof RegionOutput.Joined joined) {
            joining.add(joined.session());
        }
        held.add(new Held(tick, output));
    }

    @Override
    public void snapshot(long session, ByteBuffer datagram) {
        if (joining.isEmpty() || !joining.contains(session)) {
            out.snapshot(session, datagram);
            return;
        }
        // Nobody looks at it before the session has been told that it is in the region.
        ByteBuffer copy = ByteBuffer.allocate(datagram.remaining());
        copy.put(datagram.duplicate()).flip();
        held.add(new Held(tick, new RegionOutput.Snapshot(session, copy)));
    }

    @Override
    public void named(long session, long entity, int kind, String name) {
        if (holds) {
            RegionSink.super.named(session, entity, kind, name);
        } else {
            out.named(session, entity, kind, name);
        }
    }

    @Override
    public void located(long session, long entity, int hop, double x, double y, double z) {
        if (holds) {
            RegionSink.super.located(session, entity, hop, x, y, z);
        } else {
            out.located(session, entity, hop, x, y, z);
        }
    }

    void release(long upTo, RegionSink to) {
        for (Held first = held.peek(); first != null && first.tick <= upTo; first = held.peek()) {
            held.remove();
            if (first.output instanceof RegionOutput.Joined joined) {
                joining.remove(joined.session());
            }
            to.put(first.output);
        }
    }

    int size() {
        return held.size();
    }
}
