package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where players' entities have gone that were here and are known to have arrived elsewhere, so that who comes with an old ticket
 * is led on and does not get a second body. Each is forgotten when it comes back, or when {@value #MAX} others have gone
 * since: the one that has been gone the longest makes room.
 */
final class Departed {

    static final int MAX = 4096;

    /**
     * Where an entity went.
     *
     * @param to the region
     * @param hop the entity's hop number there: who has a ticket of a lower one has not heard of it
     */
    record Trace(RegionId to, int hop) {}

    private final LinkedHashMap<Long, Trace> traces = new LinkedHashMap<>();

    void add(long entityId, Trace trace) {
        traces.remove(entityId);
        traces.put(entityId, trace);
        if (traces.size() > MAX) {
            traces.pollFirstEntry();
        }
    }

    void remove(long entityId) {
        traces.remove(entityId);
    }

    @Nullable Trace get(long entityId) {
        return traces.get(entityId);
    }

    int size() {
        return traces.size();
    }

    /** By entity, the one that has been gone the longest first. */
    Iterable<Map.Entry<Long, Trace>> oldestFirst() {
        return traces.entrySet();
    }
}
