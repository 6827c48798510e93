package io.gamemesh.simulation;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts entities where they really are: in the engines that act, whatever anybody believes. None may ever be in two, and none
 * that was there before anything went wrong may be gone in the end, unless its region was lost with all that had it.
 */
final class Census {

    /** Ticks; a region that is not acknowledged stands still after a lease, which is ten. */
    private static final int SURELY_REPLICATED = 15;

    /** When something was first seen in the region where it is. */
    private record Sighting(RegionId region, long tick) {}

    private final Set<Long> born = new HashSet<>();
    private final Map<Long, RegionId> counted = new HashMap<>();
    private final Map<Long, Sighting> seen = new HashMap<>();
    private final Map<Long, RegionId> lastSeen = new HashMap<>();
    private final Set<Long> excused = new TreeSet<>();
    private long counts;

    /** An entity of no player has come into the world. */
    void born(long id) {
        born.add(id);
    }

    /** Looks through the engines that act, one for each region. */
    void count(Iterable<RegionEngine> engines) {
        counts++;
        Map<Long, RegionId> where = new HashMap<>();
        for (RegionEngine engine : engines) {
            for (EntityId id : engine.entities()) {
                Sighting first = seen.get(id.packed());
                if (first == null || !first.region().equals(engine.region())) {
                    seen.put(id.packed(), new Sighting(engine.region(), engine.tick()));
                }
                RegionId other = where.put(id.packed(), engine.region());
                if (other != null) {
                    throw new InvariantViolation(other + ": entity " + id + " is there and in " + engine.region());
                }
            }
        }
        lastSeen.putAll(where);
    }

    /**
     * Those that are there now have to be there in the end, save those that only just came: a backup need not have the last
     * ticks.
     */
    void remember(Iterable<RegionEngine> engines) {
        for (RegionEngine engine : engines) {
            for (EntityId id : engine.entities()) {
                Sighting first = seen.get(id.packed());
                if (born.contains(id.packed())
                        && first != null
                        && first.region().equals(engine.region())
                        && engine.tick() - first.tick() >= SURELY_REPLICATED) {
                    counted.put(id.packed(), engine.region());
                }
            }
        }
    }

    /** A region begins anew, and rightly so: what was in it, or about to come or go, may be gone. */
    void lost(RegionId region, Iterable<RegionId> neighbours) {
        Set<RegionId> near = new HashSet<>();
        near.add(region);
        neighbours.forEach(near::add);
        lastSeen.forEach((id, where) -> {
            if (near.contains(where)) {
                excused.add(id);
            }
        });
    }

    void checkAtEnd(Iterable<RegionEngine> engines) {
        count(engines);
        Set<Long> there = new HashSet<>();
        for (RegionEngine engine : engines) {
            engine.entities().forEach(id -> there.add(id.packed()));
            // Creatures do not stand still for the count: one that crosses right now is where it has left.
            engine.departing().forEach(id -> there.add(id.packed()));
        }
        counted.forEach((id, began) -> {
            if (!there.contains(id) && !excused.contains(id)) {
                throw new InvariantViolation(lastSeen.getOrDefault(id, began) + ": entity " + new EntityId(id)
                        + " is nowhere in the end, and was last there");
            }
        });
    }

    int size() {
        return counted.size();
    }

    long counts() {
        return counts;
    }
}
