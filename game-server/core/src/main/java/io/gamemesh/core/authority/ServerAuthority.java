package io.gamemesh.core.authority;

import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CancelMove;
import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Draining;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.MoveRegion;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.RegionWanted;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ReleaseRegion;
import io.gamemesh.protocol.v1.ResumeRegion;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.protocol.v1.StartRegion;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    private static final int MIN_HEARTBEAT_MILLIS = 50;
    private static final int MAX_HEARTBEAT_MILLIS = 60_000;
    private static final int REMEMBERED_HEARTBEATS = 64;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

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

    private enum Phase {
        STARTING,
        ACTING,
        TRANSFERRING,
        FROZEN,
        RELEASED
    }

    private static final class Holding {
        final RegionId region;
        Phase phase = Phase.RELEASED;
        // At which it acts, or last acted.
        long epoch;
        // The highest that was offered to it and will never be acted on.
        long givenUp;
        long offered;

        @Nullable ServerId target;

        @Nullable ServerId source;

        String detail = "";

        Holding(RegionId region) {
            this.region = region;
        }

        boolean holdsState() {
            return phase != Phase.RELEASED;
        }
    }

    private record Receiving(long call, RegionId region, ServerId source, long offeredEpoch) {}

    private final WorldGeometry geometry;
    private final Self self;
    private final TreeMap<RegionId, Holding> holdings = new TreeMap<>();
    private final TreeMap<RegionId, Receiving> receiving = new TreeMap<>();

    private @Nullable ServerId id;
    private long highestTerm;
    private LeafMap leafMap;
    private boolean streamUp;
    private boolean registered;

    private long heartbeatNanos = NANOS_PER_SECOND;
    private long nextHeartbeat;
    private long heartbeatSequence;
    private final long[] heartbeatSentAt = new long[REMEMBERED_HEARTBEATS];
    private long leaseUntil = Long.MIN_VALUE;

    private boolean stopping;
    private long stopDeadline;
    private boolean drained;

    private Consumer<AuthorityAction> out = action -> {};

    /** A process that acts for nothing and has no incarnation yet. */
    public ServerAuthority(WorldGeometry geometry, Self self) {
        this.geometry = geometry;
        this.self = self;
        this.leafMap = LeafMap.empty(geometry);
    }

    /**
     * Something has happened.
     *
     * @param nowNanos of a monotonic clock, the same one for the life of the process
     * @param actions takes what is to be done, in order
     */
    public void handle(AuthorityEvent event, long nowNanos, Consumer<AuthorityAction> actions) {
        out = actions;
        switch (event) {
            case AuthorityEvent.StreamUp() -> onStreamUp();
            case AuthorityEvent.StreamDown() -> {
                streamUp = false;
                registered = false;
            }
            case AuthorityEvent.FromCoordinator(CoordinatorMessage message) -> onMessage(message, nowNanos);
            case AuthorityEvent.TimePassed() -> onTime(nowNanos);
            case AuthorityEvent.Stopping(int seconds) -> onStopping(seconds, nowNanos);
            case AuthorityEvent.Wanted(RegionId region) -> onWanted(region);
            case AuthorityEvent.EngineStarted(RegionId region, long epoch) -> onEngineStarted(region, epoch);
            case AuthorityEvent.EngineFailed(RegionId region, long epoch, String reason) ->
                onEngineFailed(region, epoch, reason);
            case AuthorityEvent.TransferAccepted(RegionId region, long offered) -> onTransferAccepted(region, offered);
            case AuthorityEvent.TransferRefused(RegionId region, long offered, String reason) ->
                onTransferRefused(region, offered, reason);
            case AuthorityEvent.TransferUnknown(RegionId region, long offered, String reason) ->
                onTransferUnknown(region, offered, reason);
            case AuthorityEvent.Offered(long call, RegionOffer offer) -> onOffered(call, offer);
            case AuthorityEvent.StateReceived(long call) -> onStateReceived(call);
            case AuthorityEvent.StateFailed(long call, String reason) -> onStateFailed(call, reason);
        }
    }

    /** When to say {@link AuthorityEvent.TimePassed} at the latest; {@link Long#MAX_VALUE} if there is no need. */
    public long nextDeadlineNanos() {
        return registered ? nextHeartbeat : Long.MAX_VALUE;
    }

    /** Who this process is; empty before the coordinator has said so for the first time. */
    public Optional<ServerId> id() {
        return Optional.ofNullable(id);
    }

    /** The newest leaf map. */
    public LeafMap leafMap() {
        return leafMap;
    }

    /** The highest term seen. */
    public long highestTerm() {
        return highestTerm;
    }

    /** The epoch at which this process acts for a region; 0 if it does not. */
    public long actingEpoch(RegionId region) {
        Holding holding = holdings.get(region);
        return holding != null && holding.phase == Phase.ACTING ? holding.epoch : 0;
    }

    /** The regions that this process holds state of, acting or not; in order. */
    public List<RegionId> held() {
        return holdings.values().stream()
                .filter(Holding::holdsState)
                .map(holding -> holding.region)
                .toList();
    }

    /**
     * Until when the coordinator's lease runs, on the clock of {@link #handle}; {@link Long#MIN_VALUE} before the first.
     * Carried, not enforced.
     */
    public long leaseUntilNanos() {
        return leaseUntil;
    }

    // The stream.

    private void onStreamUp() {
        streamUp = true;
        registered = false;
        Register.Builder register = Register.newBuilder()
                .setIncarnation(id == null ? 0 : id.incarnation())
                .setCapacity(self.capacity())
                .setHighestTerm(highestTerm)
                .setPeerAddress(self.peerAddress())
                .setInternalPlayerAddress(self.internalPlayerAddress());
        for (Holding holding : holdings.values()) {
            if (holding.phase != Phase.STARTING) {
                register.addRegions(reportOf(holding));
            }
        }
        send(ServerMessage.newBuilder().setRegister(register).build());
    }

    private void onMessage(CoordinatorMessage message, long nowNanos) {
        if (message.getTerm() < highestTerm) {
            refuse("a " + message.getBodyCase() + " of term " + message.getTerm() + ", expected " + highestTerm
                    + " or higher: another operator leads");
            return;
        }
        highestTerm = message.getTerm();
        try {
            switch (message.getBodyCase()) {
                case REGISTERED -> onRegistered(message.getRegistered(), nowNanos);
                case LEAF_MAP -> onLeafMap(message.getTerm(), message.getLeafMap());
                case ADVERTISE ->
                    out.accept(new AuthorityAction.Advertised(
                            message.getAdvertise().getPlayerAddress()));
                case LEASE -> onLease(message.getLease());
                case START, MOVE, CANCEL_MOVE, RESUME, RELEASE -> onCommand(message);
                case DRAIN_COMPLETE -> onDrainComplete();
                case BODY_NOT_SET -> refuse("a message without a body that this version knows");
            }
        } catch (IllegalArgumentException e) {
            refuse("a " + message.getBodyCase() + " of term " + message.getTerm() + ": " + e.getMessage());
        }
    }

    private void onCommand(CoordinatorMessage message) {
        if (id == null) {
            refuse("a " + message.getBodyCase() + " before this process has an incarnation");
            return;
        }
        switch (message.getBodyCase()) {
            case START -> onStart(message.getStart());
            case MOVE -> onMove(message.getMove());
            case CANCEL_MOVE -> onCancelMove(message.getCancelMove());
            case RESUME -> onResume(message.getResume());
            case RELEASE -> onRelease(message.getRelease());
            default -> throw new IllegalStateException("no command: " + message.getBodyCase());
        }
    }

    private void onRegistered(Registered message, long nowNanos) {
        ServerId named = new ServerId(self.name(), message.getIncarnation());
        if (id != null && !id.equals(named)) {
            refuse("Registered names incarnation " + named.incarnation() + ", expected " + id.incarnation()
                    + ", which this process has had from the start");
            out.accept(new AuthorityAction.CloseStream("wrong incarnation"));
            return;
        }
        if (id == null) {
            id = named;
            out.accept(new AuthorityAction.WriteIncarnation(named.incarnation()));
        }
        registered = true;
        heartbeatNanos =
                NANOS_PER_MILLI * Math.clamp(message.getHeartbeatMillis(), MIN_HEARTBEAT_MILLIS, MAX_HEARTBEAT_MILLIS);
        heartbeatSequence = 0;
        nextHeartbeat = nowNanos;
        if (stopping) {
            sendDraining(nowNanos);
        }
        onTime(nowNanos);
    }

    private void onTime(long nowNanos) {
        if (!registered || nowNanos < nextHeartbeat) {
            return;
        }
        heartbeatSequence++;
        heartbeatSentAt[(int) (heartbeatSequence % REMEMBERED_HEARTBEATS)] = nowNanos;
        out.accept(new AuthorityAction.SendHeartbeat(heartbeatSequence));
        nextHeartbeat = nowNanos + heartbeatNanos;
    }

    private void onLease(LeaseGrant grant) {
        long age = heartbeatSequence - grant.getHeartbeatSequence();
        if (age < 0 || age >= REMEMBERED_HEARTBEATS || grant.getHeartbeatSequence() < 1) {
            refuse("a lease for heartbeat " + grant.getHeartbeatSequence() + ", expected one of the last "
                    + REMEMBERED_HEARTBEATS + " up to " + heartbeatSequence);
            return;
        }
        long sentAt = heartbeatSentAt[(int) (grant.getHeartbeatSequence() % REMEMBERED_HEARTBEATS)];
        leaseUntil = Math.max(leaseUntil, sentAt + grant.getDurationMillis() * NANOS_PER_MILLI);
    }

    private void onLeafMap(long term, io.gamemesh.protocol.v1.LeafMap update) {
        LeafMap next = leafMap.updated(term, update);
        if (next == leafMap) {
            return;
        }
        leafMap = next;
        for (Holding holding : List.copyOf(holdings.values())) {
            Leaf leaf = leafMap.get(holding.region);
            if (leaf != null && leaf.epoch() > holding.epoch) {
                onNewerEpoch(holding, leaf);
            }
        }
        out.accept(new AuthorityAction.LeafMapChanged(leafMap));
    }

    private void onNewerEpoch(Holding holding, Leaf leaf) {
        ServerId authority = leaf.authority();
        if (authority == null || authority.equals(id)) {
            return;
        }
        if (holding.holdsState()) {
            release(holding, "superseded by " + authority + " at epoch " + leaf.epoch(), authority);
        } else if (holding.givenUp < leaf.epoch()) {
            // The map itself now keeps this process from acting at what it has given up.
            holdings.remove(holding.region);
        }
    }

    // Commands.

    private void onStart(StartRegion start) {
        RegionId region = region(start.getRegionId());
        long epoch = epoch(start.getEpoch());
        Holding holding = holding(region);
        boolean repeat = holding.holdsState() && holding.epoch == epoch;
        if (repeat) {
            report(holding, holding.detail);
            return;
        }
        if (holding.holdsState() || epoch <= highestKnown(holding)) {
            answer(holding, epoch, "StartRegion");
            return;
        }
        if (isOlderThanLeafMap(region, epoch)) {
            giveUp(holding, epoch);
            answer(holding, epoch, "StartRegion");
            return;
        }
        dropReceiving(region, "StartRegion at epoch " + epoch);
        holding.phase = Phase.STARTING;
        holding.epoch = epoch;
        holding.source = null;
        out.accept(new AuthorityAction.StartEngine(region, epoch));
    }

    private void onEngineStarted(RegionId region, long epoch) {
        Holding holding = holding(region);
        if (holding.phase == Phase.STARTING && holding.epoch == epoch) {
            act(holding, epoch, "");
        }
    }

    private void onEngineFailed(RegionId region, long epoch, String reason) {
        Holding holding = holding(region);
        if (holding.phase == Phase.STARTING && holding.epoch == epoch) {
            holding.phase = Phase.RELEASED;
            report(holding, "cannot start: " + reason);
        }
    }

    private void onMove(MoveRegion move) {
        RegionId region = region(move.getRegionId());
        Holding holding = holding(region);
        ServerId target = ServerId.of(move.getTarget());
        long offered = epoch(move.getOfferedEpoch());
        boolean repeat = (holding.phase == Phase.TRANSFERRING || holding.phase == Phase.FROZEN)
                && holding.offered == offered
                && target.equals(holding.target);
        if (repeat) {
            if (holding.phase == Phase.FROZEN) {
                report(holding, holding.detail);
            }
            return;
        }
        boolean wellFormed = offered > holding.epoch && !target.equals(id);
        if (holding.phase != Phase.ACTING || holding.epoch != move.getEpoch() || !wellFormed) {
            answer(holding, move.getEpoch(), "MoveRegion to " + target + " at epoch " + offered);
            return;
        }
        holding.phase = Phase.TRANSFERRING;
        holding.target = target;
        holding.offered = offered;
        out.accept(new AuthorityAction.Transfer(region, holding.epoch, target, move.getTargetPeerAddress(), offered));
    }

    private void onTransferAccepted(RegionId region, long offered) {
        Holding holding = holding(region);
        if (isMoving(holding, offered)) {
            release(holding, "moved to " + holding.target, holding.target);
        }
    }

    private void onTransferRefused(RegionId region, long offered, String reason) {
        Holding holding = holding(region);
        // Once reported as frozen it is the coordinator's to say how to go on, whatever is learned later.
        if (holding.phase == Phase.TRANSFERRING && holding.offered == offered) {
            out.accept(new AuthorityAction.ResumeEngine(region, holding.epoch));
            act(holding, holding.epoch, "the move to " + holding.target + " was refused: " + reason);
        }
    }

    private void onTransferUnknown(RegionId region, long offered, String reason) {
        Holding holding = holding(region);
        if (holding.phase == Phase.TRANSFERRING && holding.offered == offered) {
            holding.phase = Phase.FROZEN;
            report(holding, "the outcome of the move to " + holding.target + " is unknown: " + reason);
        }
    }

    private static boolean isMoving(Holding holding, long offered) {
        return (holding.phase == Phase.TRANSFERRING || holding.phase == Phase.FROZEN) && holding.offered == offered;
    }

    private void onCancelMove(CancelMove cancel) {
        RegionId region = region(cancel.getRegionId());
        long offered = epoch(cancel.getOfferedEpoch());
        Holding holding = holding(region);
        if (holding.holdsState() && holding.epoch >= offered) {
            report(holding, holding.detail);
            return;
        }
        Receiving current = receiving.get(region);
        if (current != null && current.offeredEpoch() <= offered) {
            dropReceiving(region, "the move was cancelled");
        }
        giveUp(holding, offered);
        sendReport(RegionReport.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(offered)
                .setState(RegionState.REGION_STATE_RELEASED)
                .setDetail("gave up the move")
                .build());
    }

    private void onResume(ResumeRegion resume) {
        RegionId region = region(resume.getRegionId());
        long epoch = epoch(resume.getEpoch());
        Holding holding = holding(region);
        boolean mayResume = switch (holding.phase) {
            case TRANSFERRING, FROZEN -> epoch > holding.offered;
            case ACTING -> epoch > holding.epoch;
            case STARTING, RELEASED -> false;
        };
        if (!mayResume || isOlderThanLeafMap(region, epoch)) {
            answer(holding, epoch, "ResumeRegion");
            return;
        }
        out.accept(new AuthorityAction.ResumeEngine(region, epoch));
        act(holding, epoch, "resumed");
    }

    private void onRelease(ReleaseRegion release) {
        RegionId region = region(release.getRegionId());
        long epoch = epoch(release.getEpoch());
        Holding holding = holding(region);
        if (holding.holdsState() && epoch < holding.epoch) {
            answer(holding, epoch, "ReleaseRegion");
            return;
        }
        Receiving current = receiving.get(region);
        if (current != null && current.offeredEpoch() <= epoch) {
            dropReceiving(region, "the region was released");
        }
        giveUp(holding, epoch);
        if (holding.holdsState()) {
            release(holding, "released", holding.target);
        } else {
            holding.epoch = Math.max(holding.epoch, epoch);
            report(holding, "released");
        }
    }

    // Offers of other servers.

    private void onOffered(long call, RegionOffer offer) {
        RegionId region = new RegionId(offer.getRegionId());
        Holding holding = holdings.get(region);
        if (holding != null && actsSince(holding, offer)) {
            out.accept(new AuthorityAction.ConfirmOffer(call, region, holding.epoch));
            return;
        }
        String objection = objection(region, offer);
        if (objection != null) {
            refuseOffer(call, objection);
            if (id != null && geometry.contains(region) && offer.getTarget().equals(id.toProto())) {
                giveUp(holding(region), offer.getOfferedEpoch());
            }
            return;
        }
        dropReceiving(region, "a newer offer has come");
        receiving.put(region, new Receiving(call, region, ServerId.of(offer.getSource()), offer.getOfferedEpoch()));
        out.accept(new AuthorityAction.ReceiveState(call));
    }

    private static boolean actsSince(Holding holding, RegionOffer offer) {
        ServerId source = holding.source;
        return holding.phase == Phase.ACTING
                && holding.epoch == offer.getOfferedEpoch()
                && source != null
                && source.toProto().equals(offer.getSource());
    }

    private @Nullable String objection(RegionId region, RegionOffer offer) {
        String what = "offer of region " + region + " at epoch " + offer.getOfferedEpoch();
        if (id == null || !offer.getTarget().equals(id.toProto())) {
            return what + " is for " + offer.getTarget().getName() + "#"
                    + offer.getTarget().getIncarnation() + ", this is "
                    + (id == null ? self.name() + " without an incarnation" : id);
        }
        if (!geometry.contains(region)) {
            return what + ": it lies outside the world";
        }
        if (offer.getEpoch() < 1 || offer.getOfferedEpoch() <= offer.getEpoch()) {
            return what + ": expected more than its present epoch " + offer.getEpoch() + ", 1 or more";
        }
        if (offer.getSource().getIncarnation() < 1
                || offer.getSource().getName().isEmpty()) {
            return what + " does not say which server offers it";
        }
        if (offer.getSize() < 1 || offer.getSize() > self.maxStateBytes()) {
            return what + " has " + offer.getSize() + " bytes, expected 1 to " + self.maxStateBytes();
        }
        if (stopping) {
            return what + ": this server is about to stop";
        }
        Holding holding = holdings.get(region);
        if (holding != null && holding.holdsState()) {
            return what + ": this server holds its state itself, at epoch " + holding.epoch;
        }
        long known = holding == null ? 0 : highestKnown(holding);
        Receiving current = receiving.get(region);
        if (current != null && current.offeredEpoch() > offer.getOfferedEpoch()) {
            known = Math.max(known, current.offeredEpoch());
        }
        if (offer.getOfferedEpoch() <= known) {
            return what + ": this server knows of epoch " + known;
        }
        if (isOlderThanLeafMap(region, offer.getOfferedEpoch())) {
            return what + ": the leaf map has a newer authority";
        }
        return null;
    }

    private void onStateReceived(long call) {
        Receiving current = receiving(call);
        if (current == null) {
            refuseOffer(call, "the offer was cancelled or superseded meanwhile");
            return;
        }
        receiving.remove(current.region());
        Holding holding = holding(current.region());
        long offered = current.offeredEpoch();
        boolean stale = holding.holdsState()
                || offered <= highestKnown(holding)
                || isOlderThanLeafMap(current.region(), offered);
        if (stale) {
            giveUp(holding, offered);
            refuseOffer(call, "region " + current.region() + " has an epoch newer than " + offered + " by now");
            return;
        }
        holding.source = current.source();
        out.accept(new AuthorityAction.AcceptOffer(call, current.region(), offered));
        act(holding, offered, "taken over from " + current.source());
    }

    private void onStateFailed(long call, String reason) {
        Receiving current = receiving(call);
        if (current != null) {
            receiving.remove(current.region());
            giveUp(holding(current.region()), current.offeredEpoch());
        }
        refuseOffer(call, reason);
    }

    private @Nullable Receiving receiving(long call) {
        for (Receiving each : receiving.values()) {
            if (each.call() == call) {
                return each;
            }
        }
        return null;
    }

    private void dropReceiving(RegionId region, String reason) {
        Receiving dropped = receiving.remove(region);
        if (dropped != null) {
            refuseOffer(dropped.call(), reason);
        }
    }

    private void refuseOffer(long call, String reason) {
        out.accept(new AuthorityAction.RefuseOffer(call, reason));
    }

    // Stopping.

    private void onStopping(int seconds, long nowNanos) {
        stopping = true;
        stopDeadline = nowNanos + seconds * NANOS_PER_SECOND;
        boolean empty = held().isEmpty() && receiving.isEmpty();
        if (id == null || (empty && !registered)) {
            finishDrain();
        } else if (registered) {
            sendDraining(nowNanos);
        }
    }

    private void sendDraining(long nowNanos) {
        long seconds = Math.max(0, (stopDeadline - nowNanos) / NANOS_PER_SECOND);
        send(ServerMessage.newBuilder()
                .setDraining(Draining.newBuilder().setDeadlineSeconds((int) seconds))
                .build());
    }

    private void onDrainComplete() {
        List<RegionId> left = held();
        if (!stopping || !left.isEmpty()) {
            refuse("DrainComplete while " + (stopping ? "this server still holds " + left : "it is not stopping"));
            return;
        }
        finishDrain();
    }

    private void finishDrain() {
        if (!drained) {
            drained = true;
            out.accept(new AuthorityAction.Drained());
        }
    }

    private void onWanted(RegionId region) {
        if (registered) {
            send(ServerMessage.newBuilder()
                    .setWanted(RegionWanted.newBuilder().setRegionId(region.packed()))
                    .build());
        }
    }

    // What all of them need.

    private RegionId region(long packed) {
        RegionId region = new RegionId(packed);
        if (!geometry.contains(region)) {
            throw new IllegalArgumentException("region " + region + " lies outside the world");
        }
        return region;
    }

    private static long epoch(long epoch) {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch is " + epoch + ", expected 1 or more");
        }
        return epoch;
    }

    private Holding holding(RegionId region) {
        return holdings.computeIfAbsent(region, Holding::new);
    }

    private static long highestKnown(Holding holding) {
        return Math.max(holding.epoch, holding.givenUp);
    }

    private boolean isOlderThanLeafMap(RegionId region, long epoch) {
        Leaf leaf = leafMap.get(region);
        if (leaf == null || epoch > leaf.epoch()) {
            return false;
        }
        ServerId authority = leaf.authority();
        boolean elsewhere = authority != null && !authority.equals(id);
        return epoch < leaf.epoch() || elsewhere;
    }

    private static void giveUp(Holding holding, long epoch) {
        holding.givenUp = Math.max(holding.givenUp, epoch);
    }

    private void act(Holding holding, long epoch, String detail) {
        holding.phase = Phase.ACTING;
        holding.epoch = epoch;
        holding.target = null;
        holding.offered = 0;
        report(holding, detail);
    }

    private void release(Holding holding, String detail, @Nullable ServerId successor) {
        holding.phase = Phase.RELEASED;
        out.accept(new AuthorityAction.DropEngine(holding.region, holding.epoch, successor));
        report(holding, detail);
    }

    /** A command that does not fit: what is, is what the coordinator needs to know. */
    private void answer(Holding holding, long epoch, String command) {
        refuse(command + " of region " + holding.region + " at epoch " + epoch + ": it is " + holding.phase
                + " at epoch " + holding.epoch + ", and epochs up to " + highestKnown(holding) + " are known");
        if (holding.holdsState()) {
            report(holding, holding.detail);
        } else {
            sendReport(RegionReport.newBuilder()
                    .setRegionId(holding.region.packed())
                    .setEpoch(Math.max(epoch, highestKnown(holding)))
                    .setState(RegionState.REGION_STATE_RELEASED)
                    .setDetail(holding.detail)
                    .build());
            giveUp(holding, epoch);
        }
    }

    private void report(Holding holding, String detail) {
        holding.detail = detail;
        if (holding.phase != Phase.STARTING) {
            sendReport(reportOf(holding));
        }
    }

    private static RegionReport reportOf(Holding holding) {
        RegionReport.Builder report = RegionReport.newBuilder()
                .setRegionId(holding.region.packed())
                .setEpoch(holding.holdsState() ? holding.epoch : highestKnown(holding))
                .setDetail(holding.detail);
        switch (holding.phase) {
            case STARTING -> throw new IllegalStateException("nothing to report of " + holding.region + " yet");
            case ACTING -> report.setState(RegionState.REGION_STATE_ACTING);
            case TRANSFERRING, FROZEN ->
                report.setState(RegionState.REGION_STATE_FROZEN).setOfferedEpoch(holding.offered);
            case RELEASED -> report.setState(RegionState.REGION_STATE_RELEASED);
        }
        return report.build();
    }

    private void sendReport(RegionReport report) {
        // Without a stream nobody listens; the next Register says it.
        if (registered) {
            send(ServerMessage.newBuilder().setRegion(report).build());
        }
    }

    private void send(ServerMessage message) {
        if (streamUp) {
            out.accept(new AuthorityAction.Send(message));
        }
    }

    private void refuse(String reason) {
        out.accept(new AuthorityAction.Refused(reason));
    }
}
