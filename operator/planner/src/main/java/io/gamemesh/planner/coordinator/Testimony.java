package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.RegionOrigin;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.ServerRef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What servers say that they have, and what follows from their not saying it. */
final class Testimony {

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Leadership leadership;
    private final Regions regions;

    Testimony(CoordinatorSettings settings, Outbox outbox, Leadership leadership, Regions regions) {
        this.settings = settings;
        this.outbox = outbox;
        this.leadership = leadership;
        this.regions = regions;
    }

    /** What a process says that it has replaces what it has said before. */
    void takeStock(Member member, Register register) {
        for (TrackedRegion region : regions.all()) {
            if (region.witnesses.containsKey(member.id)) {
                region.witness(member.id).forget();
            }
        }
        regions.markThoseOf(member.id);
        for (RegionReport report : register.getRegionsList()) {
            take(member, report);
        }
    }

    /**
     * What a process has not spoken of by its first heartbeat, it does not have. Its registration alone can be older than
     * the status: only a process that has heard the answer beats, and it talks to one operator at a time.
     */
    void concludeAbsence(Member member) {
        if (member.stockTaken) {
            return;
        }
        member.stockTaken = true;
        for (TrackedRegion region : regions.all()) {
            // One that is to start or to take over has perhaps not been told.
            if (member.id.equals(region.status.authority())
                    && region.status.phase() != RegionPhase.STARTING
                    && region.status.phase() != RegionPhase.PROMOTING
                    && region.holding(member.id) == null) {
                region.witness(member.id).released(region.status.highestEpoch());
                regions.mark(region.id);
            }
        }
    }

    /** Takes in what a server says of a region; what is not to be believed is counted. */
    void take(Member member, RegionReport report) {
        if (!isTaken(member, report)) {
            outbox.count(Counter.MESSAGES_REFUSED);
        }
    }

    private static Holding holding(RegionReport report) {
        boolean frozen = report.getState() == RegionState.REGION_STATE_FROZEN;
        return new Holding(
                report.getEpoch(),
                frozen,
                report.getOfferedEpoch(),
                report.getConfiguration(),
                servers(report.getInSyncList()),
                servers(report.getBehindList()));
    }

    private static Witness.Origin origin(RegionReport report) {
        return report.getOrigin() == RegionOrigin.REGION_ORIGIN_STORED
                ? new Witness.Origin(true, report.getStoredEpoch(), report.getStoredTick())
                : Witness.Origin.GENERATED;
    }

    private static Set<ServerId> servers(List<ServerRef> refs) {
        Set<ServerId> servers = new HashSet<>();
        for (ServerRef ref : refs) {
            servers.add(ServerId.of(ref));
        }
        return servers;
    }

    private static boolean namesServers(List<ServerRef> refs) {
        return refs.size() <= Backups.MAX
                && refs.stream()
                        .allMatch(ref -> !ref.getName().isEmpty()
                                && ref.getIncarnation() >= 1
                                && ref.getIncarnation() <= EntityId.MAX_INCARNATION);
    }

    private boolean isTaken(Member member, RegionReport report) {
        RegionId id = new RegionId(report.getRegionId());
        long epoch = report.getEpoch();
        TrackedRegion region = regions.get(id);
        long highest = Math.max(leadership.known().epochFloor(), region == null ? 0 : region.namedEpoch);
        boolean plausible = epoch >= 1
                && epoch - highest <= settings.maxEpochLead()
                && report.getOfferedEpoch() >= 0
                && report.getConfiguration() >= 0
                && report.getStoredEpoch() >= 0
                && report.getStoredTick() >= 0
                && report.getStoredEpoch() - highest <= settings.maxEpochLead()
                && namesServers(report.getInSyncList())
                && namesServers(report.getBehindList());
        boolean held = switch (report.getState()) {
            case REGION_STATE_ACTING, REGION_STATE_FROZEN -> true;
            case REGION_STATE_RELEASED, REGION_STATE_BACKUP, REGION_STATE_STARTING -> false;
            case REGION_STATE_UNSPECIFIED, UNRECOGNIZED -> {
                plausible = false;
                yield false;
            }
        };
        if (!plausible || !leadership.spec().geometry().contains(id)) {
            return false;
        }
        if (region == null) {
            if (!held) {
                return true;
            }
            if (regions.size() >= 2 * settings.maxReports()) {
                return false;
            }
            region = regions.track(id);
        }
        boolean ahead = epoch > Math.max(region.status.highestEpoch(), report.getStoredEpoch());
        Witness witness = region.witness(member.id);
        if (report.getState() == RegionState.REGION_STATE_BACKUP) {
            witness.copies(epoch, report.getAuthoritySilent());
        } else if (report.getState() == RegionState.REGION_STATE_STARTING) {
            witness.starts(epoch, report.getDetail());
        } else if (held) {
            witness.holds(holding(report));
            witness.origin = origin(report);
            region.namedEpoch = Math.max(region.namedEpoch, epoch);
        } else {
            // The store has it at that epoch for somebody whom nobody here has heard of.
            region.namedEpoch = Math.max(region.namedEpoch, report.getStoredEpoch());
            // A promise about epochs that nobody has named yet would stand in the way of those to come.
            witness.released(Math.min(epoch, region.namedEpoch));
        }
        regions.mark(id);
        return !ahead || !region.exists();
    }
}
