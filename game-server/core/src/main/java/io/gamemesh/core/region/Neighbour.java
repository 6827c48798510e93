package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.BlockEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A region that shares a border with this one: what is known of it, and what it has been told. */
final class Neighbour {

    static final long NO_BASELINE = -1;

    final RegionId region;
    final Box bounds;
    // Its blocks and what is within the overlap of them.
    final Box mirrored;
    // From its lowest corner to this region's, 1/128 m.
    final int offsetX;
    final int offsetY;
    final int offsetZ;
    final Ghosts ghosts = new Ghosts();

    boolean hasAuthority;
    long epoch;

    boolean ghostsSent;
    final List<BlockEdit> editsToSend = new ArrayList<>();
    long sentSequence;
    boolean resetWanted;
    long nextResetNanos = Long.MIN_VALUE;
    long nextHeartbeatNanos = Long.MIN_VALUE;

    long editsEpoch;
    long editsSequence = NO_BASELINE;
    // While a reset is under way: what it has not carried yet.
    @Nullable Set<Place> editsToForget;

    long nextRequestNanos = Long.MIN_VALUE;

    Neighbour(WorldGeometry geometry, Box own, RegionId region) {
        this.region = region;
        this.bounds = geometry.bounds(region);
        this.mirrored = bounds.grown(geometry.overlap());
        this.offsetX = WorldGeometry.toLocal(bounds.min().x(), own.min().x());
        this.offsetY = WorldGeometry.toLocal(bounds.min().y(), own.min().y());
        this.offsetZ = WorldGeometry.toLocal(bounds.min().z(), own.min().z());
    }

    /** Whether a position, in 1/128 m from this neighbour's lowest corner, is within it. */
    boolean contains(int x, int y, int z) {
        return bounds.contains(
                WorldGeometry.toWorld(x, bounds.min().x()),
                WorldGeometry.toWorld(y, bounds.min().y()),
                WorldGeometry.toWorld(z, bounds.min().z()));
    }

    void learn(Leaf leaf) {
        hasAuthority = leaf.authority() != null;
        raiseEpoch(leaf.epoch());
    }

    void raiseEpoch(long newer) {
        if (newer > epoch) {
            epoch = newer;
            // It begins to tell anew: hear of it soon.
            nextHeartbeatNanos = Long.MIN_VALUE;
            ghosts.hearAnew();
        }
    }
}
