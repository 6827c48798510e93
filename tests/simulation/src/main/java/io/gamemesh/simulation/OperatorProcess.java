package io.gamemesh.simulation;

import io.gamemesh.planner.coordinator.CloseReason;
import io.gamemesh.planner.coordinator.Coordinator;
import io.gamemesh.planner.coordinator.CoordinatorSettings;
import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.Effect;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshResource;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.RegionResource;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.planner.coordinator.WriteFailure;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.ServerMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An operator's process: the real coordinator, with a model of its watches, its API client and its streams. */
final class OperatorProcess {

    private static final long TICK = 100 * Scheduler.MILLI;
    private static final String API = "api";

    /** What an informer delivers: in order for each kind, some time later, and at times much later. */
    private final class Watch {
        private long last;
        private long stalledUntil;

        void deliver(Event event) {
            last = Math.max(last + 1, Math.max(stalledUntil, world.now() + world.watchDelay()));
            world.scheduler.at(last, () -> tell(event));
        }
    }

    private final World world;
    final String name;
    private Coordinator coordinator = new Coordinator(CoordinatorSettings.DEFAULT);
    private Watch meshes = new Watch();
    private Watch regions = new Watch();
    private Watch pods = new Watch();
    private @Nullable Consumer<ApiServer.Change> watcher;
    private final Map<Long, Link> links = new TreeMap<>();
    private final Map<Link, ServerId> identities = new HashMap<>();
    private boolean alive;
    private int generation;
    private final double clockRate;
    private final Standstill standstill;
    private long term;
    private @Nullable MeshView view;

    OperatorProcess(World world, String name) {
        this.world = world;
        this.standstill = new Standstill(world.scheduler);
        this.name = name;
        this.clockRate = world.clockRate();
    }

    @Override
    public String toString() {
        return name + "." + generation;
    }

    boolean alive() {
        return alive;
    }

    boolean leads() {
        return alive && coordinator.leads();
    }

    @Nullable MeshView view() {
        return view;
    }

    void start() {
        alive = true;
        generation++;
        coordinator = new Coordinator(CoordinatorSettings.DEFAULT);
        meshes = new Watch();
        regions = new Watch();
        pods = new Watch();
        view = null;
        term = 0;
        world.history.add(this + " starts");
        list();
        int started = generation;
        world.scheduler.after(world.random(TICK), () -> tick(started));
    }

    private long clock() {
        return (long) (world.now() * clockRate);
    }

    void kill() {
        alive = false;
        world.history.add(this + " dies");
        Consumer<ApiServer.Change> before = watcher;
        if (before != null) {
            world.api.unwatch(before);
        }
        for (Link link : List.copyOf(links.values())) {
            link.breaks(200 * Scheduler.MILLI);
        }
        links.clear();
        identities.clear();
        standstill.end();
    }

    void pause(long nanos) {
        standstill.extend(world.pausedUntil(nanos));
    }

    void stall(long nanos) {
        long until = world.now() + nanos;
        meshes.stalledUntil = Math.max(meshes.stalledUntil, until);
        regions.stalledUntil = Math.max(regions.stalledUntil, until);
        if (world.chance(0.5)) {
            pods.stalledUntil = Math.max(pods.stalledUntil, until);
        }
    }

    void unstall() {
        meshes.stalledUntil = 0;
        regions.stalledUntil = 0;
        pods.stalledUntil = 0;
    }

    private void tick(int started) {
        if (alive && generation == started) {
            tell(new Event.Tick());
            world.scheduler.after(TICK, () -> tick(started));
        }
    }

    /** A list may come from a cache that is behind; what has happened since then follows. */
    private void list() {
        List<ApiServer.Change> log = world.api.log();
        int upTo = world.chance(0.3) ? Math.max(0, log.size() - (int) world.random(30)) : log.size();
        Map<String, Event> state = new TreeMap<>();
        for (ApiServer.Change change : log.subList(0, upTo)) {
            switch (change) {
                case ApiServer.MeshChanged(MeshResource mesh) -> state.put("mesh", new Event.MeshObserved(mesh));
                case ApiServer.MeshDeleted() -> state.remove("mesh");
                case ApiServer.RegionChanged(RegionResource region) ->
                    state.put("region " + region.id(), new Event.RegionObserved(region));
                case ApiServer.RegionDeleted(RegionId id, String uid) -> state.remove("region " + id);
                case ApiServer.PodChanged pod -> state.put("pod " + pod.pod().name(), new Event.Tick());
                case ApiServer.PodDeleted pod ->
                    state.remove("pod " + pod.last().name());
            }
        }
        state.values().forEach(event -> {
            if (event instanceof Event.MeshObserved) {
                meshes.deliver(event);
            } else if (event instanceof Event.RegionObserved) {
                regions.deliver(event);
            }
        });
        Map<String, Cluster.PodView> listed = new TreeMap<>();
        for (ApiServer.Change change : log.subList(0, upTo)) {
            if (change instanceof ApiServer.PodChanged(Cluster.PodView pod)) {
                listed.put(pod.name(), pod);
            } else if (change instanceof ApiServer.PodDeleted(Cluster.PodView pod)) {
                listed.remove(pod.name());
            }
        }
        listed.values().forEach(this::podSeen);
        regions.deliver(new Event.RegionsListed());
        log.subList(upTo, log.size()).forEach(this::changed);
        watcher = this::changed;
        world.api.watch(watcher);
    }

