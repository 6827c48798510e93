package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.Effect.WriteCoordinatorStatus;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether this operator leads, and with which term; with the mesh's object, whose status keeps what every leader has to
 * know. All of that is written by compare-and-swap, one write at a time.
 */
final class Leadership {

    /**
     * A write of the mesh's status under way.
     *
     * @param write its number
     * @param expectedVersion what it is compared with
     * @param status what is being written
     * @param raisesTerm true if this operator leads once it has succeeded
     * @param numbered streams whose processes get the last numbers of the status, in order
     */
    record Pending(
            long write, String expectedVersion, CoordinatorStatus status, boolean raisesTerm, List<Long> numbered) {}

    private final CoordinatorSettings settings;
    private final Outbox outbox;

    private @Nullable MeshResource mesh;
    private CoordinatorStatus known = CoordinatorStatus.NEW;
    private String version = "";
    private @Nullable String refutedVersion;
    private @Nullable Pending pending;
    private long retryAt = Long.MIN_VALUE;
    private boolean regionsListed;
    private boolean elected;
    private long term;
    private long raiseTermAbove;
    private long raiseTermAt = Long.MIN_VALUE;
    private long epochFloorWanted;
    private long releaseAt = Long.MAX_VALUE;

    Leadership(CoordinatorSettings settings, Outbox outbox) {
        this.settings = settings;
        this.outbox = outbox;
    }

    /** True once this operator has raised the term and has seen what there is. */
    boolean leads() {
        return elected && term > 0 && regionsListed && mesh != null;
    }

    boolean elected() {
        return elected;
    }

    long term() {
        return term;
    }

    /** What the mesh's status says, this operator's own writes included. */
    CoordinatorStatus known() {
        return known;
    }

    @Nullable MeshResource mesh() {
        return mesh;
    }

    /** How many servers were wanted last, whoever led; 0 if nobody has. */
    int desiredServers() {
        return mesh == null ? 0 : mesh.desiredServers();
    }

    MeshSpec spec() {
        if (mesh == null) {
            throw new IllegalStateException(
                    "the mesh has not been observed, expected it to be before this operator leads");
        }
        return mesh.spec();
    }

    boolean meshDeleting() {
        return mesh != null && mesh.deletionRequested();
    }

    /** True if the regions of a mesh that is being deleted have waited for their servers for long enough. */
    boolean meshReleaseDue(long now) {
        return now >= releaseAt;
    }

    /** What the annotation names, as of the same version as {@link #known}: only its writes have come since. */
    Set<Integer> declared() {
        return mesh == null ? Set.of() : mesh.declaredTerminated();
    }

    // What becomes known.

    void gained(long now) {
        elected = true;
        raiseTermAt = now;
    }

    void lost() {
        elected = false;
    }

    /** Keeps the term from being raised for a while; the election will soon say who leads. */
    void raiseTermFrom(long nanos) {
        raiseTermAt = nanos;
    }

    void regionsListed() {
        regionsListed = true;
    }

    void forget() {
        term = 0;
        pending = null;
        raiseTermAbove = 0;
        epochFloorWanted = 0;
        releaseAt = Long.MAX_VALUE;
    }

    void forgetMesh() {
        mesh = null;
        version = "";
        refutedVersion = null;
        known = CoordinatorStatus.NEW;
    }

    boolean isNews(MeshResource observed) {
        return mesh == null
                || !mesh.uid().equals(observed.uid())
                || ResourceVersions.isNews(observed.resourceVersion(), version);
    }

    boolean isAnother(MeshResource observed) {
        return mesh != null && !mesh.uid().equals(observed.uid());
    }

    void observe(MeshResource observed) {
        mesh = observed;
        version = observed.resourceVersion();
        known = observed.coordinator();
    }

    /** True if another operator has raised the term since. */
    boolean isSuperseded() {
        return term > 0 && known.term() > term;
    }

    void countDownToRelease(long now) {
        if (meshDeleting() && releaseAt == Long.MAX_VALUE) {
            releaseAt = now + settings.meshReleaseTimeout().toNanos();
        }
    }

    /** A server has seen a higher term, which can only be after a loss of the API server's own data. */
    void raiseTermAbove(long higher) {
        raiseTermAbove = Math.max(raiseTermAbove, higher);
    }

    void wantEpochFloor(long epoch) {
        epochFloorWanted = Math.max(epochFloorWanted, epoch);
    }

    // Writes.

    /**
     * Writes what has to be written, if it can be now.
     *
     * @param numberless streams whose processes need a number
     * @param silent the list as it should be
     * @param again true if it has to be written even if nothing has changed, so that no other write can come between
     */
    void write(List<Long> numberless, List<Integer> silent, boolean again, long now) {
        if (!mayWrite(now)) {
            return;
        }
        boolean leads = term > 0;
        boolean raise = leads ? raiseTermAbove >= term : now >= raiseTermAt;
        List<Long> numbered = leads ? numberless : List.of();
        long floor = leads ? Math.max(known.epochFloor(), epochFloorWanted) : known.epochFloor();
        List<Integer> list = leads ? silent : known.silent();
        boolean news =
                !numbered.isEmpty() || floor != known.epochFloor() || !list.equals(known.silent()) || (leads && again);
        if (!raise && !news) {
            return;
        }
        CoordinatorStatus status = new CoordinatorStatus(
                raise ? Math.max(known.term(), raiseTermAbove) + 1 : known.term(),
                known.lastIncarnation() + numbered.size(),
                floor,
                list);
        pending = new Pending(outbox.nextWrite(), version, status, raise, numbered);
        outbox.add(new WriteCoordinatorStatus(pending.write(), version, status));
    }

    private boolean mayWrite(long now) {
        return elected && mesh != null && pending == null && now >= retryAt && !version.equals(refutedVersion);
    }

    @Nullable Pending pending() {
        return pending;
    }

    String version() {
        return version;
    }

    void written(Pending done, String newVersion) {
        pending = null;
        if (ResourceVersions.isNews(newVersion, version)) {
            version = newVersion;
            known = done.status();
        }
        if (done.raisesTerm()) {
            term = done.status().term();
            outbox.term(term);
        }
    }

    void notWritten(Pending failed, WriteFailure failure, long now) {
        pending = null;
        if (failure == WriteFailure.CONFLICT || failure == WriteFailure.NOT_FOUND) {
            refutedVersion = failed.expectedVersion();
        }
        retryAt =
                failure == WriteFailure.CONFLICT ? now : now + settings.retry().toNanos();
    }
}
