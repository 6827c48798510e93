package io.gamemesh.core.authority;

import io.gamemesh.core.replication.Standing;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.MoveRegion;
import io.gamemesh.protocol.v1.RegionOrigin;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import org.jspecify.annotations.Nullable;

/** How this process stands to one region. */
final class Holding {

    enum Phase {
        STARTING,
        ACTING,
        TRANSFERRING,
        FROZEN,
        RELEASED
    }

    /**
     * A move that waits for players to connect to its target.
     *
     * @param move as the coordinator has commanded it
     * @param term of that coordinator: another has to command it again
     * @param dueNanos when it begins
     */
    record Departure(MoveRegion move, long term, long dueNanos) {}

    final RegionId region;
    Phase phase = Phase.RELEASED;
    // At which it acts, or last acted.
    long epoch;
    // The highest that was offered to it and will never be acted on.
    long givenUp;
    long offered;
    // At which the last move that came to nothing was offered, or was to be.
    long moveGivenUp;

    @Nullable ServerId target;

    /** The move that players have been told of and that is not begun; null if there is none. */
    @Nullable Departure departure;

    @Nullable ServerId source;

    // Of the engine that runs; null until it has said something.
    @Nullable Standing standing;

    /**
     * False while backups are behind that may be so because nothing reaches this process: it complains of nobody before the
     * coordinator has answered something that was sent since. A configuration without them, which is what a complaint leads
     * to, would not reach it either, and nobody could take the region over.
     */
    boolean complains = true;

    /** When it last came to doubt that it is spoken to. */
    long doubtsSince;

    // Of the engine that runs; null if it goes on from a copy, or from what another server had.
    @Nullable Origin origin;

    // At which the store has refused it; 0 if it never has.
    long storedEpoch;

    String detail = "";

    Holding(RegionId region) {
        this.region = region;
    }

    boolean holdsState() {
        return phase != Phase.RELEASED;
    }

    boolean isMoving() {
        return phase == Phase.TRANSFERRING || phase == Phase.FROZEN;
    }

    boolean isMoving(long offeredEpoch) {
        return isMoving() && offered == offeredEpoch;
    }

    long highestKnown() {
        return Math.max(epoch, givenUp);
    }

    void stands(Standing now, long nowNanos) {
        Standing before = standing;
        standing = now;
        if (now.behind().isEmpty()) {
            complains = true;
        } else if (before == null || !before.behind().containsAll(now.behind())) {
            complains = false;
            doubtsSince = nowNanos;
        }
    }

    void giveUp(long offeredEpoch) {
        givenUp = Math.max(givenUp, offeredEpoch);
    }

    /** Whether there is something to say of it: of one that is only starting, why it has not started yet. */
    boolean isWorthAReport() {
        return phase != Phase.STARTING || !detail.isEmpty();
    }

    /** What to say of it to the coordinator. */
    RegionReport report() {
        RegionReport.Builder report = RegionReport.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(holdsState() ? epoch : highestKnown())
                .setDetail(detail);
        switch (phase) {
            case STARTING -> report.setState(RegionState.REGION_STATE_STARTING);
            case ACTING -> {
                report.setState(RegionState.REGION_STATE_ACTING).setOfferedEpoch(moveGivenUp);
                if (standing != null) {
                    addStanding(report, standing);
                }
                if (origin != null) {
                    addOrigin(report, origin);
                }
            }
            case TRANSFERRING, FROZEN ->
                report.setState(RegionState.REGION_STATE_FROZEN).setOfferedEpoch(offered);
            case RELEASED -> report.setState(RegionState.REGION_STATE_RELEASED).setStoredEpoch(storedEpoch);
        }
        return report.build();
    }

    private static void addOrigin(RegionReport.Builder report, Origin origin) {
        LogPosition stored = origin.stored();
        if (stored == null) {
            report.setOrigin(RegionOrigin.REGION_ORIGIN_GENERATED);
        } else {
            report.setOrigin(RegionOrigin.REGION_ORIGIN_STORED)
                    .setStoredEpoch(stored.epoch())
                    .setStoredTick(stored.tick());
        }
    }

    private void addStanding(RegionReport.Builder report, Standing now) {
        report.setConfiguration(now.configuration());
        now.inSync().forEach(server -> report.addInSync(server.toProto()));
        if (complains) {
            now.behind().forEach(server -> report.addBehind(server.toProto()));
        }
    }
}
