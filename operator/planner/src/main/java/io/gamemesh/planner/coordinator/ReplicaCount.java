package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.scaling.Autoscaler;
import io.gamemesh.planner.scaling.Demand;
import io.gamemesh.planner.scaling.Scaling;
import io.gamemesh.protocol.id.ServerId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many servers the mesh is to have, while this operator leads. A server whose ordinal is not below that is emptied,
 * and its pod is kept until it owns nothing.
 */
final class ReplicaCount {

    private final Outbox outbox;
    private final Agenda agenda;
    private final Leadership leadership;
    private final Deaths deaths;
    private final Servers servers;
    private final Regions regions;

    private @Nullable Autoscaler autoscaler;
    private @Nullable String limited;
    private int desired;
    private int kept;

    ReplicaCount(Outbox outbox, Agenda agenda, Leadership leadership, Deaths deaths, Servers servers, Regions regions) {
        this.outbox = outbox;
        this.agenda = agenda;
        this.leadership = leadership;
        this.deaths = deaths;
        this.servers = servers;
        this.regions = regions;
    }

    /** Forgets what only a leader may believe. */
    void forget() {
        autoscaler = null;
        limited = null;
        desired = 0;
        kept = 0;
    }

    /** Servers that are wanted; what the spec says until there has been a decision. */
    int count() {
        return autoscaler == null ? leadership.spec().replicas() : desired;
    }

    /** True for a server that is to be emptied, since the stateful set takes away the highest ordinals first. */
    boolean isSurplus(String server) {
        return Ordinal.of(server) >= count();
    }

    /**
     * Decides anew.
     *
     * @param staying servers that take regions and are to stay, and have said what they have to do
     * @param now nanoseconds
     */
    void decide(List<Member> staying, long now) {
        MeshSpec spec = leadership.spec();
        if (autoscaler == null) {
            int before = leadership.desiredServers();
            desired = before == 0 ? spec.replicas() : before;
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
        keep(spec);
    }

    /** Keeps pods up to the last one that owns something, and says so when one does not any more. */
    private void keep(MeshSpec spec) {
        int keep = Math.max(desired, owning());
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

    MeshView.Replicas view() {
        return new MeshView.Replicas(count(), Math.max(kept, count()), limited);
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
