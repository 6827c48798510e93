package io.gamemesh.core.authority;

import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ServerMessage;
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

    /** Run an engine for a region as generated; then say {@link AuthorityEvent.EngineStarted} or that it failed. */
    record StartEngine(RegionId region, long epoch) implements AuthorityAction {}

    /**
     * Freeze the engine at a tick boundary and offer its state to the target; then say what came of it. The sessions
     * stay until the outcome is known.
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

    /** Read the offered state of this call, up to the size that the offer says. */
    record ReceiveState(long call) implements AuthorityAction {}

    /** Run an engine from the state of this call, then answer the call: from here on this server acts. */
    record AcceptOffer(long call, RegionId region, long epoch) implements AuthorityAction {}

    /** Answer the call again: this server acts since it was offered before. */
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
