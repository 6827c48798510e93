package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.Decision;
import io.gamemesh.planner.LoadScore;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.Planner;
import io.gamemesh.planner.RegionLoad;
import io.gamemesh.planner.RegionView;
import io.gamemesh.planner.RegionView.Standing;
import io.gamemesh.planner.ServerLoad;
import io.gamemesh.planner.ServerView;
import io.gamemesh.planner.WorldPlan;
import io.gamemesh.planner.coordinator.Effect.CloseStream;
import io.gamemesh.planner.coordinator.Effect.Count;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.planner.coordinator.Effect.CreateRegion;
import io.gamemesh.planner.coordinator.Effect.DeleteRegion;
import io.gamemesh.planner.coordinator.Effect.MeshReleased;
import io.gamemesh.planner.coordinator.Effect.Publish;
import io.gamemesh.planner.coordinator.Effect.WriteCoordinatorStatus;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Advertise;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.DrainComplete;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of one mesh, sans-I/O: it is told what happens, with the time, and answers with what is to be done.
 * The rules of authority are its: it writes first and commands when the write has succeeded, takes nobody for dead on
 * account of silence, and never names an epoch twice.
 *
 * <p>Time is any monotonic clock in nanoseconds, the same for all calls. Not thread-safe: a shell calls it from one thread
 * at a time, and does the effects in order.
 */
public final class Coordinator {

    private static final int MAX_ADDRESS = 261;
    private static final int CREATIONS_AT_ONCE = 64;

    /** What a stream is used for. */
    private static final class Stream {
        final long number;
        final String server;

        @Nullable Register waiting;

        @Nullable Member member;

        boolean needsNumber;

        Stream(long number, String server) {
            this.number = number;
            this.server = server;
        }
    }

    private record PendingMesh(
            long write, String expectedVersion, CoordinatorStatus status, boolean raisesTerm, List<Long> numbered) {}

    private final CoordinatorSettings settings;
    private final Planner planner;
    private final Outbox outbox = new Outbox();
    private final Map<Long, Stream> streams = new LinkedHashMap<>();
    private final Map<ServerId, Member> members =
            new TreeMap<>(Comparator.comparing(ServerId::name).thenComparingInt(ServerId::incarnation));
    private final Set<ServerId> terminated = new HashSet<>();
    private final DeclaredDeaths deaths = new DeclaredDeaths();
    private final Map<String, Event.PodObserved> pods = new TreeMap<>();
    private final TreeMap<RegionId, TrackedRegion> regions = new TreeMap<>();
    private final Map<Long, RegionId> writes = new HashMap<>();
    private final TreeSet<RegionId> dirty = new TreeSet<>();
    private final LeafPublisher leaves = new LeafPublisher();
    private final RegionSteps steps;

    private @Nullable MeshResource mesh;
    private CoordinatorStatus known = CoordinatorStatus.NEW;
    private String meshVersion = "";
    private @Nullable String refutedMeshVersion;
    private @Nullable PendingMesh pendingMesh;
    private long meshRetryAt = Long.MIN_VALUE;
    private boolean listed;
    private boolean elected;
    private long term;
    private long raiseTermAbove;
    private long raiseTermAt = Long.MIN_VALUE;
    private long epochFloorWanted;
    private long settledAt;
    private long nextPlanAt = Long.MIN_VALUE;
    private long nextPublishAt;
    private boolean publishNow;
    private long meshReleaseAt = Long.MAX_VALUE;
    private long meshReleasedAgainAt = Long.MIN_VALUE;
    private long transfers;
    private long transferFailures;
    private long failovers;

    /** A coordinator that knows nothing yet and does not lead. */
    public Coordinator(CoordinatorSettings settings) {
        this.settings = settings;
        this.planner = new Planner(settings.plan());
        this.steps = new RegionSteps(settings, outbox, new StepContext());
    }

    /**
     * Takes in one event.
     *
     * @param nowNanos a monotonic clock's, not before that of the call before
     * @return what is to be done, in order
     */
    public List<Effect> handle(Event event, long nowNanos) {
        switch (event) {
            case Event.LeadershipGained() -> gainLeadership(nowNanos);
            case Event.LeadershipLost() -> loseLeadership("this operator does not lead any more");
            case Event.MeshObserved(MeshResource observed) -> observeMesh(observed, nowNanos);
            case Event.MeshGone() -> meshGone();
            case Event.RegionObserved(RegionResource observed) -> observeRegion(observed, nowNanos);
            case Event.RegionGone(RegionId id, String uid) -> regionGone(id, uid);
            case Event.RegionsListed() -> {
                listed = true;
                markAll();
            }
            case Event.StreamOpened(long number, String server) -> openStream(number, server);
            case Event.StreamMessage(long number, ServerMessage message) -> receive(number, message, nowNanos);
            case Event.StreamClosed(long number) -> closeStream(number);
            case Event.ContainerTerminated(ServerId process) -> containerTerminated(process);
            case Event.PodObserved pod -> observePod(pod);
            case Event.PodGone(String server) -> {
                pods.remove(server);
                publishNow = true;
            }
            case Event.WriteSucceeded(long write, String version) -> writeSucceeded(write, version, nowNanos);
            case Event.WriteFailed(long write, WriteFailure failure, String message) ->
                writeFailed(write, failure, message, nowNanos);
            case Event.Tick() -> tick();
        }
        settle(nowNanos);
        return outbox.drain();
    }

