package io.gamemesh.simulation;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.MeshResource;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.RegionResource;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.planner.coordinator.WriteFailure;
import io.gamemesh.protocol.id.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store of objects with versions, compare-and-swap, finalizers, and a log of changes to watch. */
final class ApiServer {

    /** A change of an object, as a watch shows it. */
    sealed interface Change {}

    record MeshChanged(MeshResource mesh) implements Change {}

    record MeshDeleted() implements Change {}

    record RegionChanged(RegionResource region) implements Change {}

    record RegionDeleted(RegionId id, String uid) implements Change {}

    record PodChanged(Cluster.PodView pod) implements Change {}

    record PodDeleted(Cluster.PodView last) implements Change {}

    /** What came of a write: a version, or why not. */
    record Outcome(@Nullable String version, @Nullable WriteFailure failure) {
        static Outcome ok(String version) {
            return new Outcome(version, null);
        }

        static Outcome failed(WriteFailure failure) {
            return new Outcome(null, failure);
        }
    }

    private final Checker checker;
    private final History history;
    private final Sabotage sabotage;
    private final List<Change> log = new ArrayList<>();
    private final List<Consumer<Change>> watchers = new ArrayList<>();
    private final TreeMap<RegionId, RegionResource> regions = new TreeMap<>();

    private @Nullable MeshResource mesh;
    private int servers;
    private long version = 1000;
    private long uid;

    ApiServer(Checker checker, History history, Sabotage sabotage) {
        this.checker = checker;
        this.history = history;
        this.sabotage = sabotage;
    }

    List<Change> log() {
        return log;
    }

    void watch(Consumer<Change> watcher) {
        watchers.add(watcher);
    }

    void unwatch(Consumer<Change> watcher) {
        watchers.remove(watcher);
    }

    @Nullable MeshResource mesh() {
        return mesh;
    }

    Map<RegionId, RegionResource> regions() {
        return regions;
    }

    void publish(Change change) {
        log.add(change);
        for (Consumer<Change> watcher : List.copyOf(watchers)) {
            watcher.accept(change);
        }
    }

    private String next() {
        return Long.toString(++version);
    }

    // What a user and other controllers do.

    void createMesh(MeshSpec spec) {
        servers = spec.replicas();
        store(new MeshResource("mesh-" + ++uid, next(), spec, 0, CoordinatorStatus.NEW, Set.of(), false));
    }

    void touchMesh() {
        MeshResource m = mesh;
        if (m != null) {
            store(new MeshResource(
                    m.uid(),
                    next(),
                    m.spec(),
                    m.desiredServers(),
                    m.coordinator(),
                    m.declaredTerminated(),
                    m.deletionRequested()));
        }
    }

    void scale(int replicas) {
        MeshResource m = mesh;
        if (m != null) {
            MeshSpec s = m.spec();
            MeshSpec spec = new MeshSpec(
                    s.name(),
                    s.geometry(),
                    replicas,
                    s.scaling(),
                    s.tickRate(),
                    s.maxPlayers(),
                    s.weights(),
                    s.highLoad(),
                    s.heartbeatMillis(),
                    s.leaseMillis(),
                    s.backups(),
                    s.maxRegions());
            store(new MeshResource(
                    m.uid(),
                    next(),
                    spec,
                    m.desiredServers(),
                    m.coordinator(),
                    m.declaredTerminated(),
                    m.deletionRequested()));
        }
    }

    void declareTerminated(int incarnation) {
        MeshResource m = mesh;
        if (m != null) {
            Set<Integer> numbers = new TreeSet<>(m.declaredTerminated());
            numbers.add(incarnation);
            store(new MeshResource(
                    m.uid(), next(), m.spec(), m.desiredServers(), m.coordinator(), numbers, m.deletionRequested()));
        }
    }

    void withdrawTerminated(int incarnation) {
        MeshResource m = mesh;
        if (m != null) {
            Set<Integer> numbers = new TreeSet<>(m.declaredTerminated());
            numbers.remove(incarnation);
            store(new MeshResource(
                    m.uid(), next(), m.spec(), m.desiredServers(), m.coordinator(), numbers, m.deletionRequested()));
        }
    }

    void deleteMesh() {
        MeshResource m = mesh;
        if (m != null) {
            store(new MeshResource(
                    m.uid(), next(), m.spec(), m.desiredServers(), m.coordinator(), m.declaredTerminated(), true));
        }
    }

    void meshReleased() {
        mesh = null;
        history.add("api: mesh gone");
        publish(new MeshDeleted());
    }

