package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.id.RegionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a region is: what moves with it, and what an ordered log of changes would have to carry. Entities in and out,
 * edits and crossings change through the methods here and in no other way; only positions and the like change in the
 * columns themselves.
 */
final class RegionState {

    /** Crossings to one neighbour. */
    static final class Outbound {
        long lastCrossing;
        final TreeMap<Long, Departure> unanswered = new TreeMap<>();

        long oldestUnanswered() {
            return unanswered.isEmpty() ? lastCrossing + 1 : unanswered.firstKey();
        }
    }

    final RegionSettings settings;
    final Box bounds;
    final Terrain terrain;
    final Entities entities = new Entities();
    final TreeMap<RegionId, Outbound> outbound = new TreeMap<>();
    final TreeMap<RegionId, Arrivals> arrivals = new TreeMap<>();
    final Departed departed = new Departed();
    // The epoch at which this state began: moves keep it, being generated anew does not.
    final long lineage;
    long tick;

    private final Long2ObjectHashMap<Departure> departures = new Long2ObjectHashMap<>();

    RegionState(RegionSettings settings, long lineage) {
        this.settings = settings;
        this.lineage = lineage;
        this.bounds = settings.geometry().bounds(settings.region());
        this.terrain = new Terrain(
                settings.generator(),
                section(bounds.min().x()),
                section(bounds.min().y()),
                section(bounds.min().z()),
                settings.limits().cachedSections());
    }

    private static int section(double coordinate) {
        return (int) (coordinate / Section.EDGE);
    }

    int population() {
        return entities.count + departures.size();
    }

    int add(Entity entity, @Nullable Viewer viewer, long nowNanos) {
        return entities.add(entity, viewer, nowNanos);
    }

    void remove(int row) {
        entities.remove(row);
    }

    boolean edit(int x, int y, int z, short block) {
        return terrain.edit(x, y, z, block);
    }

    boolean owns(int blockX, int blockY, int blockZ) {
        return bounds.contains(blockX, blockY, blockZ);
    }

    /** The entity leaves for another region with a raised hop number, and is no longer simulated here. */
    Departure depart(int row, RegionId to) {
        Outbound link = outbound.computeIfAbsent(to, region -> new Outbound());
        Entity entity = entities.get(row);
        Departure departure =
                new Departure(to, ++link.lastCrossing, entity.withHop(entity.hop() + 1), entities.viewer[row]);
        restoreDeparture(link, departure);
        entities.remove(row);
        return departure;
    }

    void restoreDeparture(Outbound link, Departure departure) {
        link.unanswered.put(departure.crossing, departure);
        departures.put(departure.entity.id(), departure);
    }

    @Nullable Departure departure(long entityId) {
        return departures.get(entityId);
    }

    Iterable<Departure> departures() {
        return departures.values();
    }

    int departureCount() {
        return departures.size();
    }

    /** The entity is known to have arrived: all that is kept of it is where it went. */
    void settle(Departure departure) {
        departures.remove(departure.entity.id());
        departed.add(departure.entity.id(), new Departed.Trace(departure.to, departure.entity.hop()));
        Outbound link = outbound.get(departure.to);
        if (link != null) {
            link.unanswered.remove(departure.crossing);
        }
    }

    /** The entity arrives; its crossing is remembered. */
    int arrive(Arrivals from, long crossing, Entity entity, @Nullable Viewer viewer, long nowNanos) {
        from.add(crossing);
        departed.remove(entity.id());
        return entities.add(entity, viewer, nowNanos);
    }

    List<Entity> entitiesById() {
        List<Entity> sorted = new ArrayList<>(entities.count);
        for (int row = 0; row < entities.count; row++) {
            sorted.add(entities.get(row));
        }
        sorted.sort(Comparator.comparingLong(Entity::id));
        return sorted;
    }
}