    /** True once this operator has raised the term and has seen what there is. */
    public boolean leads() {
        return elected && term > 0 && listed && mesh != null;
    }

    // Leadership.

    private void gainLeadership(long now) {
        elected = true;
        raiseTermAt = now;
        settledAt = now + settings.settle().toNanos();
    }

    private void loseLeadership(String why) {
        elected = false;
        stepDown(CloseReason.NOT_LEADING, why);
    }

    private void stepDown(CloseReason reason, String why) {
        term = 0;
        pendingMesh = null;
        raiseTermAbove = 0;
        epochFloorWanted = 0;
        meshReleaseAt = Long.MAX_VALUE;
        deaths.forget();
        for (Stream stream : List.copyOf(streams.values())) {
            refuse(stream, reason, why);
        }
        members.clear();
        writes.clear();
        dirty.clear();
        leaves.reset();
        regions.values().removeIf(region -> !region.exists());
        regions.values().forEach(TrackedRegion::forgetLeadership);
        publishNow = true;
    }

    // What the API server shows.

    private void observeMesh(MeshResource observed, long now) {
        if (mesh != null
                && mesh.uid().equals(observed.uid())
                && !ResourceVersions.isNews(observed.resourceVersion(), meshVersion)) {
            return;
        }
        if (mesh != null && !mesh.uid().equals(observed.uid())) {
            meshGone();
        }
        mesh = observed;
        meshVersion = observed.resourceVersion();
        known = observed.coordinator();
        if (term > 0 && known.term() > term) {
            String leader = "another operator leads with term " + known.term() + ", this one's was " + term;
            stepDown(CloseReason.NOT_LEADING, leader);
            // The election will soon say so too; if it does not, this one leads after all.
            raiseTermAt = now + settings.settle().toNanos();
            settledAt = raiseTermAt + settings.settle().toNanos();
        }
        if (observed.deletionRequested() && meshReleaseAt == Long.MAX_VALUE) {
            meshReleaseAt = now + settings.meshReleaseTimeout().toNanos();
        }
        markAll();
        publishNow = true;
    }

    private void meshGone() {
        mesh = null;
        meshVersion = "";
        refutedMeshVersion = null;
        known = CoordinatorStatus.NEW;
        stepDown(CloseReason.MESH_GONE, "the GameMesh is gone");
        regions.clear();
        terminated.clear();
    }

    private void observeRegion(RegionResource observed, long now) {
        TrackedRegion region = track(observed.id());
        RegionResource before = region.resource;
        boolean same = before != null && before.uid().equals(observed.uid());
        if (before != null && !ResourceVersions.isNews(observed.resourceVersion(), region.version)) {
            return;
        }
        if (before != null && !same) {
            objectGone(region);
        }
        region.resource = observed;
        region.version = observed.resourceVersion();
        adopt(region, observed.status(), now);
        dirty.add(region.id);
    }

    private void adopt(TrackedRegion region, RegionStatus status, long now) {
        boolean sameMove = region.status.phase() == RegionPhase.MOVING
                && status.phase() == RegionPhase.MOVING
                && region.status.highestEpoch() == status.highestEpoch();
        if (status.phase() == RegionPhase.MOVING && !sameMove) {
            region.movingSince = now;
            region.abandon = false;
        }
        if (status.phase() == RegionPhase.STARTING && status.epoch() != region.status.epoch()) {
            region.startingSince = now;
        }
        if (status.epoch() != region.status.epoch()) {
            region.loadKnown = false;
            region.tickNumber = -1;
        }
        region.status = status;
        region.namedEpoch = Math.max(region.namedEpoch, status.highestEpoch());
        publishNow = true;
    }

    private void regionGone(RegionId id, String uid) {
        TrackedRegion region = regions.get(id);
        if (region == null || region.resource == null || !region.resource.uid().equals(uid)) {
            return;
        }
        objectGone(region);
        dirty.add(id);
    }

    /** An object that went without its finalizer having been released leaves an authority behind. */
    private void objectGone(TrackedRegion region) {
        ServerId authority = region.status.authority();
        if (!region.finalizerRemoved
                && authority != null
                && !isDead(authority)
                && region.releasedUpTo(authority) < region.status.epoch()
                && region.holding(authority) == null) {
            region.witness(authority).holds(new Holding(region.status.epoch(), false));
        }
        epochFloorWanted = Math.max(epochFloorWanted, region.status.highestEpoch());
        region.resource = null;
        region.status = RegionStatus.NEW;
        region.version = "";
        region.refutedVersion = null;
        region.pending = null;
        region.retryAt = Long.MIN_VALUE;
        region.vacancy = null;
        region.sent = null;
        region.objectWrite = 0;
        region.objectRetryAt = Long.MIN_VALUE;
        region.finalizerRemoved = false;
        region.loadKnown = false;
        region.load = RegionLoad.IDLE;
        publishNow = true;
    }