    private void changed(ApiServer.Change change) {
        switch (change) {
            case ApiServer.MeshChanged(MeshResource mesh) -> meshes.deliver(new Event.MeshObserved(mesh));
            case ApiServer.MeshDeleted() -> meshes.deliver(new Event.MeshGone());
            case ApiServer.RegionChanged(RegionResource region) -> regions.deliver(new Event.RegionObserved(region));
            case ApiServer.RegionDeleted(RegionId id, String uid) -> regions.deliver(new Event.RegionGone(id, uid));
            case ApiServer.PodChanged(Cluster.PodView pod) -> podSeen(pod);
            case ApiServer.PodDeleted(Cluster.PodView last) -> {
                podSeen(last);
                pods.deliver(new Event.PodGone(last.name()));
            }
        }
    }

    private void podSeen(Cluster.PodView pod) {
        pods.deliver(new Event.PodObserved(
                pod.name(), pod.playerAddress(), "node-" + pod.name(), pod.ready(), pod.deleting()));
        for (int incarnation : pod.terminated()) {
            pods.deliver(new Event.ContainerTerminated(new ServerId(pod.name(), incarnation)));
        }
    }

    void tell(Event event) {
        if (alive) {
            standstill.whenOver(() -> handle(event));
        }
    }

    private void handle(Event event) {
        for (Effect effect : coordinator.handle(misled(event), clock())) {
            perform(effect);
        }
    }

    /** With every process that is declared dead listed as silent, if that is how the protocol is broken. */
    private Event misled(Event event) {
        if (world.sabotage != Sabotage.DECLARATIONS_ALWAYS_BELIEVED
                || !(event instanceof Event.MeshObserved(MeshResource mesh))) {
            return event;
        }
        CoordinatorStatus status = mesh.coordinator();
        Set<Integer> silent = new TreeSet<>(status.silent());
        silent.addAll(mesh.declaredTerminated());
        return new Event.MeshObserved(new MeshResource(
                mesh.uid(),
                mesh.resourceVersion(),
                mesh.spec(),
                mesh.desiredServers(),
                new CoordinatorStatus(
                        status.term(), status.lastIncarnation(), status.epochFloor(), List.copyOf(silent)),
                mesh.declaredTerminated(),
                mesh.deletionRequested()));
    }

    // Streams.

    void opened(Link link) {
        int to = generation;
        if (!alive) {
            link.breaks(100 * Scheduler.MILLI);
            return;
        }
        link.opens(() -> {
            if (alive && generation == to) {
                links.put(link.number, link);
                tell(new Event.StreamOpened(link.number, link.server.name));
            } else {
                link.breaks(100 * Scheduler.MILLI);
            }
        });
    }

    void received(Link link, ServerMessage message) {
        if (links.get(link.number) != link) {
            return;
        }
        if (message.getBodyCase() == ServerMessage.BodyCase.REGISTER
                && message.getRegister().getIncarnation() != 0) {
            identities.put(
                    link, new ServerId(link.server.name, message.getRegister().getIncarnation()));
        }
        tell(new Event.StreamMessage(link.number, message));
    }

    void lost(Link link) {
        if (links.remove(link.number) == link) {
            ServerId server = identities.remove(link);
            tell(new Event.StreamClosed(link.number));
            if (world.sabotage == Sabotage.REASSIGN_ON_SILENCE && server != null) {
                tell(new Event.ContainerTerminated(server));
            }
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Send(long number, CoordinatorMessage message) -> send(number, message);
            case Effect.CloseStream(long number, CloseReason reason, String why) -> {
                Link link = links.remove(number);
                if (link != null) {
                    identities.remove(link);
                    world.history.add(this + " closes the stream of " + link.server + ": " + why);
                    link.closedByOperator();
                }
            }
            case Effect.WriteCoordinatorStatus(long write, String expected, CoordinatorStatus status) ->
                request(
                        write,
                        () -> {
                            ApiServer.Outcome outcome = world.api.writeCoordinator(expected, status, toString());
                            return outcome;
                        },
                        () -> {
                            MeshResource mesh = world.api.mesh();
                            return mesh == null ? new Event.MeshGone() : new Event.MeshObserved(mesh);
                        });
            case Effect.WriteRegionStatus(
                    long write,
                    RegionId id,
                    String object,
                    String expected,
                    RegionStatus status) ->
                request(write, () -> world.api.writeRegion(id, expected, status, toString()), () -> current(id));
            case Effect.CreateRegion(long write, RegionId id, String object) ->
                request(write, () -> world.api.createRegion(id), () -> current(id));
            case Effect.DeleteRegion(long write, RegionId id, String object) ->
                request(write, () -> world.api.deleteRegion(id), () -> current(id));
            case Effect.RemoveFinalizer(long write, RegionId id, String object, String uid) ->
                request(write, () -> world.api.removeFinalizer(id, uid), () -> current(id));
            case Effect.MeshReleased() -> world.cluster.stop();
            case Effect.EmitEvent(boolean warning, String reason, String message, @Nullable RegionId region) ->
                world.history.add(this + " event " + reason + " " + region + ": " + message);
            case Effect.Publish(MeshView published) -> {
                view = published;
                term = published.term();
                reconcile(published);
            }
            case Effect.Count ignored -> {
                // Counted by a shell that has metrics.
            }
            case Effect.Time ignored -> {
                // Timed by a shell that has metrics.
            }
        }
    }

