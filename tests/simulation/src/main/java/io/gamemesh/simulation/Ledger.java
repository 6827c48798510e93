package io.gamemesh.simulation;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.protocol.id.RegionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What players were told is done: it has to be there in the end, unless the region was lost with all that had it. */
final class Ledger {

    private record Place(int x, int y, int z) {}

    private record Entry(int block, String by) {}

    private final World world;
    private final Set<Place> reserved = new HashSet<>();
    private final Map<Place, Entry> acknowledged = new HashMap<>();
    private final Map<RegionId, Long> lostAt = new HashMap<>();
    private long excused;

    Ledger(World world) {
        this.world = world;
    }

    /** False if somebody has asked for that place before. */
    boolean reserve(int x, int y, int z) {
        return reserved.add(new Place(x, y, z));
    }

    /** What was asked for before its region began anew, and answered late, is gone with what there was then. */
    void acknowledged(int x, int y, int z, int block, Client by, long askedAt) {
        RegionId region = world.geometry().regionAt(x, y, z, 0);
        if (askedAt <= lostAt.getOrDefault(region, -1L)) {
            excused++;
            return;
        }
        acknowledged.put(new Place(x, y, z), new Entry(block, by.toString()));
        world.history.add("player " + by + " is told that " + x + "," + y + "," + z + " is done, in "
                + world.geometry().regionAt(x, y, z, 0));
    }

    void withdrawn(int x, int y, int z) {
        acknowledged.remove(new Place(x, y, z));
    }

    /** A region begins anew, and rightly so: whoever had it is gone. */
    void lost(RegionId region) {
        lostAt.put(region, world.now());
        int before = acknowledged.size();
        acknowledged.keySet().removeIf(place -> region.equals(regionOf(place)));
        excused += before - acknowledged.size();
    }

    private RegionId regionOf(Place place) {
        return world.geometry().regionAt(place.x(), place.y(), place.z(), 0);
    }

    void check(Function<RegionId, @Nullable RegionEngine> authorities) {
        acknowledged.forEach((place, entry) -> {
            RegionId region = regionOf(place);
            RegionEngine engine = authorities.apply(region);
            if (engine == null) {
                throw new InvariantViolation(region + ": nobody acts for it in the end");
            }
            int block = engine.block(place.x(), place.y(), place.z());
            if (block != entry.block()) {
                throw new InvariantViolation(region + ": " + place + " is block " + block + " in the end, but player "
                        + entry.by() + " was told that it is " + entry.block());
            }
        });
    }

    int size() {
        return acknowledged.size();
    }

    long excused() {
        return excused;
    }
}
