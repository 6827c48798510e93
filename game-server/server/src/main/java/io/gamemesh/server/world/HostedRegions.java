package io.gamemesh.server.world;

import io.gamemesh.protocol.id.RegionId;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The regions whose engines run here. Changed by the authority's thread, read by any. */
public final class HostedRegions {
    private final ConcurrentMap<RegionId, HostedRegion> regions = new ConcurrentHashMap<>();

    /** The region's engine; null if it does not run here. */
    public @Nullable HostedRegion get(RegionId region) {
        return regions.get(region);
    }

    /** All of them, in no order. */
    public Collection<HostedRegion> all() {
        return Collections.unmodifiableCollection(regions.values());
    }

    public int size() {
        return regions.size();
    }

    /**
     * Adds a region.
     *
     * @throws IllegalStateException if the region is hosted already: two engines of one region must never be
     */
    public void add(HostedRegion region) {
        if (regions.putIfAbsent(region.id(), region) != null) {
            throw new IllegalStateException("region " + region.id() + " is hosted here already");
        }
    }

    public void remove(HostedRegion region) {
        regions.remove(region.id(), region);
    }
}
