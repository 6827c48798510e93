package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.LoadScore;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.RegionLoad;

/** What heartbeats say of a region's load: smoothed for the planner, and in the status when it has moved enough. */
final class RegionFigures {

    /** Weight of one heartbeat in the load of a region that the planner sees. */
    private static final double SMOOTHING = 0.2;

    private static final double NANOS_PER_SECOND = 1e9;

    private final CoordinatorSettings settings;

    RegionFigures(CoordinatorSettings settings) {
        this.settings = settings;
    }

    /** Takes in what a heartbeat says of a region. */
    static void measure(
            TrackedRegion region, MeshSpec spec, Member member, io.gamemesh.protocol.v1.RegionLoad said, long now) {
        region.load = new RegionLoad(
                Figures.players(said.getPlayers()),
                Figures.entities(said.getEntities()),
                Figures.fraction(said.getTick()),
                Figures.bytesPerSecond(said.getBytesPerSecond()));
        double score = Figures.fraction(LoadScore.ofRegion(spec.weights(), member.capacity, region.load));
        region.score = region.loadKnown ? region.score + (score - region.score) * SMOOTHING : score;
        region.loadKnown = true;
        long ticks = said.getTickNumber() - region.tickNumber;
        if (region.tickNumber >= 0 && ticks >= 0 && now - region.tickAt >= 5 * NANOS_PER_SECOND) {
            region.tickRate = ticks * NANOS_PER_SECOND / (now - region.tickAt);
            region.tickNumber = said.getTickNumber();
            region.tickAt = now;
        } else if (region.tickNumber < 0 || ticks < 0) {
            region.tickNumber = said.getTickNumber();
            region.tickAt = now;
        }
    }

    /** The region's status with the figures of now. */
    static RegionStatus shownIn(TrackedRegion region) {
        return region.status.figures(region.load.players(), region.load.entities(), loadPercent(region));
    }

    private static int loadPercent(TrackedRegion region) {
        return (int) Math.round(region.score * 100);
    }

    /** True if the figures of a status are so far off, or so old, that they should be written anew. */
    boolean areWorthAWrite(TrackedRegion region, long now) {
        if (!region.loadKnown) {
            return false;
        }
        RegionStatus status = region.status;
        boolean moved = hasMoved(status.players(), region.load.players(), 1)
                || hasMoved(status.entities(), region.load.entities(), 1)
                || hasMoved(status.loadPercent(), loadPercent(region), 2);
        boolean old = now >= region.figuresAt + settings.figuresEvery().toNanos();
        return !shownIn(region).equals(status) && (moved || old);
    }

    private static boolean hasMoved(int before, int after, int atLeast) {
        int by = Math.abs(after - before);
        return by >= atLeast && by * 10L >= before;
    }
}
