package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All regions of the mesh, those that only servers speak of included; with the writes of them that are under way. */
final class Regions {

    /** More than go while a request to the API server is under way. */
    private static final int MAX_GONE = 4096;

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Agenda agenda;
    private final Leadership leadership;
    private final Deaths deaths;
    private final TreeMap<RegionId, TrackedRegion> all = new TreeMap<>();
    private final Map<Long, RegionId> writes = new HashMap<>();
    private final TreeSet<RegionId> dirty = new TreeSet<>();

    /** The objects that are gone, by their uids: what was read of one before may come later. */
    private final Set<String> gone = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_GONE;
        }
    });

    Regions(CoordinatorSettings settings, Outbox outbox, Agenda agenda, Leadership leadership, Deaths deaths) {
        this.settings = settings;
        this.outbox = outbox;
        this.agenda = agenda;
        this.leadership = leadership;
        this.deaths = deaths;
    }

    Collection<TrackedRegion> all() {
        return all.values();
    }

    /** Processes that act for any, are about to, or may yet. */
    Set<ServerId> owners() {
        return all.values().stream().flatMap(TrackedRegion::owners).collect(Collectors.toSet());
    }

    /** What the dead have said counts no more, save for the epochs that they have named. */
    void dismissWitnesses(Predicate<ServerId> dead) {
        all.values().forEach(region -> region.dismissWitnesses(dead));
    }

    int size() {
        return all.size();
    }

    @Nullable TrackedRegion get(RegionId id) {
        return all.get(id);
    }

    TrackedRegion track(RegionId id) {
        MeshResource mesh = leadership.mesh();
        return all.computeIfAbsent(
                id,
                i -> new TrackedRegion(i, i.name(mesh == null ? "" : mesh.spec().name())));
    }

    void remove(RegionId id) {
        all.remove(id);
    }

    void clear() {
        all.clear();
    }

    /** Forgets what only a leader may believe. */
    void forgetLeadership() {
        writes.clear();
        dirty.clear();
        all.values().removeIf(region -> !region.exists());
        all.values().forEach(TrackedRegion::forgetLeadership);
    }

    // Which have to be looked at.

    void mark(RegionId id) {
        dirty.add(id);
    }

    void markAll() {
        dirty.addAll(all.keySet());
    }

    /** Those that a process has to do with. */
    void markThoseOf(ServerId process) {
        for (TrackedRegion region : all.values()) {
            if (region.witnesses.containsKey(process)
                    || process.equals(region.status.authority())
                    || process.equals(region.status.next())
                    || region.status.backups().has(process)) {
                dirty.add(region.id);
            }
        }
    }

    /** Those that players find at a server, under whichever number. */
    void markServedBy(String server) {
        for (TrackedRegion region : all.values()) {
            ServerId authority = region.status.authority();
            if (authority != null && authority.name().equals(server)) {
                dirty.add(region.id);
            }
        }
    }

    List<RegionId> marked() {
        return List.copyOf(dirty);
    }

    boolean anyMarked() {
        return !dirty.isEmpty();
    }

    void unmarkAll() {
        dirty.clear();
    }

    // What the API server shows.

    void observe(RegionResource observed, long now) {
        if (gone.contains(observed.uid())) {
            return;
        }
        TrackedRegion region = track(observed.id());
        RegionResource before = region.resource;
        boolean same = before != null && before.uid().equals(observed.uid());
        if (before != null && !ResourceVersions.isNews(observed.resourceVersion(), region.version)) {
            return;
        }
        if (before != null && !same) {
            gone.add(before.uid());
            objectGone(region);
        }
        region.resource = observed;
        region.version = observed.resourceVersion();
        adopt(region, observed.status(), now);
        dirty.add(region.id);
    }

    private void adopt(TrackedRegion region, RegionStatus status, long now) {
        region.adopt(status, now);
        agenda.publishSoon();
    }

    void gone(RegionId id, String uid) {
        gone.add(uid);
        TrackedRegion region = all.get(id);
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
                && !deaths.isDead(authority)
                && region.releasedUpTo(authority) < region.status.epoch()
                && region.holding(authority) == null) {
            region.witness(authority).holds(new Holding(region.status.epoch(), false));
        }
        leadership.wantEpochFloor(region.status.highestEpoch());
        region.forgetObject();
        agenda.publishSoon();
    }

    // Writes.

    int writesUnderWay() {
        return writes.size();
    }

    void underWay(long write, RegionId region) {
        writes.put(write, region);
    }

    /**
     * A write of a region has succeeded.
     *
     * @return what was to follow from it
     */
    List<Effect> written(long write, String version, long now) {
        TrackedRegion region = regionOf(write);
        if (region == null) {
            return List.of();
        }
        dirty.add(region.id);
        if (region.objectWrite == write) {
            region.objectWrite = 0;
            return List.of();
        }
        TrackedRegion.Pending pending = region.pending;
        if (pending == null || pending.write() != write) {
            return List.of();
        }
        region.pending = null;
        if (ResourceVersions.isNews(version, region.version)) {
            region.version = version;
            adopt(region, pending.status(), now);
        }
        return pending.then();
    }

    void notWritten(long write, WriteFailure failure, String message, long now) {
        TrackedRegion region = regionOf(write);
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

    private @Nullable TrackedRegion regionOf(long write) {
        RegionId id = writes.remove(write);
        return id == null ? null : all.get(id);
    }
}