    private TrackedRegion track(RegionId id) {
        return regions.computeIfAbsent(
                id,
                i -> new TrackedRegion(i, i.name(mesh == null ? "" : mesh.spec().name())));
    }

    private void containerTerminated(ServerId process) {
        if (!terminated.add(process)) {
            return;
        }
        outbox.count(Counter.SERVERS_DEAD);
        buried(process);
    }

    private void buried(ServerId process) {
        Member member = members.remove(process);
        if (member != null && member.connected()) {
            Stream stream = streams.get(member.stream);
            if (stream != null) {
                refuse(stream, CloseReason.KNOWN_DEAD, "process " + process + " is known dead: it must end");
            }
        }
        for (TrackedRegion region : regions.values()) {
            if (region.witnesses.containsKey(process)
                    || process.equals(region.status.authority())
                    || process.equals(region.status.next())) {
                dirty.add(region.id);
            }
        }
        nextPlanAt = Long.MIN_VALUE;
        publishNow = true;
    }

    private boolean isDead(ServerId process) {
        return terminated.contains(process) || deaths.isBelieved(process.incarnation());
    }

    private void observePod(Event.PodObserved pod) {
        Event.PodObserved before = pods.put(pod.server(), pod);
        if (before == null || !before.playerAddress().equals(pod.playerAddress())) {
            markServed(pod.server());
        }
        publishNow = true;
    }

    /** Where players find a server is part of the leaf map. */
    private void markServed(String server) {
        for (TrackedRegion region : regions.values()) {
            ServerId authority = region.status.authority();
            if (authority != null && authority.name().equals(server)) {
                dirty.add(region.id);
            }
        }
    }

    private void markAll() {
        dirty.addAll(regions.keySet());
    }

    // Writes of the mesh.

    private void writeMesh(long now) {
        if (!elected
                || mesh == null
                || pendingMesh != null
                || now < meshRetryAt
                || meshVersion.equals(refutedMeshVersion)) {
            return;
        }
        boolean raise = (term == 0 && now >= raiseTermAt) || (term > 0 && raiseTermAbove >= term);
        List<Long> numbered = new ArrayList<>();
        if (term > 0) {
            for (Stream stream : streams.values()) {
                if (stream.needsNumber) {
                    numbered.add(stream.number);
                }
            }
        }
        long floor = term > 0 ? Math.max(known.epochFloor(), epochFloorWanted) : known.epochFloor();
        List<Integer> silent =
                term > 0 ? deaths.list(known.silent(), mesh.declaredTerminated(), this::isPresent) : known.silent();
        boolean doubt = term > 0 && streams.values().stream().anyMatch(this::waitsForTheList);
        boolean news = !numbered.isEmpty() || floor != known.epochFloor() || !silent.equals(known.silent()) || doubt;
        if (!raise && (term == 0 || !news)) {
            return;
        }
        CoordinatorStatus status = new CoordinatorStatus(
                raise ? Math.max(known.term(), raiseTermAbove) + 1 : known.term(),
                known.lastIncarnation() + numbered.size(),
                floor,
                silent);
        pendingMesh = new PendingMesh(outbox.nextWrite(), meshVersion, status, raise, numbered);
        outbox.add(new WriteCoordinatorStatus(pendingMesh.write(), meshVersion, status));
    }

    private void meshWritten(PendingMesh done, String version, long now) {
        pendingMesh = null;
        if (done.status().epochFloor() > known.epochFloor()) {
            // Regions that wait for the floor can go.
            markAll();
        }
        deaths.announce(known.silent(), done.status().silent(), outbox);
        if (ResourceVersions.isNews(version, meshVersion)) {
            meshVersion = version;
            known = done.status();
        }
        if (done.raisesTerm()) {
            term = done.status().term();
            outbox.term(term);
            settledAt = Math.max(settledAt, now + settings.settle().toNanos());
            leaves.newTerm();
            for (Member member : members.values()) {
                member.wantsFullMap = true;
            }
            outbox.normal("LeaderElected", "this operator leads with term " + term, null);
            markAll();
            publishNow = true;
        }
        int number = done.status().lastIncarnation() - done.numbered().size();
        for (long streamNumber : done.numbered()) {
            number++;
            Stream stream = streams.get(streamNumber);
            if (stream != null && stream.waiting != null && stream.needsNumber) {
                stream.needsNumber = false;
                admit(stream, new ServerId(stream.server, number), stream.waiting, now);
            }
        }
    }

    private void writeSucceeded(long write, String version, long now) {
        if (pendingMesh != null && pendingMesh.write() == write) {
            meshWritten(pendingMesh, version, now);
            return;
        }
        RegionId id = writes.remove(write);
        TrackedRegion region = id == null ? null : regions.get(id);
        if (region == null) {
            return;
        }
        dirty.add(region.id);
        if (region.objectWrite == write) {
            region.objectWrite = 0;
            return;
        }
        TrackedRegion.Pending pending = region.pending;
        if (pending == null || pending.write() != write) {
            return;
        }
        region.pending = null;
        if (ResourceVersions.isNews(version, region.version)) {
            region.version = version;
            adopt(region, pending.status(), now);
        }
        outbox.addAll(pending.then());
        for (Effect effect : pending.then()) {
            if (effect instanceof Count(Counter counter, long amount)) {
                tally(counter, amount);
            }
        }
    }

