package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.MeshView.Server;
import io.gamemesh.planner.coordinator.MeshView.ServerPhase;
import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Draws up what the world sees of a mesh. */
final class MeshViews {

    private final Predicate<Member> draining;
    private final Set<Member> accepting;
    private final Map<String, Event.PodObserved> pods;
    private final Map<ServerId, Integer> regionsOf = new HashMap<>();

    MeshViews(Predicate<Member> draining, Collection<Member> accepting, Map<String, Event.PodObserved> pods) {
        this.draining = draining;
        this.accepting = Set.copyOf(accepting);
        this.pods = pods;
    }

    MeshView draw(
            MeshSpec spec,
            boolean leading,
            long term,
            int lastIncarnation,
            MeshView.Replicas replicas,
            Collection<Member> members,
            Collection<TrackedRegion> regions,
            long transfers,
            long transferFailures,
            long failovers) {
        int existing = 0;
        int ready = 0;
        int moving = 0;
        long players = 0;
        long entities = 0;
        for (TrackedRegion region : regions) {
            if (!region.exists()) {
                continue;
            }
            RegionPhase phase = region.status.phase();
            existing++;
            ready += phase == RegionPhase.ACTIVE || (phase == RegionPhase.MOVING && region.status.next() != null)
                    ? 1
                    : 0;
            moving += phase == RegionPhase.MOVING ? 1 : 0;
            players += region.loadKnown ? region.load.players() : region.status.players();
            entities += region.loadKnown ? region.load.entities() : region.status.entities();
            ServerId authority = region.status.authority();
            if (authority != null) {
                regionsOf.merge(authority, 1, Integer::sum);
            }
        }
        int roots = spec.geometry().roots().size();
        return new MeshView(
                leading,
                term,
                lastIncarnation,
                replicas,
                servers(members),
                existing,
                spec.geometry().bounds() == null ? existing : roots,
                ready,
                moving,
                (int) Math.min(players, Integer.MAX_VALUE),
                (int) Math.min(entities, Integer.MAX_VALUE),
                tickRate(regions),
                transfers,
                transferFailures,
                failovers);
    }

    /** Ticks a second of the slowest region; 0 if none has been measured. */
    static double tickRate(Collection<TrackedRegion> regions) {
        return regions.stream()
                .filter(region -> region.exists() && region.tickRate > 0)
                .mapToDouble(region -> region.tickRate)
                .min()
                .orElse(0);
    }

    private List<Server> servers(Collection<Member> members) {
        List<Server> servers = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (Member member : members) {
            named.add(member.id.name());
            servers.add(registered(member));
        }
        for (Event.PodObserved pod : pods.values()) {
            if (!named.contains(pod.server())) {
                servers.add(new Server(
                        pod.server(), 0, ServerPhase.STARTING, pod.node(), pod.playerAddress(), "", 0, 0, 0, 0));
            }
        }
        return servers;
    }

    private Server registered(Member member) {
        Event.PodObserved pod = pods.get(member.id.name());
        ServerPhase phase = !accepting.contains(member)
                ? ServerPhase.UNREACHABLE
                : draining.test(member) ? ServerPhase.DRAINING : ServerPhase.READY;
        return new Server(
                member.id.name(),
                member.id.incarnation(),
                phase,
                pod == null ? "" : pod.node(),
                pod == null ? "" : pod.playerAddress(),
                member.internalPlayerAddress,
                member.load.players(),
                regionsOf.getOrDefault(member.id, 0),
                percent(member.presentLoad),
                percent(member.load.tick()));
    }

    private static int percent(double fraction) {
        return fraction > 0 ? (int) Math.min(Math.round(fraction * 100), 1_000_000) : 0;
    }
}
