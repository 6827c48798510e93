package io.gamemesh.core.authority;

import io.gamemesh.core.replication.Standing;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Draining;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionWanted;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ReplicationHello;
import io.gamemesh.protocol.v1.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which regions this process acts for. A state machine: {@link #handle} takes what happens and the time, and gives what
 * to do. Not thread-safe.
 *
 * <p>What it holds to: it acts for a region only at an epoch that the coordinator, or a source with the coordinator's
 * order to move, has given to this very incarnation; at no epoch that it has given up, or that is older than one it
 * knows of; and it lets go of a region only once it no longer simulates it. A command of a lower term than it has seen
 * changes nothing.
 */
public final class ServerAuthority {

    static final long NANOS_PER_SECOND = 1_000_000_000;

    /**
     * What this process says of itself when it registers.
     *
     * @param name the pod's name
     * @param capacity what it can take
     * @param peerAddress host:port (TCP) at which other servers reach it
     * @param internalPlayerAddress host:port (UDP) at which clients inside the cluster reach it
     * @param maxStateBytes the largest region that it takes over
     */
    public record Self(
            String name, Capacity capacity, String peerAddress, String internalPlayerAddress, long maxStateBytes) {}

    private final Outbox outbox = new Outbox();
    private final Membership membership;
    private final Holdings holdings;
    private final Offers offers;
    private final Commands commands;
    private final Copies copies;

    private boolean stopping;
    private long stopDeadline;
    private boolean drained;

    /** A process that acts for nothing and has no incarnation yet. */
    public ServerAuthority(WorldGeometry geometry, Self self) {
        membership = new Membership(self, outbox);
        holdings = new Holdings(geometry, membership, outbox);
        offers = new Offers(membership, holdings, outbox, self.maxStateBytes(), new CopiesForOffers());
        copies = new Copies(membership, holdings, offers, outbox);
        commands = new Commands(membership, holdings, offers, copies, outbox);
    }

    /**
     * Something has happened.
     *
     * @param nowNanos of a monotonic clock, the same one for the life of the process
     * @param actions takes what is to be done, in order
     */
    public void handle(AuthorityEvent event, long nowNanos, Consumer<AuthorityAction> actions) {
        outbox.open(actions);
        switch (event) {
            case AuthorityEvent.StreamUp() -> membership.onStreamUp(reports());
            case AuthorityEvent.StreamDown() -> membership.onStreamDown();
            case AuthorityEvent.FromCoordinator(CoordinatorMessage message) -> onMessage(message, nowNanos);
            case AuthorityEvent.TimePassed() -> {
                membership.onTime(nowNanos);
                copies.onTime(nowNanos);
                commands.onTime(nowNanos);
            }
            case AuthorityEvent.Stopping(int seconds) -> onStopping(seconds, nowNanos);
            case AuthorityEvent.Wanted(RegionId region) -> onWanted(region);
            case AuthorityEvent.StandingChanged(RegionId region, long epoch, Standing standing) ->
                commands.onStanding(region, epoch, standing, nowNanos);
            case AuthorityEvent.ReplicationOffered(long call, ReplicationHello hello) -> copies.onOffered(call, hello);
            case AuthorityEvent.AuthoritySilent(RegionId region, long epoch, boolean silent) ->
                copies.onSilence(region, epoch, silent);
            case AuthorityEvent.GrantsStopped(RegionId region, long copyEpoch, long aloneAt) ->
                copies.onStopped(region, copyEpoch, aloneAt, nowNanos);
            case AuthorityEvent.EngineStarted(RegionId region, long epoch, Origin origin) ->
                commands.onEngineStarted(region, epoch, origin);
            case AuthorityEvent.EngineWaiting(RegionId region, long epoch, String reason) ->
                commands.onEngineWaiting(region, epoch, reason);
            case AuthorityEvent.Superseded(RegionId region, long epoch, long stored, String reason) ->
                commands.onSuperseded(region, epoch, stored, reason);
            case AuthorityEvent.EngineFailed(RegionId region, long epoch, String reason) ->
                commands.onEngineFailed(region, epoch, reason);
            case AuthorityEvent.TransferAccepted(RegionId region, long offered) ->
                commands.onTransferAccepted(region, offered);
            case AuthorityEvent.TransferRefused(RegionId region, long offered, String reason) ->
                commands.onTransferRefused(region, offered, reason);
            case AuthorityEvent.TransferUnknown(RegionId region, long offered, String reason) ->
                commands.onTransferUnknown(region, offered, reason);
            case AuthorityEvent.Offered(long call, RegionOffer offer) -> offers.onOffered(call, offer);
            case AuthorityEvent.StateReceived(long call) -> offers.onStateReceived(call);
            case AuthorityEvent.StateFailed(long call, String reason) -> offers.onStateFailed(call, reason);
        }
    }

    /** When to say {@link AuthorityEvent.TimePassed} at the latest; {@link Long#MAX_VALUE} if there is no need. */
    public long nextDeadlineNanos() {
        return Math.min(
                membership.nextDeadlineNanos(), Math.min(copies.nextDeadlineNanos(), commands.nextDeadlineNanos()));
    }

    /** Who this process is; empty before the coordinator has said so for the first time. */
    public Optional<ServerId> id() {
        return Optional.ofNullable(membership.id());
    }

    /** The newest leaf map. */
    public LeafMap leafMap() {
        return holdings.leafMap();
    }

    /** The highest term seen. */
    public long highestTerm() {
        return membership.highestTerm();
    }

    /** The epoch at which this process acts for a region; 0 if it does not. */
    public long actingEpoch(RegionId region) {
        Holding holding = holdings.get(region);
        return holding != null && holding.phase == Holding.Phase.ACTING ? holding.epoch : 0;
    }

    /** The regions that this process holds state of, acting or not; in order. */
    public List<RegionId> held() {
        return holdings.held();
    }

    /**
     * Until when the coordinator's lease runs, on the clock of {@link #handle}; {@link Long#MIN_VALUE} before the first.
     * What a region without a backup in sync may act by.
     */
    public long leaseUntilNanos() {
        return membership.leaseUntilNanos();
    }

    /** Offers and copies know of each other. */
    private final class CopiesForOffers implements Offers.OwnCopies {
        @Override
        public boolean follow(RegionId region, long epoch) {
            return copies.follow(region, epoch);
        }

        @Override
        public void actOn(RegionId region) {
            copies.actOn(region);
        }

        @Override
        public void supersede(RegionId region) {
            copies.supersede(region);
        }
    }

    private List<RegionReport> reports() {
        List<RegionReport> reports = new ArrayList<>(holdings.reports());
        reports.addAll(copies.reports());
        return reports;
    }

    private void onMessage(CoordinatorMessage message, long nowNanos) {
        if (!membership.heeds(message)) {
            return;
        }
        try {
            switch (message.getBodyCase()) {
                case REGISTERED -> onRegistered(message.getRegistered(), nowNanos);
                case LEAF_MAP -> holdings.onLeafMap(message.getTerm(), message.getLeafMap());
                case ADVERTISE ->
                    outbox.put(new AuthorityAction.Advertised(
                            message.getAdvertise().getPlayerAddress()));
                case LEASE -> {
                    membership.onLease(message.getLease());
                    commands.onHeard();
                }
                case START, MOVE, CANCEL_MOVE, RESUME, RELEASE, CONFIGURE, PROMOTE ->
                    commands.onCommand(message, nowNanos);
                case DRAIN_COMPLETE -> onDrainComplete();
                case BODY_NOT_SET -> outbox.refuse("a message without a body that this version knows");
            }
        } catch (IllegalArgumentException e) {
            outbox.refuse("a " + message.getBodyCase() + " of term " + message.getTerm() + ": " + e.getMessage());
        }
    }

    private void onRegistered(Registered message, long nowNanos) {
        if (!membership.onRegistered(message, nowNanos)) {
            return;
        }
        membership.sendNews(reports());
        if (stopping) {
            sendDraining(nowNanos);
        }
        membership.onTime(nowNanos);
    }

    // Stopping.

    private void onStopping(int seconds, long nowNanos) {
        stopping = true;
        offers.close();
        copies.close();
        stopDeadline = nowNanos + seconds * NANOS_PER_SECOND;
        boolean empty = held().isEmpty() && offers.none();
        if (membership.id() == null || (empty && !membership.registered())) {
            finishDrain();
        } else if (membership.registered()) {
            sendDraining(nowNanos);
        }
    }

    private void sendDraining(long nowNanos) {
        long seconds = Math.max(0, (stopDeadline - nowNanos) / NANOS_PER_SECOND);
        membership.send(ServerMessage.newBuilder()
                .setDraining(Draining.newBuilder().setDeadlineSeconds((int) seconds))
                .build());
    }

    private void onDrainComplete() {
        List<RegionId> left = held();
        if (!stopping || !left.isEmpty()) {
            outbox.refuse(
                    "DrainComplete while " + (stopping ? "this server still holds " + left : "it is not stopping"));
            return;
        }
        finishDrain();
    }

    private void finishDrain() {
        if (!drained) {
            drained = true;
            outbox.put(new AuthorityAction.Drained());
        }
    }

    private void onWanted(RegionId region) {
        if (membership.registered()) {
            membership.send(ServerMessage.newBuilder()
                    .setWanted(RegionWanted.newBuilder().setRegionId(region.packed()))
                    .build());
        }
    }
}