    private void tally(Counter counter, long amount) {
        switch (counter) {
            case TRANSFERS -> transfers += amount;
            case TRANSFER_FAILURES -> transferFailures += amount;
            case FAILOVERS -> failovers += amount;
            default -> {
                // Only what the view of the mesh shows is added up here.
            }
        }
    }

    private void writeFailed(long write, WriteFailure failure, String message, long now) {
        outbox.count(failure == WriteFailure.CONFLICT ? Counter.WRITE_CONFLICTS : Counter.WRITE_FAILURES);
        if (pendingMesh != null && pendingMesh.write() == write) {
            String refuted = pendingMesh.expectedVersion();
            List<Integer> silent = pendingMesh.status().silent();
            pendingMesh = null;
            if (failure == WriteFailure.CONFLICT || failure == WriteFailure.NOT_FOUND) {
                refutedMeshVersion = refuted;
            } else {
                deaths.unresolved(refuted, silent);
            }
            meshRetryAt = failure == WriteFailure.CONFLICT
                    ? now
                    : now + settings.retry().toNanos();
            return;
        }
        RegionId id = writes.remove(write);
        TrackedRegion region = id == null ? null : regions.get(id);
        if (region == null) {
            return;
        }
        dirty.add(region.id);
        long retryAt = now
                + settings.retry()
                        .multipliedBy(failure == WriteFailure.REFUSED ? 10 : 1)
                        .toNanos();
        if (failure == WriteFailure.REFUSED) {
            outbox.warning(
                    "WriteRefused", "the API server refused a write of region " + region.name + ": " + message, null);
        }
        if (region.objectWrite == write) {
            region.objectWrite = 0;
            region.objectRetryAt = retryAt;
            return;
        }
        TrackedRegion.Pending pending = region.pending;
        if (pending == null || pending.write() != write) {
            return;
        }
        region.pending = null;
        if (failure == WriteFailure.CONFLICT || failure == WriteFailure.NOT_FOUND) {
            region.refutedVersion = pending.expectedVersion();
        } else {
            region.retryAt = retryAt;
        }
    }

    // Streams.

    private void openStream(long number, String server) {
        Stream stream = new Stream(number, server);
        streams.put(number, stream);
        if (!elected) {
            refuse(stream, CloseReason.NOT_LEADING, "this operator does not lead");
        }
    }

    private void closeStream(long number) {
        Stream stream = streams.remove(number);
        if (stream != null && stream.member != null && stream.member.stream == number) {
            stream.member.stream = Member.NO_STREAM;
            publishNow = true;
        }
    }

    /** Closes a stream from this side; what still comes from it is not listened to. */
    private void refuse(Stream stream, CloseReason reason, String message) {
        closeStream(stream.number);
        outbox.add(new CloseStream(stream.number, reason, message));
    }

    private void refuseMessage(Stream stream, String message) {
        outbox.count(Counter.MESSAGES_REFUSED);
        refuse(stream, CloseReason.REFUSED, message);
    }

    private void receive(long number, ServerMessage message, long now) {
        Stream stream = streams.get(number);
        if (stream == null) {
            return;
        }
        Member member = stream.member;
        if (message.getBodyCase() == ServerMessage.BodyCase.REGISTER) {
            if (member != null || stream.waiting != null) {
                refuseMessage(stream, "server " + stream.server + " registered twice on one stream, expected once");
                return;
            }
            stream.waiting = message.getRegister();
            return;
        }
        if (member == null) {
            refuseMessage(
                    stream,
                    "server " + stream.server + " sent " + message.getBodyCase()
                            + " before it was registered, expected Register and then to wait for Registered");
            return;
        }
        member.heardAt = now;
        switch (message.getBodyCase()) {
            case HEARTBEAT -> heartbeat(stream, member, message.getHeartbeat(), now);
            case REGION -> {
                if (!witness(member, message.getRegion())) {
                    outbox.count(Counter.MESSAGES_REFUSED);
                }
                TrackedRegion region =
                        regions.get(new RegionId(message.getRegion().getRegionId()));
                if (region != null) {
                    steps.answered(region, member.id);
                }
            }
            case WANTED -> wanted(new RegionId(message.getWanted().getRegionId()));
            case DRAINING -> {
                if (!member.draining) {
                    member.draining = true;
                    outbox.normal(
                            "Draining", "server " + member.id + " is about to stop: its regions are moved off", null);
                }
                nextPlanAt = Long.MIN_VALUE;
                publishNow = true;
            }
            case REGISTER, BODY_NOT_SET ->
                // From a later release; what is not understood costs nothing.
                outbox.count(Counter.MESSAGES_REFUSED);
        }
    }

