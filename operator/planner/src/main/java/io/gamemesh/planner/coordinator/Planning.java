package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.Decision;
import io.gamemesh.planner.Planner;
import io.gamemesh.planner.RegionView;
import io.gamemesh.planner.RegionView.Standing;
import io.gamemesh.planner.ServerView;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.DrainComplete;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the planner what there is, and carries out what it decides: which server takes which region. */
final class Planning {

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Agenda agenda;
    private final Leadership leadership;
    private final ReplicaCount replicas;
    private final Servers servers;
    private final Regions regions;
    private final RegionSteps steps;
    private final Map<String, Event.PodObserved> pods;
    private final Planner planner;

    Planning(
            CoordinatorSettings settings,
            Outbox outbox,
            Agenda agenda,
            Leadership leadership,
            ReplicaCount replicas,
            Servers servers,
            Regions regions,
            RegionSteps steps,
            Map<String, Event.PodObserved> pods) {
        this.settings = settings;
        this.outbox = outbox;
        this.agenda = agenda;
        this.leadership = leadership;
        this.replicas = replicas;
        this.servers = servers;
        this.regions = regions;
        this.steps = steps;
        this.pods = pods;
        this.planner = new Planner(settings.plan());
    }

    /** Has the planner decide, unless servers are still coming back, and writes down what is lost meanwhile. */
    void plan(long now) {
        List<ServerView> views = new ArrayList<>();
        for (Member member : servers.accepting(now)) {
            views.add(new ServerView(member.id, isDraining(member), member.smoothedLoad));
        }
        long staying = views.stream().filter(server -> !server.draining()).count();
        if (agenda.isSettled(now) || staying >= Math.max(1, replicas.count())) {
            decide(views, now);
            keepBackups(views, now);
        }
        for (TrackedRegion region : regions.all()) {
            steps.recordLoss(region, now);
        }
    }

    /** Decides on the number of servers. */
    void countServers(long now) {
        replicas.decide(
                servers.accepting(now).stream()
                        .filter(member -> member.measured() && !isDraining(member))
                        .toList(),
                now);
    }

    private void decide(List<ServerView> accepting, long now) {
        Set<ServerId> acceptingIds = accepting.stream().map(ServerView::id).collect(Collectors.toSet());
        List<RegionView> views = new ArrayList<>(regions.size());
        for (TrackedRegion region : regions.all()) {
            RegionView view = viewOf(region, acceptingIds, now);
            if (view != null) {
                views.add(view);
            }
        }
        double highLoad = leadership.spec().highLoad();
        for (Decision decision : planner.plan(highLoad, accepting, views).decisions()) {
            TrackedRegion region = regions.get(decision.region());
            if (region == null) {
                continue;
            }
            switch (decision) {
                case Decision.Start start -> steps.start(region, start.server(), now);
                case Decision.Move move ->
                    steps.move(region, move.to(), move.reason().word(), now);
            }
        }
    }

    /** Gives each region the backups that it lacks, each on the server that has the fewest copies. */
    private void keepBackups(List<ServerView> accepting, long now) {
        Set<ServerId> fit = accepting.stream()
                .filter(server -> !server.draining())
                .map(ServerView::id)
                .collect(Collectors.toSet());
        BackupPlan plan = new BackupPlan(fit, this::nodeOf);
        for (TrackedRegion region : regions.all()) {
            plan.count(region.status.authority(), region.status.backups());
        }
        for (TrackedRegion region : regions.all()) {
            ServerId authority = region.status.authority();
            if (authority == null || !isActive(region) || steps.pruneBackups(region, wantedBackups(), fit, now)) {
                continue;
            }
            if (steps.wantsBackup(region, wantedBackups(), fit)) {
                ServerId server = plan.choose(authority, region.status.backups());
                if (server != null) {
                    steps.addBackup(region, server, now);
                }
            }
        }
    }

    /** No more than there will be servers for: else those that are to go would be kept for want of others. */
    private int wantedBackups() {
        int others = Math.max(0, replicas.count() - 1);
        return Math.min(others, Math.min(leadership.spec().backups(), Backups.MAX));
    }

    private static boolean isActive(TrackedRegion region) {
        RegionResource resource = region.resource;
        return resource != null && !resource.deletionRequested() && region.status.phase() == RegionPhase.ACTIVE;
    }

    private String nodeOf(ServerId server) {
        Event.PodObserved pod = pods.get(server.name());
        return pod == null ? "" : pod.node();
    }

    /** True for a server that is to be emptied, for whatever reason. */
    boolean isDraining(Member member) {
        Event.PodObserved pod = pods.get(member.id.name());
        return member.draining || (pod != null && pod.deleting()) || replicas.isSurplus(member.id);
    }

    private @Nullable RegionView viewOf(TrackedRegion region, Set<ServerId> accepting, long now) {
        RegionResource resource = region.resource;
        if (resource == null) {
            return null;
        }
        RegionStatus status = region.status;
        boolean idle = region.pending == null && !steps.blocked(region, now);
        if (resource.deletionRequested() && status.authority() == null) {
            return null;
        }
        if (status.authority() == null || region.vacancy != null) {
            boolean free =
                    idle && !resource.deletionRequested() && region.vacancy != null && now >= region.leaveAloneUntil;
            return free ? view(region, null, null, Standing.VACANT) : null;
        }
        ServerId authority = status.authority();
        if (status.phase() == RegionPhase.MOVING && status.next() != null) {
            return view(region, status.next(), authority, Standing.MOVING);
        }
        if (region.prepared != null) {
            return view(region, region.prepared, authority, Standing.MOVING);
        }
        Holding holding = region.holding(authority);
        boolean still = idle
                && status.phase() == RegionPhase.ACTIVE
                && !resource.deletionRequested()
                && accepting.contains(authority)
                && holding != null
                && holding.actsAt(status.epoch())
                && !steps.hasClaims(region)
                && now >= region.leaveAloneUntil;
        Standing standing = !still ? Standing.BUSY : now < region.restUntil ? Standing.RESTING : Standing.SETTLED;
        return view(region, authority, null, standing);
    }

    private RegionView view(
            TrackedRegion region, @Nullable ServerId server, @Nullable ServerId leaving, Standing standing) {
        RegionResource resource = region.resource;
        return new RegionView(
                region.id,
                resource == null ? null : resource.pinnedTo(),
                server,
                leaving,
                standing,
                RegionSteps.IDLE_COST + region.score,
                region.load.players());
    }

    /** Tells servers that are about to stop, and have nothing any more, that they may. */
    void completeDrains(long now) {
        for (Member member : servers.members()) {
            if (!member.draining || !member.connected() || now < member.drainCompleteAgainAt) {
                continue;
            }
            boolean owns = regions.all().stream()
                    .anyMatch(region ->
                            region.holding(member.id) != null || region.owners().anyMatch(member.id::equals));
            if (!owns) {
                member.drainCompleteAgainAt = now + settings.resend().toNanos();
                outbox.send(
                        member.stream,
                        CoordinatorMessage.newBuilder().setDrainComplete(DrainComplete.getDefaultInstance()));
            }
        }
    }
}
