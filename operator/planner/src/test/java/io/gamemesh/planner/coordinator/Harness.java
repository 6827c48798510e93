package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.LoadWeights;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.scaling.ScalingTargets;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.RegionLoad;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.ServerLoad;
import io.gamemesh.protocol.v1.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Talks to one coordinator of a world of one region, and answers its writes when it is told to. */
final class Harness {

    static final RegionId REGION = RegionId.of(0, 0, 0, 0);
    static final long MILLI = 1_000_000;
    private static final WorldGeometry GEOMETRY = new WorldGeometry(2048, 512, 100, Box.of(0, 0, 0, 2048, 2048, 2048));

    final Coordinator coordinator = new Coordinator(CoordinatorSettings.DEFAULT);
    final List<Effect> effects = new ArrayList<>();
    private final List<Effect> unanswered = new ArrayList<>();
    private CoordinatorStatus meshStatus = CoordinatorStatus.NEW;
    private long version = 100;
    private int generation;
    private long now;

    /** Of the specs to come; null if the number of servers is not chosen. */
    @Nullable ScalingTargets scaling;

    WorldGeometry geometry = GEOMETRY;
    int heartbeatMillis = 1000;
    int replicas = 2;
    int backups;
    int desiredBefore;

    void tell(Event event) {
        List<Effect> news = coordinator.handle(event, now);
        effects.addAll(news);
        for (Effect effect : news) {
            if (effect instanceof Effect.WriteCoordinatorStatus
                    || effect instanceof Effect.WriteRegionStatus
                    || effect instanceof Effect.CreateRegion
                    || effect instanceof Effect.RemoveFinalizer
                    || effect instanceof Effect.DeleteRegion) {
                unanswered.add(effect);
            }
        }
    }

    /** Lets time pass, with ticks and with heartbeats of all streams given. */
    void pass(long millis, long... streams) {
        for (long end = now + millis * MILLI; now < end; ) {
            now += 100 * MILLI;
            if (now / MILLI % 1000 == 0) {
                for (long stream : streams) {
                    beat(stream, 0, 0, 0);
                }
            }
            tell(new Event.Tick());
        }
    }

    void beat(long stream, long sequence, long epoch, int players) {
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder().setSequence(sequence);
        if (epoch > 0) {
            heartbeat.addRegions(RegionLoad.newBuilder()
                    .setRegionId(REGION.packed())
                    .setEpoch(epoch)
                    .setPlayers(players));
        }
        tell(new Event.StreamMessage(
                stream, ServerMessage.newBuilder().setHeartbeat(heartbeat).build()));
    }

    /** Says what a server has to do, as it puts it, and what one region has. */
    void beat(long stream, ServerLoad load, RegionLoad.Builder region) {
        tell(new Event.StreamMessage(
                stream,
                ServerMessage.newBuilder()
                        .setHeartbeat(Heartbeat.newBuilder().setLoad(load).addRegions(region))
                        .build()));
    }

    /** A heartbeat of a server without regions that has players. */
    void play(long stream, int players) {
        tell(new Event.StreamMessage(
                stream,
                ServerMessage.newBuilder()
                        .setHeartbeat(Heartbeat.newBuilder()
                                .setLoad(ServerLoad.newBuilder().setPlayers(players)))
                        .build()));
    }

    // The API server.

    void mesh(CoordinatorStatus status, Integer... declared) {
        meshStatus = status;
        tell(new Event.MeshObserved(new MeshResource(
                "mesh",
                Long.toString(++version),
                new MeshSpec(
                        "demo",
                        geometry,
                        replicas,
                        scaling,
                        20,
                        60,
                        LoadWeights.DEFAULT,
                        0.8,
                        heartbeatMillis,
                        2000,
                        backups,
                        10),
                desiredBefore,
                status,
                Set.of(declared),
                false)));
    }

    void region(RegionStatus status) {
        region(status, false);
    }

    void region(RegionStatus status, boolean deleted) {
        region(REGION, status, deleted);
    }

    void region(RegionId id, RegionStatus status, boolean deleted) {
        tell(new Event.RegionObserved(
                new RegionResource(id, uid(id), Long.toString(++version), null, deleted, status)));
    }

    /** The region's object is gone; the next that is observed is another. */
    void regionGone() {
        tell(new Event.RegionGone(REGION, uid(REGION)));
        generation++;
    }

    /** An answer that was long under way shows the region's object that is gone since. */
    void regionBeforeItWasGone(RegionStatus status) {
        generation--;
        region(status, true);
        generation++;
    }

    private String uid(RegionId id) {
        return "region " + id.x() + " of generation " + generation;
    }