    private void register(Stream stream, Register register, long now) {
        String fault = faultOf(register);
        if (fault != null) {
            refuseMessage(stream, "registration of server " + stream.server + " has " + fault);
            return;
        }
        if (register.getHighestTerm() > term) {
            // Only after a loss of the API server's own data: commands of this term would be refused.
            raiseTermAbove = Math.max(raiseTermAbove, register.getHighestTerm());
            return;
        }
        if (register.getIncarnation() == 0) {
            if (known.lastIncarnation() + streams.size() >= EntityId.MAX_INCARNATION) {
                refuse(stream, CloseReason.TOO_MANY, "the mesh has used up all incarnations; make a new mesh");
            } else if (members.size() >= settings.maxServers()) {
                refuse(
                        stream,
                        CloseReason.TOO_MANY,
                        "the mesh has " + members.size() + " servers already, which is the most that it may have");
            } else {
                stream.needsNumber = true;
            }
            return;
        }
        ServerId id = new ServerId(stream.server, register.getIncarnation());
        if (isDead(id)) {
            refuse(stream, CloseReason.KNOWN_DEAD, "process " + id + " is known dead: it must end");
        } else if (id.incarnation() > known.lastIncarnation()) {
            refuseMessage(
                    stream,
                    "server " + stream.server + " says that it is incarnation " + id.incarnation()
                            + ", but the highest given is " + known.lastIncarnation() + "; start it anew");
        } else if (!isPerhapsSilent(id.incarnation())) {
            admit(stream, id, register, now);
        }
    }

    private void registerWaiting(long now) {
        for (Stream stream : List.copyOf(streams.values())) {
            if (stream.waiting != null && !stream.needsNumber) {
                register(stream, stream.waiting, now);
            }
        }
    }

    /** True if the list of the silent has this process, or soon may: it is taken off before it is admitted. */
    private boolean isPerhapsSilent(int incarnation) {
        return known.silent().contains(incarnation)
                || (pendingMesh != null && pendingMesh.status().silent().contains(incarnation))
                || deaths.isPerhapsListed(incarnation, meshVersion);
    }

    private boolean waitsForTheList(Stream stream) {
        return stream.waiting != null
                && stream.waiting.getIncarnation() != 0
                && deaths.isPerhapsListed(stream.waiting.getIncarnation(), meshVersion);
    }

    private boolean isPresent(int incarnation) {
        return streams.values().stream()
                .anyMatch(stream -> (stream.member != null && stream.member.id.incarnation() == incarnation)
                        || (stream.waiting != null && stream.waiting.getIncarnation() == incarnation));
    }

    private @Nullable String faultOf(Register register) {
        if (register.getPeerAddress().length() > MAX_ADDRESS
                || register.getInternalPlayerAddress().length() > MAX_ADDRESS) {
            return "an address longer than " + MAX_ADDRESS + " characters, expected host:port";
        }
        if (register.getRegionsCount() > settings.maxReports()) {
            return register.getRegionsCount() + " regions, expected at most " + settings.maxReports();
        }
        if (register.getIncarnation() < 0 || register.getIncarnation() > EntityId.MAX_INCARNATION) {
            return "incarnation " + Integer.toUnsignedString(register.getIncarnation()) + ", expected at most "
                    + EntityId.MAX_INCARNATION;
        }
        if (register.getHighestTerm() < 0 || register.getHighestTerm() - known.term() > settings.maxEpochLead()) {
            return "highest term " + Long.toUnsignedString(register.getHighestTerm()) + ", but the term is "
                    + known.term();
        }
        if (register.getIncarnation() == 0 && register.getRegionsCount() > 0) {
            return "regions of a process without an incarnation, expected none";
        }
        return null;
    }

    private void admit(Stream stream, ServerId id, Register register, long now) {
        MeshSpec spec = spec();
        Member member = members.get(id);
        if (member == null) {
            member = new Member(id);
            if (accepting(now).isEmpty()) {
                // The first of several that start together waits for the others.
                settledAt = Math.max(settledAt, now + settings.settle().toNanos());
            }
            members.put(id, member);
        } else if (member.connected()) {
            Stream old = streams.get(member.stream);
            if (old != null) {
                refuse(old, CloseReason.REPLACED, "process " + id + " has opened another stream");
            }
        }
        stream.waiting = null;
        stream.member = member;
        member.registered(stream.number, register, now);
        outbox.send(
                stream.number,
                CoordinatorMessage.newBuilder()
                        .setRegistered(Registered.newBuilder()
                                .setIncarnation(id.incarnation())
                                .setHeartbeatMillis(spec.heartbeatMillis())));
        takeStock(member, register);
        nextPlanAt = Long.MIN_VALUE;
        publishNow = true;
    }

    /** What a process says that it has replaces what it has said before. */
    private void takeStock(Member member, Register register) {
        for (TrackedRegion region : regions.values()) {
            if (region.witnesses.containsKey(member.id)) {
                region.witness(member.id).holding = null;
                dirty.add(region.id);
            }
            if (member.id.equals(region.status.authority()) || member.id.equals(region.status.next())) {
                dirty.add(region.id);
            }
        }
        for (RegionReport report : register.getRegionsList()) {
            if (!witness(member, report)) {
                outbox.count(Counter.MESSAGES_REFUSED);
            }
        }
    }

