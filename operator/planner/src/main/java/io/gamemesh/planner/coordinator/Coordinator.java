package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final CoordinatorSettings settings;
    private final Outbox outbox = new Outbox();
    private final Agenda agenda;
    private final Leadership leadership;
    private final Deaths deaths = new Deaths();
    private final Regions regions;
    private final RegionSteps steps;
    private final Servers servers;
    private final ServerTalk talk;
    private final SilenceWatch silence;
    private final WorldKeeper world;
    private final ReplicaCount replicas;
    private final Planning planning;
    private final Publisher publisher;
    private final Map<String, Event.PodObserved> pods = new TreeMap<>();

    /** A coordinator that knows nothing yet and does not lead. */
    public Coordinator(CoordinatorSettings settings) {
        this.settings = settings;
        agenda = new Agenda(settings);
        leadership = new Leadership(settings, outbox);
        regions = new Regions(settings, outbox, agenda, leadership, deaths);
        steps = new RegionSteps(settings, outbox, new StepContext());
        Testimony testimony = new Testimony(settings, outbox, leadership, regions);
        servers = new Servers(settings, outbox, agenda, leadership, deaths, testimony);
        silence = new SilenceWatch(settings, outbox, leadership, deaths, servers, regions);
        world = new WorldKeeper(settings, outbox, leadership, regions, steps);
        talk = new ServerTalk(settings, outbox, agenda, leadership, servers, testimony, regions, world);
        replicas = new ReplicaCount(outbox, agenda, leadership, deaths, servers, regions, pods);
        planning = new Planning(settings, outbox, agenda, leadership, replicas, servers, regions, steps, pods);
        publisher = new Publisher(outbox, leadership, deaths, servers, regions, replicas, planning, pods);
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
            case Event.LeadershipLost() -> loseLeadership();
            case Event.MeshObserved(MeshResource observed) -> observeMesh(observed, nowNanos);
            case Event.MeshGone() -> meshGone();
            case Event.RegionObserved(RegionResource observed) -> regions.observe(observed, nowNanos);
            case Event.RegionGone(RegionId id, String uid) -> regions.gone(id, uid);
            case Event.RegionsListed() -> regionsListed();
            case Event.StreamOpened opened -> servers.open(opened.stream(), opened.server());
            case Event.StreamMessage said -> talk.receive(said.stream(), said.message(), nowNanos);
            case Event.StreamClosed closed -> servers.close(closed.stream());
            case Event.ContainerTerminated(ServerId process) -> containerTerminated(process);
            case Event.PodObserved pod -> observePod(pod);
            case Event.PodGone(String server) -> podGone(server);
            case Event.WriteSucceeded(long write, String version) -> writeSucceeded(write, version, nowNanos);
            case Event.WriteFailed failed -> writeFailed(failed.write(), failed.failure(), failed.message(), nowNanos);
            case Event.Tick() -> tick();
        }
        settle(nowNanos);
        return outbox.drain();
    }

    /** True once this operator has raised the term and has seen what there is. */
    public boolean leads() {
        return leadership.leads();
    }

    // Leadership.

    private void gainLeadership(long now) {
        leadership.gained(now);
        agenda.settleFrom(now);
    }

    private void loseLeadership() {
        leadership.lost();
        stepDown(CloseReason.NOT_LEADING, "this operator does not lead any more");
    }

    private void stepDown(CloseReason reason, String why) {
        leadership.forget();
        deaths.declared.forget();
        servers.dismiss(reason, why);
        replicas.forget();
        publisher.reset();
        regions.forgetLeadership();
        // A view of the next leadership must not come before its first decision.
        agenda.planNow();
        agenda.publishSoon();
    }

    // What the API server shows.

    private void observeMesh(MeshResource observed, long now) {
        if (!leadership.isNews(observed)) {
            return;
        }
        if (leadership.isAnother(observed)) {
            meshGone();
        }
        leadership.observe(observed);
        if (leadership.isSuperseded()) {
            stepDown(
                    CloseReason.NOT_LEADING,
                    "another operator leads with term " + leadership.known().term() + ", this one's was "
                            + leadership.term());
            // The election will soon say so too; if it does not, this one leads after all.
            long again = now + settings.settle().toNanos();
            leadership.raiseTermFrom(again);
            agenda.settleFrom(again);
        }
        leadership.countDownToRelease(now);
        regions.markAll();
        agenda.publishSoon();
    }

    private void meshGone() {
        leadership.forgetMesh();
        stepDown(CloseReason.MESH_GONE, "the GameMesh is gone");
        regions.clear();
        deaths.forgetMesh();
    }

    private void regionsListed() {
        leadership.regionsListed();
        regions.markAll();
    }

    private void observePod(Event.PodObserved pod) {
        Event.PodObserved before = pods.put(pod.server(), pod);
        if (before == null || !before.playerAddress().equals(pod.playerAddress())) {
            // Where players find a server is part of the leaf map.
            regions.markServedBy(pod.server());
        }
        agenda.publishSoon();
    }

    private void podGone(String server) {
        pods.remove(server);
        agenda.publishSoon();
    }

    // Deaths.

    private void containerTerminated(ServerId process) {
        if (deaths.terminated(process)) {
            outbox.count(Counter.SERVERS_DEAD);
            servers.bury(process);
            regions.markThoseOf(process);
            regions.dismissWitnesses(process::equals);
            agenda.planNow();
            agenda.publishSoon();
        }
    }

    private void believeDeclarations() {
        for (int number : deaths.declared.believe(leadership.known().silent(), leadership.declared())) {
            outbox.count(Counter.SERVERS_DEAD);
            servers.bury(number);
            regions.markAll();
            regions.dismissWitnesses(process -> process.incarnation() == number);
            agenda.planNow();
            agenda.publishSoon();
        }
    }

    // Writes.

    private void writeMesh(long now) {
        List<Integer> silent =
                deaths.declared.list(leadership.known().silent(), leadership.declared(), servers::isPresent);
        leadership.write(servers.numberless(), silent, servers.waitForTheList(), now);
    }

    private void writeSucceeded(long write, String version, long now) {
        Leadership.Pending pending = leadership.pending();
        if (pending != null && pending.write() == write) {
            meshWritten(pending, version, now);
            return;
        }
        List<Effect> then = regions.written(write, version, now);
        outbox.addAll(then);
        publisher.tally(then);
    }

    private void meshWritten(Leadership.Pending done, String version, long now) {
        CoordinatorStatus before = leadership.known();
        leadership.written(done, version);
        if (done.status().epochFloor() > before.epochFloor()) {
            // Regions that wait for the floor can go.
            regions.markAll();
        }
        deaths.declared.announce(before.silent(), done.status().silent(), outbox);
        if (done.raisesTerm()) {
            agenda.settleLonger(now);
            publisher.newTerm();
            outbox.normal("LeaderElected", "this operator leads with term " + leadership.term(), null);
            regions.markAll();
            agenda.publishSoon();
        }
        servers.admitNumbered(done, now);
    }

    private void writeFailed(long write, WriteFailure failure, String message, long now) {
        outbox.count(failure == WriteFailure.CONFLICT ? Counter.WRITE_CONFLICTS : Counter.WRITE_FAILURES);
        Leadership.Pending pending = leadership.pending();
        if (pending == null || pending.write() != write) {
            regions.notWritten(write, failure, message, now);
            return;
        }
        leadership.notWritten(pending, failure, now);
        if (failure != WriteFailure.CONFLICT && failure != WriteFailure.NOT_FOUND) {
            deaths.declared.unresolved(
                    pending.expectedVersion(), pending.status().silent());
        }
    }

    // What follows.

    private void tick() {
        for (TrackedRegion region : regions.all()) {
            if (steps.needsTime(region)) {
                regions.mark(region.id);
            }
        }
    }

    /** What follows from whatever has happened. */
    private void settle(long now) {
        if (leads()) {
            believeDeclarations();
            servers.registerWaiting(now);
        }
        writeMesh(now);
        if (leads()) {
            stepRegions(now);
            // A step can make another necessary, but only through the plan.
            while (agenda.takePlan(now)) {
                plan(now);
                if (regions.anyMarked()) {
                    stepRegions(now);
                }
            }
            planning.completeDrains(now);
            writeMesh(now);
        }
        MeshResource mesh = leadership.mesh();
        if (mesh != null && agenda.takePublication(now)) {
            publisher.publish(mesh, now);
        }
    }

    private void stepRegions(long now) {
        for (RegionId id : regions.marked()) {
            TrackedRegion region = regions.get(id);
            if (region != null) {
                step(region, now);
            }
        }
        publisher.tellServers();
        regions.unmarkAll();
    }

    private void step(TrackedRegion region, long now) {
        steps.step(region, now);
        if (!region.exists()
                && region.witnesses.values().stream().allMatch(witness -> witness.holding == null)
                && region.objectWrite == 0
                && region.objectRetryAt <= now) {
            regions.remove(region.id);
            publisher.removed(region);
        }
    }

    private void plan(long now) {
        if (agenda.isSettled(now)) {
            silence.look(now);
        }
        if (servers.anyDisconnected()) {
            servers.strikeOff(regions.owners(), pods.keySet(), now);
        }
        planning.countServers(now);
        if (leadership.meshDeleting()) {
            world.deleteAll(now);
        } else {
            world.createMissing(now);
            planning.plan(now);
        }
    }

    /** What the steps of a region need to know of the rest. */
    private final class StepContext implements RegionSteps.Context {

        @Override
        public boolean isDead(ServerId process) {
            return deaths.isDead(process);
        }

        @Override
        public boolean isSilent(ServerId process, long now) {
            // Servers that have not come to a new leader yet are not silent.
            return agenda.isSettled(now) && servers.isSilent(process, now);
        }

        @Override
        public @Nullable Member member(ServerId process) {
            return servers.member(process);
        }

        @Override
        public boolean meshDeleting() {
            return leadership.meshDeleting();
        }

        @Override
        public boolean meshReleaseDue(long now) {
            return leadership.meshReleaseDue(now);
        }

        @Override
        public boolean floorCovers(long epoch) {
            if (leadership.known().epochFloor() >= epoch) {
                return true;
            }
            leadership.wantEpochFloor(epoch);
            return false;
        }

        @Override
        public long epochFloor() {
            return leadership.known().epochFloor();
        }

        @Override
        public int writesUnderWay() {
            return regions.writesUnderWay();
        }

        @Override
        public void underWay(long write, RegionId region) {
            regions.underWay(write, region);
        }

        @Override
        public boolean mayExist(RegionId region) {
            return world.mayExist(region);
        }
    }
}
