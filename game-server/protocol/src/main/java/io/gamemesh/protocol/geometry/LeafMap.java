package io.gamemesh.protocol.geometry;

import io.gamemesh.protocol.id.RegionId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All leaves of a world at one moment. Immutable, safe for any thread. The leaf at a position is found with one hash
 * probe per depth in use, so O(1) in the number of regions; nothing is allocated by a lookup but the id probed for.
 *
 * <p>Its age is (term, version): a map of a later term is newer, under one term the higher version is.
 */
public final class LeafMap {

    private final WorldGeometry geometry;
    private final long term;
    private final long version;
    private final Map<RegionId, Leaf> leaves;
    private final int depths;

    private LeafMap(WorldGeometry geometry, long term, long version, Map<RegionId, Leaf> leaves) {
        this.geometry = geometry;
        this.term = term;
        this.version = version;
        this.leaves = leaves;
        int used = 0;
        for (RegionId region : leaves.keySet()) {
            used |= 1 << region.depth();
        }
        this.depths = used;
    }

    /** The map before anything is known: term and version 0, no leaves. */
    public static LeafMap empty(WorldGeometry geometry) {
        return new LeafMap(geometry, 0, 0, Map.of());
    }

    /**
     * A map of these leaves.
     *
     * @throws IllegalArgumentException if a leaf lies outside the world, two are of the same region, or one lies within
     *     another
     */
    public static LeafMap of(WorldGeometry geometry, long term, long version, Collection<Leaf> leaves) {
        Map<RegionId, Leaf> byRegion = new LinkedHashMap<>(leaves.size() * 2);
        for (Leaf leaf : leaves) {
            if (byRegion.put(leaf.region(), leaf) != null) {
                throw new IllegalArgumentException("leaf map names region " + leaf.region() + " twice");
            }
        }
        return checked(geometry, term, version, byRegion);
    }

    private static LeafMap checked(WorldGeometry geometry, long term, long version, Map<RegionId, Leaf> leaves) {
        for (RegionId region : leaves.keySet()) {
            if (!geometry.contains(region)) {
                throw new IllegalArgumentException("leaf map names region " + region
                        + ", which lies outside the world or is deeper than " + geometry.maxDepth());
            }
            for (RegionId above = region; above.depth() > 0; ) {
                above = above.parent();
                if (leaves.containsKey(above)) {
                    throw new IllegalArgumentException(
                            "leaf map names region " + region + " and " + above + ", which contains it");
                }
            }
        }
        return new LeafMap(geometry, term, version, leaves);
    }

    /**
     * This map brought up to date by a message of the coordinator. What is older than this map changes nothing. An
     * address that the message lacks stays known while the same process acts for the leaf: a new leader learns
     * addresses one by one, as servers come back to it, and they go on talking to each other meanwhile.
     *
     * @param messageTerm the term of the leader that sent it
     * @param update all leaves, or those that changed
     * @throws IllegalArgumentException if a changed-only message is of a later term than the map it would change, or
     *     the result would not be a map of this world
     */
    public LeafMap updated(long messageTerm, io.gamemesh.protocol.v1.LeafMap update) {
        if (messageTerm < term || (messageTerm == term && update.getVersion() <= version)) {
            return this;
        }
        Map<RegionId, Leaf> next;
        if (update.getFull()) {
            next = new LinkedHashMap<>(update.getEntriesCount() * 2);
        } else if (messageTerm == term) {
            next = new LinkedHashMap<>(leaves);
        } else {
            throw new IllegalArgumentException("leaf map of term " + messageTerm
                    + " holds changes only, expected a full one since the map held is of term " + term);
        }
        for (long removed : update.getRemovedList()) {
            next.remove(new RegionId(removed));
        }
        for (var entry : update.getEntriesList()) {
            Leaf leaf = Leaf.of(entry).orAddressesOf(leaves.get(new RegionId(entry.getRegionId())));
            next.put(leaf.region(), leaf);
        }
        return checked(geometry, messageTerm, update.getVersion(), next);
    }

    /** The whole map as a message. */
    public io.gamemesh.protocol.v1.LeafMap toProto() {
        var message =
                io.gamemesh.protocol.v1.LeafMap.newBuilder().setVersion(version).setFull(true);
        for (Leaf leaf : leaves.values()) {
            message.addEntries(leaf.toProto());
        }
        return message.build();
    }

    /** The leaf that a position lies in; null where the world has none. */
    public @Nullable Leaf at(Vec3 position) {
        return at(position.x(), position.y(), position.z());
    }

    /** The leaf that a position lies in; null where the world has none. */
    public @Nullable Leaf at(double x, double y, double z) {
        if (!geometry.contains(x, y, z)) {
            return null;
        }
        for (int left = depths; left != 0; left &= left - 1) {
            Leaf leaf = leaves.get(geometry.regionAt(x, y, z, Integer.numberOfTrailingZeros(left)));
            if (leaf != null) {
                return leaf;
            }
        }
        return null;
    }

    /** The leaf of a region; null if the region is not a leaf of this world. */
    public @Nullable Leaf get(RegionId region) {
        return leaves.get(region);
    }

    /** All leaves, in the order in which they came. */
    public Collection<Leaf> leaves() {
        return Collections.unmodifiableCollection(leaves.values());
    }

    /** The leaves that share a face, an edge or a corner with a region, whatever their depth; without itself. */
    public List<Leaf> neighbours(RegionId region) {
        Map<RegionId, Leaf> found = new LinkedHashMap<>();
        Consumer<Leaf> add = leaf -> {
            if (!region.contains(leaf.region()) && !leaf.region().contains(region)) {
                found.put(leaf.region(), leaf);
            }
        };
        for (RegionId neighbour : geometry.neighbours(region)) {
            collect(neighbour, region, add);
        }
        return List.copyOf(found.values());
    }

    private void collect(RegionId place, RegionId touching, Consumer<Leaf> add) {
        for (RegionId above = place; ; above = above.parent()) {
            Leaf leaf = leaves.get(above);
            if (leaf != null) {
                add.accept(leaf);
                return;
            }
            if (above.depth() == 0) {
                break;
            }
        }
        boolean deeper = depths >>> (place.depth() + 1) != 0;
        if (deeper && place.depth() < geometry.maxDepth()) {
            Box near = geometry.bounds(touching);
            for (RegionId child : place.children()) {
                if (geometry.bounds(child).touches(near)) {
                    collect(child, touching, add);
                }
            }
        }
    }

    /** How the world is divided. */
    public WorldGeometry geometry() {
        return geometry;
    }

    /** The term of the leader whose map this is; 0 before any. */
    public long term() {
        return term;
    }

    /** Grows with each change under one term. */
    public long version() {
        return version;
    }

    /** The number of leaves. */
    public int size() {
        return leaves.size();
    }
}
