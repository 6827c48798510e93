package io.gamemesh.core.authority;

import io.gamemesh.core.replication.Standing;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.ReplicationHello;
import org.jspecify.annotations.Nullable;

/** What happens to a server that decides about authority. */
public sealed interface AuthorityEvent {

    /** A new stream to the coordinator is open; nothing has been said on it yet. */
    record StreamUp() implements AuthorityEvent {}

    /** The stream to the coordinator has ended. */
    record StreamDown() implements AuthorityEvent {}

    /** The coordinator says something. */
    record FromCoordinator(CoordinatorMessage message) implements AuthorityEvent {}

    /** Time has passed. */
    record TimePassed() implements AuthorityEvent {}

    /** The process is about to stop and has that long to hand its regions over. */
    record Stopping(int deadlineSeconds) implements AuthorityEvent {}

    /** Something comes near a place of an unbounded world for which there is no region yet. */
    record Wanted(RegionId region) implements AuthorityEvent {}

    /**
     * Backups stand to a region otherwise than before, as its engine sees it.
     *
     * @param epoch of the engine
     */
    record StandingChanged(RegionId region, long epoch, Standing standing) implements AuthorityEvent {}

    /**
     * The authority of a region wants this process to be its backup. Answered by {@link AuthorityAction.Follow} or {@link
     * AuthorityAction.RefuseReplication}.
     *
     * @param call chosen by the shell, one for each call, never used again
     */
    record ReplicationOffered(long call, ReplicationHello hello) implements AuthorityEvent {}

    /**
     * Nothing has come for too long from the authority that this process follows, or again something has.
     *
     * @param epoch of that authority
     */
    record AuthoritySilent(RegionId region, long epoch, boolean silent) implements AuthorityEvent {}

    /**
     * What {@link AuthorityAction.StopGranting} asked for is done.
     *
     * @param copyEpoch the epoch that the copy is of; 0 if there is none
     * @param aloneAtNanos from when nobody acts on what was granted
     */
    record GrantsStopped(RegionId region, long copyEpoch, long aloneAtNanos) implements AuthorityEvent {}

    /**
     * The engine that {@link AuthorityAction.StartEngine} or {@link AuthorityAction.TakeOver} asked for runs.
     *
     * @param origin what it began from; null if that is this process's copy
     */
    record EngineStarted(
            RegionId region, long epoch, @Nullable Origin origin) implements AuthorityEvent {}

    /**
     * The engine that {@link AuthorityAction.StartEngine} asked for does not run yet, since the store does not give what it
     * has of the region. It is tried again.
     */
    record EngineWaiting(RegionId region, long epoch, String reason) implements AuthorityEvent {}

    /**
     * The store has the region at a newer epoch than this process, or at the same one for another: this process must not
     * act for it. An engine that was to start never will.
     *
     * @param epoch of this process
     * @param storedEpoch that the store has
     */
    record Superseded(RegionId region, long epoch, long storedEpoch, String reason) implements AuthorityEvent {}

    /** The engine that {@link AuthorityAction.StartEngine} or {@link AuthorityAction.TakeOver} asked for cannot run. */
    record EngineFailed(RegionId region, long epoch, String reason) implements AuthorityEvent {}

    /** The target of {@link AuthorityAction.Transfer} has accepted: it acts. */
    record TransferAccepted(RegionId region, long offeredEpoch) implements AuthorityEvent {}

    /**
     * The target of {@link AuthorityAction.Transfer} has refused, or was never reached: for certain, it will not act on
     * this offer.
     */
    record TransferRefused(RegionId region, long offeredEpoch, String reason) implements AuthorityEvent {}

    /** Nobody here knows whether the target of {@link AuthorityAction.Transfer} acts. */
    record TransferUnknown(RegionId region, long offeredEpoch, String reason) implements AuthorityEvent {}

    /**
     * Another server offers a region. Answered by {@link AuthorityAction.ReceiveState}, {@link
     * AuthorityAction.AcceptOffer} or {@link AuthorityAction.RefuseOffer}.
     *
     * @param call chosen by the shell, one for each call, never used again
     * @param offer as it came
     */
    record Offered(long call, RegionOffer offer) implements AuthorityEvent {}

    /** All state of an offered region is here, or the copy is at the tick: an engine could go on from it. */
    record StateReceived(long call) implements AuthorityEvent {}

    /** The state of an offered region has not come whole, or is none, or the copy is not at the tick. */
    record StateFailed(long call, String reason) implements AuthorityEvent {}
}
