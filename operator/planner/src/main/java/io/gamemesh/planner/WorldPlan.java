package io.gamemesh.planner;

import io.gamemesh.protocol.id.RegionId;
import java.util.List;
import java.util.Set;

/** Which regions a world is to have. */
public final class WorldPlan {

    private WorldPlan() {}

    /** The regions of a bounded world that are not there yet, in order; none in a world without bounds. */
    public static List<RegionId> missing(MeshSpec spec, Set<RegionId> existing) {
        return spec.geometry().roots().stream()
                .filter(region -> !existing.contains(region))
                .toList();
    }

    /**
     * Whether a region that a server asks for is to be created.
     *
     * @param existing number of regions that there are or soon will be
     */
    public static boolean mayGrow(MeshSpec spec, RegionId wanted, int existing) {
        return spec.geometry().bounds() == null
                && wanted.depth() == 0
                && spec.geometry().contains(wanted)
                && existing < spec.maxRegions();
    }
}
