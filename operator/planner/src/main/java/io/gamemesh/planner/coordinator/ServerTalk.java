package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.LoadScore;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.ServerLoad;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.ServerMessage;

/** Takes in the messages of servers, one by one, and answers their heartbeats. */
final class ServerTalk {

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Agenda agenda;
    private final Leadership leadership;
    private final Servers servers;
    private final Testimony testimony;
    private final Regions regions;
    private final WorldKeeper world;

    ServerTalk(
            CoordinatorSettings settings,
            Outbox outbox,
            Agenda agenda,
            Leadership leadership,
            Servers servers,
            Testimony testimony,
            Regions regions,
            WorldKeeper world) {
        this.settings = settings;
        this.outbox = outbox;
        this.agenda = agenda;
        this.leadership = leadership;
        this.servers = servers;
        this.testimony = testimony;
        this.regions = regions;
        this.world = world;
    }

    void receive(long number, ServerMessage message, long now) {
        ServerStream stream = servers.stream(number);
        if (stream == null) {
            return;
        }
        Member member = stream.member;
        if (message.getBodyCase() == ServerMessage.BodyCase.REGISTER) {
            if (member != null || stream.waiting != null) {
                servers.refuseMessage(
                        stream, "server " + stream.server + " registered twice on one stream, expected once");
            } else {
                stream.waiting = message.getRegister();
            }
            return;
        }
        if (member == null) {
            servers.refuseMessage(
                    stream,
                    "server " + stream.server + " sent " + message.getBodyCase()
                            + " before it was registered, expected Register and then to wait for Registered");
            return;
        }
        member.heardAt = now;
        switch (message.getBodyCase()) {
            case HEARTBEAT -> heartbeat(stream, member, message.getHeartbeat(), now);
            case REGION -> testimony.take(member, message.getRegion());
            case WANTED -> world.wanted(new RegionId(message.getWanted().getRegionId()));
            case DRAINING -> draining(member);
            case REGISTER, BODY_NOT_SET ->
                // From a later release; what is not understood costs nothing.
                outbox.count(Counter.MESSAGES_REFUSED);
        }
    }

    private void draining(Member member) {
        if (!member.draining) {
            member.draining = true;
            outbox.normal("Draining", "server " + member.id + " is about to stop: its regions are moved off", null);
        }
        agenda.planNow();
        agenda.publishSoon();
    }

    private void heartbeat(ServerStream stream, Member member, Heartbeat heartbeat, long now) {
        if (heartbeat.getRegionsCount() > settings.maxReports()) {
            servers.refuseMessage(
                    stream,
                    "heartbeat of " + member.id + " has " + heartbeat.getRegionsCount() + " regions, expected at most "
                            + settings.maxReports());
            return;
        }
        testimony.concludeAbsence(member);
        if (Figures.areOutOfBounds(heartbeat)) {
            outbox.count(Counter.MESSAGES_REFUSED);
        }
        MeshSpec spec = leadership.spec();
        long regionEntities = 0;
        for (io.gamemesh.protocol.v1.RegionLoad load : heartbeat.getRegionsList()) {
            TrackedRegion region = regions.get(new RegionId(load.getRegionId()));
            if (region != null
                    && member.id.equals(region.status.authority())
                    && region.status.epoch() == load.getEpoch()) {
                RegionFigures.measure(region, spec, member, load, now);
                regionEntities += region.load.entities();
            }
        }
        int entities = (int) Math.min(regionEntities, Integer.MAX_VALUE);
        io.gamemesh.protocol.v1.ServerLoad said = heartbeat.getLoad();
        ServerLoad load = new ServerLoad(
                Figures.players(said.getPlayers()),
                Figures.fraction(said.getCpu()),
                Figures.fraction(said.getMemory()),
                Figures.fraction(said.getTick()),
                Figures.bytesPerSecond(said.getBytesSentPerSecond())
                        + Figures.bytesPerSecond(said.getBytesReceivedPerSecond()));
        double score = LoadScore.ofServer(spec.weights(), member.capacity, load, entities);
        member.heartbeat(load, entities, Figures.fraction(score), now);
        boolean alone = spec.replicas() <= 1
                && spec.scaling() == null
                && servers.members().size() <= 1;
        outbox.send(
                stream.number,
                CoordinatorMessage.newBuilder()
                        .setLease(LeaseGrant.newBuilder()
                                .setHeartbeatSequence(heartbeat.getSequence())
                                .setDurationMillis(spec.leaseMillis())
                                .setUnlimited(alone)));
    }
}