    /**
     * What a process has not spoken of by its first heartbeat, it does not have. Its registration alone can be older than
     * the status: only a process that has heard the answer beats, and it talks to one operator at a time.
     */
    private void concludeAbsence(Member member) {
        for (TrackedRegion region : regions.values()) {
            // One that is only starting has perhaps not been told.
            if (member.id.equals(region.status.authority())
                    && region.status.phase() != RegionPhase.STARTING
                    && region.holding(member.id) == null) {
                region.witness(member.id).released(region.status.highestEpoch());
                dirty.add(region.id);
            }
        }
    }

    /** Takes in what a server says of a region; false if it is not to be believed. */
    private boolean witness(Member member, RegionReport report) {
        RegionId id = new RegionId(report.getRegionId());
        long epoch = report.getEpoch();
        TrackedRegion region = regions.get(id);
        long highest = Math.max(known.epochFloor(), region == null ? 0 : region.namedEpoch);
        boolean plausible = epoch >= 1 && epoch - highest <= settings.maxEpochLead() && report.getOfferedEpoch() >= 0;
        boolean held = switch (report.getState()) {
            case REGION_STATE_ACTING, REGION_STATE_FROZEN -> true;
            case REGION_STATE_RELEASED -> false;
            case REGION_STATE_UNSPECIFIED, UNRECOGNIZED -> {
                plausible = false;
                yield false;
            }
        };
        if (!plausible || !spec().geometry().contains(id)) {
            return false;
        }
        if (region == null) {
            if (!held) {
                return true;
            }
            if (regions.size() >= 2 * settings.maxReports()) {
                return false;
            }
            region = track(id);
        }
        boolean ahead = epoch > region.status.highestEpoch();
        Witness witness = region.witness(member.id);
        if (held) {
            witness.holds(new Holding(epoch, report.getState() == RegionState.REGION_STATE_FROZEN));
            region.namedEpoch = Math.max(region.namedEpoch, epoch);
        } else {
            // A promise about epochs that nobody has named yet would stand in the way of those to come.
            witness.released(Math.min(epoch, region.namedEpoch));
        }
        dirty.add(id);
        return !ahead || !region.exists();
    }

    private void heartbeat(Stream stream, Member member, Heartbeat heartbeat, long now) {
        if (heartbeat.getRegionsCount() > settings.maxReports()) {
            refuseMessage(
                    stream,
                    "heartbeat of " + member.id + " has " + heartbeat.getRegionsCount() + " regions, expected at most "
                            + settings.maxReports());
            return;
        }
        if (!member.stockTaken) {
            member.stockTaken = true;
            concludeAbsence(member);
        }
        MeshSpec spec = spec();
        int entities = 0;
        for (io.gamemesh.protocol.v1.RegionLoad load : heartbeat.getRegionsList()) {
            TrackedRegion region = regions.get(new RegionId(load.getRegionId()));
            if (region != null
                    && member.id.equals(region.status.authority())
                    && region.status.epoch() == load.getEpoch()) {
                steps.measure(region, spec, member, load, now);
                entities += region.load.entities();
            }
        }
        io.gamemesh.protocol.v1.ServerLoad said = heartbeat.getLoad();
        ServerLoad load = new ServerLoad(
                Math.max(0, said.getPlayers()),
                said.getCpu(),
                said.getMemory(),
                said.getTick(),
                (double) said.getBytesSentPerSecond() + said.getBytesReceivedPerSecond());
        member.heartbeat(load, entities, LoadScore.ofServer(spec.weights(), member.capacity, load, entities), now);
        outbox.send(
                stream.number,
                CoordinatorMessage.newBuilder()
                        .setLease(LeaseGrant.newBuilder()
                                .setHeartbeatSequence(heartbeat.getSequence())
                                .setDurationMillis(spec.leaseMillis())));
    }

    private void wanted(RegionId id) {
        TrackedRegion region = regions.get(id);
        if (region != null) {
            dirty.add(id);
            return;
        }
        if (WorldPlan.mayGrow(spec(), id, regions.size()) && !meshDeleting()) {
            create(track(id));
        } else {
            outbox.count(Counter.REGIONS_REFUSED);
        }
    }

    // Time.

    private void tick() {
        for (TrackedRegion region : regions.values()) {
            if (steps.needsTime(region)) {
                dirty.add(region.id);
            }
        }
    }

    /** What follows from whatever has happened. */
    private void settle(long now) {
        if (leads()) {
            believeDeclared();
            registerWaiting(now);
        }
        writeMesh(now);
        if (leads()) {
            boolean again = true;
            // A step can make another necessary, but only through the plan.
            while (again) {
                for (RegionId id : List.copyOf(dirty)) {
                    TrackedRegion region = regions.get(id);
                    if (region != null) {
                        step(region, now);
                    }
                }
                publishLeaves();
                dirty.clear();
                again = false;
                if (now >= nextPlanAt) {
                    nextPlanAt = now + settings.planEvery().toNanos();
                    plan(now);
                    again = !dirty.isEmpty();
                }
            }
            drain(now);
            writeMesh(now);
        }
        publish(now);
    }

