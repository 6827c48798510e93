package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.scaling.Autoscaler;
import io.gamemesh.planner.scaling.Demand;
import io.gamemesh.planner.scaling.Scaling;
import io.gamemesh.protocol.id.ServerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many servers the mesh is to have, while this operator leads. A server whose ordinal is not below that is emptied,
 * and its pod is kept until it owns nothing. The stateful set follows the views, and each of them some time later: a server
 * whose pod may go on account of a view is given nothing until it is certain that its pod has stayed.
 */
final class ReplicaCount {

    /** How long after a view a pod may still be let go on account of the one before it. */
    private static final long LETTING_GO = Duration.ofSeconds(5).toNanos();

    private final Outbox outbox;
    private final Agenda agenda;
    private final Leadership leadership;
    private final Deaths deaths;
    private final Servers servers;
    private final Regions regions;
    private final Map<String, Event.PodObserved> pods;

    /** Processes whose pods may go on account of a view, and until when that may be. */
    private final Map<ServerId, Long> letGo = new HashMap<>();

    private @Nullable Autoscaler autoscaler;
    private @Nullable String limited;
    private int desired;
    private int kept;
    private boolean settled;
    /** Pods that the last view keeps; all of them if it lets none go. */
    private int shown = Integer.MAX_VALUE;

    ReplicaCount(
            Outbox outbox,
            Agenda agenda,
            Leadership leadership,
            Deaths deaths,
            Servers servers,
            Regions regions,
            Map<String, Event.PodObserved> pods) {
        this.outbox = outbox;
        this.agenda = agenda;
        this.leadership = leadership;
        this.deaths = deaths;
        this.servers = servers;
        this.regions = regions;
        this.pods = pods;
    }

    /** Forgets what only a leader may believe. */
    void forget() {
        autoscaler = null;
        limited = null;
        desired = 0;
        kept = 0;
        settled = false;
        shown = Integer.MAX_VALUE;
        letGo.clear();
    }

    /** Servers that are wanted; what the spec says until there has been a decision. */
    int count() {
        return autoscaler == null ? leadership.spec().replicas() : desired;
    }

    /**
     * True for a server that is to be emptied and given nothing, since the stateful set takes away the highest ordinals first:
     * it is not wanted, or it was not until just now and its pod may go nevertheless.
     */
    boolean isSurplus(ServerId server) {
        return Ordinal.of(server.name()) >= Math.min(count(), shown) || letGo.containsKey(server);
    }

    /**
     * Decides anew.
     *
     * @param staying servers that take regions and are to stay, and have said what they have to do
     * @param now nanoseconds
     */
    void decide(List<Member> staying, long now) {
        MeshSpec spec = leadership.spec();
        MeshView.Replicas before = view();
        if (autoscaler == null) {
            int wantedBefore = leadership.desiredServers();
            desired = wantedBefore == 0 ? spec.replicas() : wantedBefore;
            autoscaler = new Autoscaler(desired);
        }
        Scaling scaling = spec.scaling() == null
                ? autoscaler.exactly(spec.replicas())
                : autoscaler.choose(spec.replicas(), spec.scaling(), demand(spec, staying, now), now);
        desired = scaling.servers();
        limited = scaling.limited();
        Scaling.Change change = scaling.change();
        if (change != null) {
            outbox.normal(
                    change.up() ? "ScalingUp" : "ScalingDown",
                    change.from() + " -> " + change.to() + " servers: " + change.cause(),
                    null);
        }
        settled = agenda.isSettled(now);
        keep(spec);
        letGo.entrySet().removeIf(process -> hasStayed(process.getKey(), process.getValue(), now));
        if (!view().equals(before)) {
            agenda.publishSoon();
        }
    }

    /** True for a process whose pod has not been let go after all, and for one that there is no more. */
    private boolean hasStayed(ServerId process, long until, long now) {
        Event.PodObserved pod = pods.get(process.name());
        return servers.member(process) == null || (now >= until && pod != null && !pod.deleting());
    }

    /** Keeps pods up to the last one that owns something, and says so when one does not any more. */
    private void keep(MeshSpec spec) {
        int needed = Math.max(desired, owning());
        // Before servers have had the time to speak there may be more owners than are known.
        int keep = settled ? needed : Math.max(needed, kept);
        for (int ordinal = kept - 1; ordinal >= keep; ordinal--) {
            outbox.normal(
                    "ServerEmptied", "server " + spec.name() + "-" + ordinal + " owns nothing: its pod goes", null);
        }
        kept = keep;
    }

    /** One more than the highest ordinal of a process that is not known dead and has, or may have, a region. */
    private int owning() {
        return owners().mapToInt(process -> Math.min(Ordinal.of(process.name()), MeshSpec.MAX_SERVERS - 1) + 1)
                .max()
                .orElse(0);
    }

    /** True if a server that is not among those that stay, for instance a silent one, has, or may have, a region. */
    private boolean ownsElsewhere(List<Member> staying) {
        Set<ServerId> here = staying.stream().map(member -> member.id).collect(Collectors.toSet());
        return !owners().allMatch(here::contains);
    }

    private Stream<ServerId> owners() {
        return regions.all().stream().flatMap(TrackedRegion::owners).filter(process -> !deaths.isDead(process));
    }

    /** Takes note of what a view of this leader's has shown. */
    void published(MeshView.Replicas view, long now) {
        int keeps = view.settled() ? view.kept() : Integer.MAX_VALUE;
        int gone = Math.min(shown, keeps);
        for (Member member : servers.members()) {
            if (Ordinal.of(member.id.name()) >= gone) {
                letGo.put(member.id, now + LETTING_GO);
            }
        }
        shown = keeps;
    }

    MeshView.Replicas view() {
        return new MeshView.Replicas(count(), Math.max(kept, count()), settled, limited);
    }

    private Demand demand(MeshSpec spec, List<Member> staying, long now) {
        long players = servers.members().stream()
                .filter(Member::connected)
                .mapToLong(member -> member.load.players())
                .sum();
        double tickRate = MeshViews.tickRate(regions.all());
        return new Demand(
                staying.stream().map(member -> Ordinal.of(member.id.name())).toList(),
                !agenda.isSettled(now) || ownsElsewhere(staying),
                (int) Math.min(players, Integer.MAX_VALUE),
                staying.stream()
                        .mapToDouble(member -> member.smoothedCpu)
                        .average()
                        .orElse(0),
                staying.stream()
                        .mapToDouble(member -> member.smoothedMemory)
                        .average()
                        .orElse(0),
                tickRate > 0 ? tickRate / spec.tickRate() : 1);
    }
}