    void lead(CoordinatorStatus status, RegionStatus region) {
        mesh(status);
        region(region);
        tell(new Event.RegionsListed());
        tell(new Event.LeadershipGained());
        succeedAll();
    }

    /** Answers all writes, and those that follow from the answers. */
    void succeedAll() {
        while (!unanswered.isEmpty()) {
            succeedNext();
        }
    }

    void succeedNext() {
        Effect effect = unanswered.removeFirst();
        switch (effect) {
            case Effect.WriteCoordinatorStatus write -> {
                meshStatus = write.status();
                tell(new Event.WriteSucceeded(write.write(), Long.toString(++version)));
            }
            case Effect.WriteRegionStatus write ->
                tell(new Event.WriteSucceeded(write.write(), Long.toString(++version)));
            default -> throw new IllegalStateException("not answered by this harness: " + effect);
        }
    }

    void failNext(WriteFailure failure) {
        Effect effect = unanswered.removeFirst();
        switch (effect) {
            case Effect.WriteCoordinatorStatus write -> tell(new Event.WriteFailed(write.write(), failure, ""));
            case Effect.WriteRegionStatus write -> tell(new Event.WriteFailed(write.write(), failure, ""));
            default -> throw new IllegalStateException("not answered by this harness: " + effect);
        }
    }

    List<Effect> unanswered() {
        return unanswered;
    }

    // Servers.

    void register(long stream, String name, int incarnation, RegionReport... reports) {
        tell(new Event.StreamOpened(stream, name));
        Register.Builder register =
                Register.newBuilder().setIncarnation(incarnation).setPeerAddress(name + ":9090");
        for (RegionReport report : reports) {
            register.addRegions(report);
        }
        tell(new Event.StreamMessage(
                stream, ServerMessage.newBuilder().setRegister(register).build()));
    }

    void report(long stream, RegionReport report) {
        tell(new Event.StreamMessage(
                stream, ServerMessage.newBuilder().setRegion(report).build()));
    }

    /** The authority says that it has backups in sync, under the configuration that it was told last. */
    void reportInSync(long stream, long epoch, ServerId... backups) {
        RegionReport.Builder report = says(RegionState.REGION_STATE_ACTING, epoch).toBuilder()
                .setConfiguration(sent(CoordinatorMessage.BodyCase.CONFIGURE)
                        .getLast()
                        .getConfigure()
                        .getConfiguration());
        for (ServerId backup : backups) {
            report.addInSync(backup.toProto());
        }
        report(stream, report.build());
    }

    static RegionReport says(RegionState state, long epoch) {
        return says(REGION, state, epoch);
    }

    static RegionReport says(RegionId region, RegionState state, long epoch) {
        return RegionReport.newBuilder()
                .setRegionId(region.packed())
                .setState(state)
                .setEpoch(epoch)
                .build();
    }

    // What came of it.

    List<CoordinatorMessage> sent(CoordinatorMessage.BodyCase kind) {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> ((Effect.Send) effect).message())
                .filter(message -> message.getBodyCase() == kind)
                .toList();
    }

    List<RegionStatus> written() {
        return effects.stream()
                .filter(Effect.WriteRegionStatus.class::isInstance)
                .map(effect -> ((Effect.WriteRegionStatus) effect).status())
                .toList();
    }

    List<MeshView> views() {
        return effects.stream()
                .filter(Effect.Publish.class::isInstance)
                .map(effect -> ((Effect.Publish) effect).view())
                .toList();
    }

    long counted(Effect.Counter counter) {
        return effects.stream()
                .filter(Effect.Count.class::isInstance)
                .map(Effect.Count.class::cast)
                .filter(count -> count.counter() == counter)
                .mapToLong(Effect.Count::amount)
                .sum();
    }

    List<String> warnings(String reason) {
        return effects.stream()
                .filter(Effect.EmitEvent.class::isInstance)
                .map(Effect.EmitEvent.class::cast)
                .filter(event -> event.warning() && event.reason().equals(reason))
                .map(Effect.EmitEvent::message)
                .toList();
    }

    List<CloseReason> closed() {
        return effects.stream()
                .filter(Effect.CloseStream.class::isInstance)
                .map(effect -> ((Effect.CloseStream) effect).reason())
                .toList();
    }

    CoordinatorStatus meshStatus() {
        return meshStatus;
    }

    void clear() {
        effects.clear();
    }

    static RegionStatus active(ServerId server, long epoch) {
        return status(RegionPhase.ACTIVE, server, null, epoch, epoch);
    }

    static RegionStatus status(
            RegionPhase phase, @Nullable ServerId server, @Nullable ServerId next, long epoch, long highest) {
        return new RegionStatus(phase, server, next, epoch, highest, 0, 0, 0, null, StateLoss.NONE, "", Backups.NONE);
    }
}
