package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.coordinator.Effect.Count;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.planner.coordinator.Effect.Publish;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Advertise;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import java.util.List;
import java.util.Map;

/** Tells servers where regions and they themselves are to be found, and the world what the mesh looks like. */
final class Publisher {

    private final Outbox outbox;
    private final Leadership leadership;
    private final Deaths deaths;
    private final Servers servers;
    private final Regions regions;
    private final ReplicaCount replicas;
    private final Planning planning;
    private final Map<String, Event.PodObserved> pods;
    private final LeafPublisher leaves = new LeafPublisher();
    private long transfers;
    private long transferFailures;
    private long failovers;

    Publisher(
            Outbox outbox,
            Leadership leadership,
            Deaths deaths,
            Servers servers,
            Regions regions,
            ReplicaCount replicas,
            Planning planning,
            Map<String, Event.PodObserved> pods) {
        this.outbox = outbox;
        this.leadership = leadership;
        this.deaths = deaths;
        this.servers = servers;
        this.regions = regions;
        this.replicas = replicas;
        this.planning = planning;
        this.pods = pods;
    }

    void reset() {
        leaves.reset();
    }

    /** Everybody gets the whole leaf map again, since its versions begin anew with each term. */
    void newTerm() {
        leaves.newTerm();
        for (Member member : servers.members()) {
            member.wantsFullMap = true;
        }
    }

    void removed(TrackedRegion region) {
        leaves.remove(region.id);
    }

    /** Adds up what the view of the mesh shows of what was done. */
    void tally(List<Effect> done) {
        for (Effect effect : done) {
            if (effect instanceof Count(Counter counter, long amount)) {
                switch (counter) {
                    case TRANSFERS -> transfers += amount;
                    case TRANSFER_FAILURES -> transferFailures += amount;
                    case FAILOVERS -> failovers += amount;
                    default -> {
                        // The view shows no others.
                    }
                }
            }
        }
    }

    /** Sends what has changed of where marked regions and servers are to be found. */
    void tellServers() {
        regions.marked().forEach(id -> {
            TrackedRegion region = regions.get(id);
            if (region != null && region.exists()) {
                leaves.update(leafOf(region));
            } else if (region != null) {
                leaves.remove(id);
            }
        });
        leaves.send(servers.members(), outbox);
        for (Member member : servers.members()) {
            Event.PodObserved pod = pods.get(member.id.name());
            if (member.connected() && pod != null && !pod.playerAddress().equals(member.advertised)) {
                member.advertised = pod.playerAddress();
                outbox.send(
                        member.stream,
                        CoordinatorMessage.newBuilder()
                                .setAdvertise(Advertise.newBuilder().setPlayerAddress(pod.playerAddress())));
            }
        }
    }

    private Leaf leafOf(TrackedRegion region) {
        RegionStatus status = region.status;
        ServerId authority = status.authority();
        boolean acts = status.phase() == RegionPhase.ACTIVE || status.phase() == RegionPhase.MOVING;
        if (authority == null || !acts || deaths.isDead(authority)) {
            return Leaf.vacant(region.id, status.epoch());
        }
        Member member = servers.member(authority);
        Event.PodObserved pod = pods.get(authority.name());
        List<ServerId> inSync = status.backups().inSync();
        Member standby = inSync.isEmpty() ? null : servers.member(inSync.getFirst());
        Event.PodObserved standbyPod = standby == null ? null : pods.get(standby.id.name());
        return new Leaf(
                region.id,
                authority,
                status.epoch(),
                pod == null ? "" : pod.playerAddress(),
                member == null ? "" : member.internalPlayerAddress,
                member == null ? "" : member.peerAddress,
                standby == null || standbyPod == null ? "" : standbyPod.playerAddress(),
                standby == null ? "" : standby.internalPlayerAddress);
    }

    /** Draws up the view of a mesh that has been observed. */
    void publish(MeshResource mesh, long now) {
        MeshViews views = new MeshViews(planning::isDraining, servers.accepting(now), pods);
        MeshView.Replicas count = replicas.view();
        outbox.add(new Publish(views.draw(
                mesh.spec(),
                leadership.leads(),
                leadership.term(),
                leadership.known().lastIncarnation(),
                count,
                servers.members(),
                regions.all(),
                transfers,
                transferFailures,
                failovers)));
        if (leadership.leads()) {
            replicas.published(count, now);
        }
    }
}
