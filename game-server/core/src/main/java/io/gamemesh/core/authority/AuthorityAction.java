package io.gamemesh.core.authority;

import io.gamemesh.core.replication.Configuration;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PlayerInput;
import io.gamemesh.protocol.v1.ServerMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the shell does next. Actions are carried out in order, each before the next; one that cannot be carried out and
 * has no event to say so ends the process.
 */
public sealed interface AuthorityAction {

    /** Write {@code gamemesh-incarnation=N} to the termination message; it is done before anything after it. */
    record WriteIncarnation(int incarnation) implements AuthorityAction {}

    /** Send this to the coordinator. */
    record Send(ServerMessage message) implements AuthorityAction {}

    /** Send a heartbeat with this sequence number and the load of right now. */
    record SendHeartbeat(long sequence) implements AuthorityAction {}

    /** Close the stream to the coordinator, and open another after a pause. */
    record CloseStream(String reason) implements AuthorityAction {}

    /**
     * Run an engine for a region, from the store where there is one or as generated; then say {@link
     * AuthorityEvent.EngineStarted} or that it failed. Until then {@link DropEngine} may come, and ends it.
     *
     * @param configuration number of the configuration that it begins with, which has no backup
     */
    record StartEngine(RegionId region, long epoch, long configuration) implements AuthorityAction {}

    /** The region that this process acts for goes by this configuration from now on, if it is newer. */
    record Configure(RegionId region, Configuration configuration, Map<ServerId, String> addresses)
            implements AuthorityAction {}

    /** Keep a copy of the region by what comes with this call. */
    record Follow(long call, RegionId region) implements AuthorityAction {}

    /** End the call: nothing is followed. */
    record RefuseReplication(long call, String reason) implements AuthorityAction {}

    /** Grant nobody anything for the region any more; then say {@link AuthorityEvent.GrantsStopped}. */
    record StopGranting(RegionId region) implements AuthorityAction {}

    /**
     * Run an engine from this process's copy; then say {@link AuthorityEvent.EngineStarted} or that it failed.
     *
     * @param players who played where the region comes from, as far as that server has said
     */
    record TakeOver(RegionId region, long epoch, long configuration, List<PlayerInput> players)
            implements AuthorityAction {}

    /** Forget the copy of the region. */
    record DropCopy(RegionId region) implements AuthorityAction {}

    /**
     * Tell the players of a region that it is about to go to another server, so that they connect there.
     *
     * @param playerAddress at which clients reach that server; may be empty
     * @param internalPlayerAddress the same for clients inside the cluster
     */
    record AnnounceMove(RegionId region, String playerAddress, String internalPlayerAddress)
            implements AuthorityAction {}

    /**
     * Freeze the engine at a tick boundary and offer it to the target, which goes on from its copy; then say what came of
     * it. The sessions stay until the outcome is known.
     */
    record Transfer(RegionId region, long epoch, ServerId target, String targetAddress, long offeredEpoch)
            implements AuthorityAction {}

    /** The frozen engine goes on at this epoch. */
    record ResumeEngine(RegionId region, long epoch) implements AuthorityAction {}

    /**
     * Stop the engine for good and forget it.
     *
     * @param region the region
     * @param epoch at which it acted
     * @param successor who acts now, to redirect the sessions to; null if the leaf map will say
     */
    record DropEngine(RegionId region, long epoch, @Nullable ServerId successor) implements AuthorityAction {}

    /**
     * Wait until this process's copy of the region, of that epoch, is at the tick that the call offers; then say {@link
     * AuthorityEvent.StateReceived}, or soon that it has failed. Grants go on.
     */
    record AwaitCopy(long call, RegionId region, long epoch, long tick) implements AuthorityAction {}

    /** Read the offered state of this call, up to the size that the offer says. */
    record ReceiveState(long call) implements AuthorityAction {}

    /** Run an engine from the state of this call, then answer the call: from here on this server acts. */
    record AcceptOffer(long call, RegionId region, long epoch, List<PlayerInput> players) implements AuthorityAction {}

    /** Answer the call: this server acts since it was offered, by this call or an earlier one. */
    record ConfirmOffer(long call, RegionId region, long epoch) implements AuthorityAction {}

    /** Refuse the call, and drop its state if there is any. */
    record RefuseOffer(long call, String reason) implements AuthorityAction {}

    /** There is a newer leaf map. */
    record LeafMapChanged(LeafMap map) implements AuthorityAction {}

    /** The address at which players outside the cluster reach this server. */
    record Advertised(String playerAddress) implements AuthorityAction {}

    /** Nothing is left to hand over: the process may end. */
    record Drained() implements AuthorityAction {}

    /** Something was refused: log it, count it. */
    record Refused(String reason) implements AuthorityAction {}
}
