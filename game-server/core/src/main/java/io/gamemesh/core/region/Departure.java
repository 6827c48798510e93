package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import org.jspecify.annotations.Nullable;

/**
 * An entity that has left for another region and whose arrival is not yet known. It belongs to the other region from
 * the moment of leaving: this one keeps it only to repeat the message, and never takes it back.
 */
final class Departure {

    final RegionId to;
    final long crossing;
    // With the hop number that it has over there.
    final Entity entity;
    // Not part of the region's state.
    @Nullable Viewer viewer;
    /** Its player has left the world meanwhile. Not part of the region's state either. */
    boolean dismissed;

    long nextSendNanos = Long.MIN_VALUE;
    // When it left, or was first seen after the region had moved.
    long sinceNanos;

    Departure(RegionId to, long crossing, Entity entity, @Nullable Viewer viewer) {
        this.to = to;
        this.crossing = crossing;
        this.entity = entity;
        this.viewer = viewer;
    }
}