    /** As late as a reconciler is that looks at a view which may be old by then. */
    private void reconcile(MeshView published) {
        int seen = generation;
        world.scheduler.after(world.watchDelay(), () -> {
            if (published.leading() && alive && generation == seen && !world.apiDown()) {
                world.api.reconcile(published.replicas());
            }
        });
    }

    private void send(long number, CoordinatorMessage message) {
        Link link = links.get(number);
        if (link == null) {
            return;
        }
        if (message.getBodyCase() == CoordinatorMessage.BodyCase.REGISTERED) {
            identities.put(
                    link, new ServerId(link.server.name, message.getRegistered().getIncarnation()));
        }
        term = message.getTerm();
        switch (message.getBodyCase()) {
            case LEASE, LEAF_MAP, ADVERTISE -> {
                // Too many to be told.
            }
            default -> world.history.add(this + " to " + link.server + ": " + Text.of(message));
        }
        world.checker.commanded(toString(), term, identities.get(link), link.server, message);
        link.toServer(message);
        if (world.sabotage == Sabotage.CANCEL_NOT_CONFIRMED
                && message.getBodyCase() == CoordinatorMessage.BodyCase.CANCEL_MOVE) {
            pretend(
                    number,
                    message.getCancelMove().getRegionId(),
                    message.getCancelMove().getOfferedEpoch());
        }
        if (world.sabotage == Sabotage.FINALIZER_REMOVED_EARLY
                && message.getBodyCase() == CoordinatorMessage.BodyCase.RELEASE) {
            pretend(
                    number,
                    message.getRelease().getRegionId(),
                    message.getRelease().getEpoch());
        }
    }

    private void pretend(long stream, long region, long epoch) {
        int now = generation;
        world.scheduler.after(1, () -> {
            if (generation == now) {
                tell(new Event.StreamMessage(
                        stream,
                        ServerMessage.newBuilder()
                                .setRegion(RegionReport.newBuilder()
                                        .setRegionId(region)
                                        .setEpoch(epoch)
                                        .setState(RegionState.REGION_STATE_RELEASED))
                                .build()));
            }
        });
    }

    // The API client.

    private Event current(RegionId id) {
        RegionResource region = world.api.regions().get(id);
        return region == null ? new Event.Tick() : new Event.RegionObserved(region);
    }

    private void request(long write, Supplier<ApiServer.Outcome> what, Supplier<Event> reread) {
        int asked = generation;
        Consumer<Event> reply = event -> {
            if (generation == asked) {
                tell(event);
            }
        };
        if (world.sabotage == Sabotage.COMMAND_BEFORE_WRITE) {
            reply.accept(new Event.WriteSucceeded(write, Long.toString(1_000_000_000L + write)));
        }
        world.scheduler.after(world.networkDelay(), () -> {
            if (world.apiDown() || !world.network.reaches(name, API)) {
                world.scheduler.after(
                        world.networkDelay(),
                        () -> reply.accept(new Event.WriteFailed(write, WriteFailure.UNKNOWN, "connection refused")));
            } else if (world.chance(world.apiTrouble())) {
                timeOut(write, what, reply);
            } else {
                answer(write, what.get(), reread, reply);
            }
        });
    }

    /** The client gives up waiting; the write is made before, afterwards, or never. */
    private void timeOut(long write, Supplier<ApiServer.Outcome> what, Consumer<Event> reply) {
        if (world.chance(0.7)) {
            world.scheduler.after(world.random(4 * Scheduler.SECOND), () -> {
                ApiServer.Outcome unheard = what.get();
                world.history.add(this + " does not hear of " + unheard);
            });
        }
        world.scheduler.after(
                Scheduler.SECOND, () -> reply.accept(new Event.WriteFailed(write, WriteFailure.UNKNOWN, "timed out")));
    }

    private void answer(long write, ApiServer.Outcome outcome, Supplier<Event> reread, Consumer<Event> reply) {
        WriteFailure failure = outcome.failure();
        String version = outcome.version();
        List<Event> events = new ArrayList<>();
        if (version != null) {
            events.add(new Event.WriteSucceeded(write, version));
        } else if (failure != null) {
            events.add(new Event.WriteFailed(write, failure, failure.toString()));
            if (world.chance(0.5)) {
                events.add(world.chance(0.5) ? 0 : 1, reread.get());
            }
        }
        world.scheduler.after(world.networkDelay(), () -> events.forEach(reply));
    }
}