    private void step(TrackedRegion region, long now) {
        steps.step(region, now);
        if (!region.exists()
                && region.witnesses.values().stream().allMatch(w -> w.holding == null)
                && region.objectWrite == 0
                && region.objectRetryAt <= now) {
            regions.remove(region.id);
            // Published as removed below.
            leaves.remove(region.id);
        }
    }

    private void publishLeaves() {
        for (RegionId id : dirty) {
            TrackedRegion region = regions.get(id);
            if (region != null && region.exists()) {
                leaves.update(leafOf(region));
            } else if (region != null) {
                leaves.remove(id);
            }
        }
        leaves.send(members.values(), outbox);
        for (Member member : members.values()) {
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
        if (authority == null || !acts || isDead(authority)) {
            return Leaf.vacant(region.id, status.epoch());
        }
        Member member = members.get(authority);
        Event.PodObserved pod = pods.get(authority.name());
        return new Leaf(
                region.id,
                authority,
                status.epoch(),
                pod == null ? "" : pod.playerAddress(),
                member == null ? "" : member.internalPlayerAddress,
                member == null ? "" : member.peerAddress);
    }

    // Planning.

    private void plan(long now) {
        MeshSpec spec = spec();
        if (now >= settledAt) {
            missSilent(now);
        }
        if (meshDeleting()) {
            deleteAll(now);
            return;
        }
        createMissing(now);
        List<ServerView> servers = new ArrayList<>();
        for (Member member : accepting(now)) {
            servers.add(new ServerView(member.id, isDraining(member), member.smoothedLoad));
        }
        boolean settled = now >= settledAt
                || servers.stream().filter(server -> !server.draining()).count() >= Math.max(1, spec.replicas());
        if (settled) {
            Set<ServerId> acceptingIds = servers.stream().map(ServerView::id).collect(Collectors.toSet());
            List<RegionView> views = new ArrayList<>(regions.size());
            for (TrackedRegion region : regions.values()) {
                RegionView view = viewOf(region, acceptingIds, now);
                if (view != null) {
                    views.add(view);
                }
            }
            for (Decision decision :
                    planner.plan(spec.highLoad(), servers, views).decisions()) {
                TrackedRegion region = regions.get(decision.region());
                if (region == null) {
                    continue;
                }
                switch (decision) {
                    case Decision.Start(RegionId id, ServerId server) -> steps.start(region, server, now);
                    case Decision.Move(RegionId id, ServerId from, ServerId to, Decision.Reason reason) ->
                        steps.move(region, to, reason.word(), now);
                }
            }
        }
        for (TrackedRegion region : regions.values()) {
            steps.recordLoss(region, now);
        }
    }

    private void missSilent(long now) {
        SortedMap<Integer, ServerId> missed = new TreeMap<>();
        for (TrackedRegion region : regions.values()) {
            miss(region.status.authority(), missed, now);
            miss(region.status.next(), missed, now);
            for (Map.Entry<ServerId, Witness> entry : region.witnesses.entrySet()) {
                if (entry.getValue().holding != null) {
                    miss(entry.getKey(), missed, now);
                }
            }
        }
        deaths.missed(missed);
        if (mesh != null) {
            deaths.refuse(known, mesh.declaredTerminated(), this::isPresent, outbox);
        }
    }

    private void miss(@Nullable ServerId process, SortedMap<Integer, ServerId> missed, long now) {
        if (process == null || terminated.contains(process)) {
            return;
        }
        Member member = members.get(process);
        if (member == null
                || (!member.connected()
                        && now - member.heardAt >= settings.settle().toNanos())) {
            missed.put(process.incarnation(), process);
        }
    }

    private void believeDeclared() {
        if (mesh == null) {
            return;
        }
        for (int number : deaths.believe(known.silent(), mesh.declaredTerminated())) {
            members.values().removeIf(member -> member.id.incarnation() == number);
            outbox.count(Counter.SERVERS_DEAD);
            markAll();
            nextPlanAt = Long.MIN_VALUE;
            publishNow = true;
        }
    }

    private List<Member> accepting(long now) {
        long patience = Duration.ofMillis(mesh == null ? 0 : mesh.spec().heartbeatMillis())
                        .toNanos()
                * settings.silentHeartbeats();
        Map<String, Member> latest = new TreeMap<>();
        for (Member member : members.values()) {
            if (member.connected() && !isDead(member.id) && now - member.heardAt <= patience) {
                // Of two processes of one name the earlier one is on its way out.
                latest.merge(member.id.name(), member, (a, b) -> a.id.incarnation() > b.id.incarnation() ? a : b);
            }
        }
        return List.copyOf(latest.values());
    }

    private boolean isDraining(Member member) {
        Event.PodObserved pod = pods.get(member.id.name());
        return member.draining || (pod != null && pod.deleting()) || ordinal(member.id.name()) >= spec().replicas();
    }

    /** The number at the end of a stateful set's pod; 0 for names without one, which no replica count empties. */
    private static int ordinal(String server) {
        int start = server.length();
        while (start > 0 && Character.isDigit(server.charAt(start - 1))) {
            start--;
        }
        return start == server.length() || server.length() - start > 9 ? 0 : Integer.parseInt(server.substring(start));
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

    private void createMissing(long now) {
        MeshSpec spec = spec();
        long underWay = regions.values().stream()
                .filter(region -> !region.exists() && region.objectWrite != 0)
                .count();
        for (RegionId id : WorldPlan.missing(
                spec,
                regions.entrySet().stream()
                        .filter(entry -> entry.getValue().exists())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()))) {
            if (underWay >= CREATIONS_AT_ONCE) {
                return;
            }
            TrackedRegion region = track(id);
            if (region.objectWrite == 0 && now >= region.objectRetryAt) {
                create(region);
                region.objectRetryAt = now + settings.retry().toNanos();
                underWay++;
            }
        }
        // What servers hold of a world without bounds has to have an object too, so that it can be settled who acts.
        for (TrackedRegion region : List.copyOf(regions.values())) {
            if (!region.exists()
                    && region.objectWrite == 0
                    && now >= region.objectRetryAt
                    && steps.hasClaims(region)
                    && WorldPlan.mayGrow(spec, region.id, regions.size() - 1)) {
                create(region);
                region.objectRetryAt = now + settings.retry().toNanos();
            }
        }
    }

    private void create(TrackedRegion region) {
        region.objectWrite = outbox.nextWrite();
        writes.put(region.objectWrite, region.id);
        outbox.add(new CreateRegion(region.objectWrite, region.id, region.name));
    }

    private boolean meshDeleting() {
        return mesh != null && mesh.deletionRequested();
    }

    private void deleteAll(long now) {
        for (TrackedRegion region : regions.values()) {
            RegionResource resource = region.resource;
            if (resource != null
                    && !resource.deletionRequested()
                    && region.objectWrite == 0
                    && now >= region.objectRetryAt) {
                region.objectWrite = outbox.nextWrite();
                region.objectRetryAt = now + settings.retry().multipliedBy(5).toNanos();
                writes.put(region.objectWrite, region.id);
                outbox.add(new DeleteRegion(region.objectWrite, region.id, region.name));
            }
        }
        boolean empty = regions.values().stream().noneMatch(TrackedRegion::exists);
        if (empty && now >= meshReleasedAgainAt) {
            meshReleasedAgainAt = now + settings.retry().toNanos();
            outbox.add(new MeshReleased());
        }
    }

    private void drain(long now) {
        for (Member member : members.values()) {
            if (!member.draining || !member.connected() || now < member.drainCompleteAgainAt) {
                continue;
            }
            boolean owns = regions.values().stream()
                    .anyMatch(region -> member.id.equals(region.status.authority())
                            || member.id.equals(region.status.next())
                            || region.holding(member.id) != null
                            || (region.pending != null
                                    && (member.id.equals(region.pending.status().authority())
                                            || member.id.equals(
                                                    region.pending.status().next()))));
            if (!owns) {
                member.drainCompleteAgainAt = now + settings.resend().toNanos();
                outbox.send(
                        member.stream,
                        CoordinatorMessage.newBuilder().setDrainComplete(DrainComplete.getDefaultInstance()));
            }
        }
    }

    private MeshSpec spec() {
        if (mesh == null) {
            throw new IllegalStateException(
                    "the mesh has not been observed, expected it to be before this operator leads");
        }
        return mesh.spec();
    }

    // Views.

    private void publish(long now) {
        long publishEvery = settings.publishEvery().toNanos();
        MeshResource present = mesh;
        if (present == null || now < (publishNow ? nextPublishAt - 9 * publishEvery / 10 : nextPublishAt)) {
            return;
        }
        publishNow = false;
        nextPublishAt = now + publishEvery;
        MeshViews views = new MeshViews(this::isDraining, accepting(now), pods);
        outbox.add(new Publish(views.draw(
                present.spec(),
                leads(),
                term,
                known.lastIncarnation(),
                members.values(),
                regions.values(),
                transfers,
                transferFailures,
                failovers)));
    }

    /** What the steps of a region need to know of the rest. */
    private final class StepContext implements RegionSteps.Context {

        @Override
        public boolean isDead(ServerId process) {
            return Coordinator.this.isDead(process);
        }

        @Override
        public @Nullable Member member(ServerId process) {
            return members.get(process);
        }

        @Override
        public boolean meshDeleting() {
            return Coordinator.this.meshDeleting();
        }

        @Override
        public boolean meshReleaseDue(long now) {
            return now >= meshReleaseAt;
        }

        @Override
        public boolean floorCovers(long epoch) {
            if (known.epochFloor() >= epoch) {
                return true;
            }
            epochFloorWanted = Math.max(epochFloorWanted, epoch);
            return false;
        }

        @Override
        public long epochFloor() {
            return known.epochFloor();
        }

        @Override
        public int writesUnderWay() {
            return writes.size();
        }

        @Override
        public void underWay(long write, RegionId region) {
            writes.put(write, region);
        }

        @Override
        public boolean mayExist(RegionId region) {
            return mesh != null
                    && !mesh.deletionRequested()
                    && (mesh.spec().geometry().bounds() != null
                            ? region.depth() == 0 && mesh.spec().geometry().contains(region)
                            : WorldPlan.mayGrow(mesh.spec(), region, regions.size() - 1));
        }
    }
}