    /** What the reconciler makes of a leader's view: the stateful set, and the number in the mesh's status. */
    void reconcile(MeshView.Replicas replicas) {
        MeshResource m = mesh;
        if (m == null) {
            return;
        }
        servers = replicas.of(servers);
        if (m.desiredServers() != replicas.desired()) {
            store(new MeshResource(
                    m.uid(),
                    next(),
                    m.spec(),
                    replicas.desired(),
                    m.coordinator(),
                    m.declaredTerminated(),
                    m.deletionRequested()));
        }
    }

    /** Replicas of the stateful set. */
    int servers() {
        return servers;
    }

    private void store(MeshResource changed) {
        mesh = changed;
        publish(new MeshChanged(changed));
    }

    void pin(RegionId id, @Nullable String server) {
        RegionResource r = regions.get(id);
        if (r != null) {
            store(new RegionResource(r.id(), r.uid(), next(), server, r.deletionRequested(), r.status()));
        }
    }

    void delete(RegionId id) {
        RegionResource r = regions.get(id);
        if (r != null && !r.deletionRequested()) {
            store(new RegionResource(r.id(), r.uid(), next(), r.pinnedTo(), true, r.status()));
        }
    }

    private void store(RegionResource changed) {
        regions.put(changed.id(), changed);
        publish(new RegionChanged(changed));
    }

    // What operators ask for.

    Outcome writeCoordinator(String expected, CoordinatorStatus status, String by) {
        MeshResource m = mesh;
        if (m == null) {
            return Outcome.failed(WriteFailure.NOT_FOUND);
        }
        if (!m.resourceVersion().equals(expected) && sabotage != Sabotage.BLIND_WRITES) {
            return Outcome.failed(WriteFailure.CONFLICT);
        }
        CoordinatorStatus kept = sabotage == Sabotage.INCARNATION_REUSED
                ? new CoordinatorStatus(status.term(), 0, status.epochFloor(), status.silent())
                : sabotage == Sabotage.EPOCH_REUSED
                        ? new CoordinatorStatus(status.term(), status.lastIncarnation(), 0, status.silent())
                        : status;
        history.add("api: " + by + " writes " + status);
        checker.coordinatorWritten(m.coordinator(), status, by);
        String stored = next();
        store(new MeshResource(
                m.uid(), stored, m.spec(), m.desiredServers(), kept, m.declaredTerminated(), m.deletionRequested()));
        return Outcome.ok(stored);
    }

    Outcome writeRegion(RegionId id, String expected, RegionStatus status, String by) {
        RegionResource r = regions.get(id);
        if (r == null) {
            return Outcome.failed(WriteFailure.NOT_FOUND);
        }
        if (!r.resourceVersion().equals(expected) && sabotage != Sabotage.BLIND_WRITES) {
            return Outcome.failed(WriteFailure.CONFLICT);
        }
        RegionStatus kept = sabotage == Sabotage.EPOCH_REUSED && status.next() == null
                ? new RegionStatus(
                        status.phase(),
                        status.authority(),
                        status.next(),
                        0,
                        0,
                        status.players(),
                        status.entities(),
                        status.loadPercent(),
                        status.lastTransfer(),
                        status.stateLost(),
                        status.waitsFor(),
                        status.backups())
                : status;
        history.add("api: " + by + " writes " + id + " " + Text.of(status));
        checker.regionWritten(id, r.status(), status, by);
        String stored = next();
        boolean vacant = status.authority() == null;
        store(new RegionResource(id, r.uid(), stored, r.pinnedTo(), r.deletionRequested(), vacant ? kept : status));
        return Outcome.ok(stored);
    }

    Outcome createRegion(RegionId id) {
        if (regions.containsKey(id)) {
            return Outcome.failed(WriteFailure.ALREADY_EXISTS);
        }
        if (mesh == null) {
            return Outcome.failed(WriteFailure.REFUSED);
        }
        history.add("api: creates " + id);
        String stored = next();
        store(new RegionResource(id, "region-" + ++uid, stored, null, false, RegionStatus.NEW));
        return Outcome.ok(stored);
    }

    Outcome deleteRegion(RegionId id) {
        if (!regions.containsKey(id)) {
            return Outcome.failed(WriteFailure.NOT_FOUND);
        }
        delete(id);
        return Outcome.ok("");
    }

    Outcome removeFinalizer(RegionId id, String ofUid) {
        RegionResource r = regions.get(id);
        if (r == null || !r.uid().equals(ofUid)) {
            return Outcome.failed(WriteFailure.NOT_FOUND);
        }
        if (!r.deletionRequested()) {
            return Outcome.failed(WriteFailure.REFUSED);
        }
        history.add("api: " + id + " is gone");
        checker.regionRemoved(id, mesh != null && mesh.deletionRequested());
        regions.remove(id);
        publish(new RegionDeleted(id, ofUid));
        return Outcome.ok("");
    }
}
