package io.gamemesh.server.authority;

import io.gamemesh.core.authority.AuthorityAction;
import io.gamemesh.core.authority.AuthorityEvent;
import io.gamemesh.core.authority.ServerAuthority;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.replication.Configuration;
import io.gamemesh.core.replication.Standing;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.PlayerInput;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.ReplicationHello;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.server.coordinator.CoordinatorLink;
import io.gamemesh.server.coordinator.TerminationLog;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.peer.RegionReceiver;
import io.gamemesh.server.peer.RegionSender;
import io.gamemesh.server.peer.RegionSender.Outcome;
import io.gamemesh.server.replication.BackupHost;
import io.gamemesh.server.session.Sessions;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.MeshView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the state machine of this server's authority: hands it what happens, one event after the other, and carries out
 * what it answers. Everything happens on one thread; the public methods come from any and hand over to it.
 */
public final class AuthorityLoop
        implements CoordinatorLink.Listener,
                RegionReceiver.Listener,
                BackupHost.Listener,
                RegionHost.StandingListener,
                RegionHost.StoreListener {
    private static final Logger LOG = Logger.getLogger(AuthorityLoop.class);

    /** What the loop acts on. */
    public record Parts(
            ServerAuthority authority,
            String serverName,
            MeshView view,
            RegionHost host,
            Sessions sessions,
            CoordinatorLink coordinator,
            RegionReceiver receiver,
            RegionSender sender,
            BackupHost backups,
            LoadReport load,
            TerminationLog terminationLog) {}

    private final ScheduledExecutorService executor;
    private final Executor workers;
    private final ServerMetrics metrics;
    private final Consumer<Throwable> fatal;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Deque<AuthorityEvent> events = new ArrayDeque<>();
    private @Nullable Parts started;
    // What says that time has passed, and when.
    private @Nullable ScheduledFuture<?> alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private boolean handling;
    private boolean failed;
    private boolean closed;

    /**
     * @param executor a single thread
     * @param workers for what takes a while
     * @param fatal told when an action cannot be carried out; the process ends then
     */
    public AuthorityLoop(
            ScheduledExecutorService executor, Executor workers, ServerMetrics metrics, Consumer<Throwable> fatal) {
        this.executor = executor;
        this.workers = workers;
        this.metrics = metrics;
        this.fatal = fatal;
    }

    /** Begins; what has happened before is handled now. */
    public void start(Parts parts) {
        executor.execute(() -> {
            started = parts;
            handle(new AuthorityEvent.TimePassed());
        });
        parts.coordinator().start();
    }

    /** The process is to stop; the result comes when all regions are handed over. Fails if they never will be. */
    public CompletableFuture<Void> drain(int deadlineSeconds) {
        executor.execute(() -> handle(new AuthorityEvent.Stopping(deadlineSeconds)));
        return drained;
    }

    /** Time does not pass any more, and the coordinator is left. What is under way is finished. */
    public void close() {
        executor.execute(() -> {
            closed = true;
            cancelAlarm();
            if (started != null) {
                started.coordinator().close();
            }
        });
    }

    /** Somebody wants to go where there is no region yet. */
    public void wanted(RegionId region) {
        executor.execute(() -> handle(new AuthorityEvent.Wanted(region)));
    }

    @Override
    public void connected() {
        inTouch(true);
        handle(new AuthorityEvent.StreamUp());
    }

    @Override
    public void disconnected() {
        inTouch(false);
        handle(new AuthorityEvent.StreamDown());
    }

    private void inTouch(boolean connected) {
        Parts parts = started;
        if (parts != null) {
            parts.view().inTouch(connected);
        }
    }

    @Override
    public void dismissed(String reason) {
        Parts parts = started;
        if (parts != null && parts.view().incarnation() != 0) {
            // Others may act for its regions already: none is handed over, for none is its own any more.
            fail(parts, new IllegalStateException("the coordinator has given this process up: " + reason));
        } else {
            LOG.warnf("The coordinator turns this process away: %s", reason);
        }
    }

    @Override
    public void received(CoordinatorMessage message) {
        handle(new AuthorityEvent.FromCoordinator(message));
    }

    @Override
    public void offered(long call, RegionOffer offer) {
        handle(new AuthorityEvent.Offered(call, offer));
    }

    @Override
    public void received(long call) {
        handle(new AuthorityEvent.StateReceived(call));
    }

    @Override
    public void failed(long call, String reason) {
        handle(new AuthorityEvent.StateFailed(call, reason));
    }

    @Override
    public void changed(RegionId region, long epoch, Standing standing) {
        handle(new AuthorityEvent.StandingChanged(region, epoch, standing));
    }

    @Override
    public void waiting(RegionId region, long epoch, String reason) {
        handle(new AuthorityEvent.EngineWaiting(region, epoch, "waits for the store: " + reason));
    }

    @Override
    public void superseded(RegionId region, long epoch, Refusal.Superseded refusal) {
        LOG.warnf("The store has refused this server: %s", refusal.message());
        handle(new AuthorityEvent.Superseded(region, epoch, refusal.storedEpoch(), refusal.message()));
    }

    @Override
    public void offered(long call, ReplicationHello hello) {
        handle(new AuthorityEvent.ReplicationOffered(call, hello));
    }

    @Override
    public void silent(RegionId region, long epoch, boolean silent) {
        Parts parts = started;
        if (parts != null) {
            parts.view().forsaken(region, silent);
        }
        handle(new AuthorityEvent.AuthoritySilent(region, epoch, silent));
    }

    @Override
    public void stopped(RegionId region, long copyEpoch, long aloneAtNanos) {
        handle(new AuthorityEvent.GrantsStopped(region, copyEpoch, aloneAtNanos));
    }

    /** One event after the other: what carrying out an action leads to waits for the actions before it. */
    private void handle(AuthorityEvent event) {
        Parts parts = started;
        if (failed) {
            return;
        }
        events.add(event);
        if (handling || parts == null) {
            return;
        }
        handling = true;
        try {
            for (AuthorityEvent next = events.poll(); next != null; next = events.poll()) {
                List<AuthorityAction> actions = new ArrayList<>();
                parts.authority().handle(next, System.nanoTime(), actions::add);
                parts.host().coordinatorLease(parts.authority().leaseUntilNanos());
                actions.forEach(action -> perform(parts, action));
            }
            setAlarm(parts.authority().nextDeadlineNanos());
        } catch (RuntimeException e) {
            fail(parts, e);
        } finally {
            handling = false;
        }
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void setAlarm(long deadlineNanos) {
        if (failed || closed || deadlineNanos == alarmNanos) {
            return;
        }
        cancelAlarm();
        alarmNanos = deadlineNanos;
        if (deadlineNanos != Long.MAX_VALUE) {
            alarm = executor.schedule(
                    () -> {
                        alarm = null;
                        alarmNanos = Long.MAX_VALUE;
                        handle(new AuthorityEvent.TimePassed());
                    },
                    deadlineNanos - System.nanoTime(),
                    TimeUnit.NANOSECONDS);
        }
    }

    /** What the state machine believes is not what is so any more: nothing acts from here on. */
    private void fail(Parts parts, RuntimeException cause) {
        if (failed) {
            return;
        }
        failed = true;
        events.clear();
        fatal.accept(cause);
        parts.host().abandonAll();
        parts.coordinator().close();
        drained.completeExceptionally(cause);
    }

    private void perform(Parts parts, AuthorityAction action) {
        switch (action) {
            case AuthorityAction.WriteIncarnation(int incarnation) -> incarnation(parts, incarnation);
            case AuthorityAction.Send(ServerMessage message) ->
                parts.coordinator().send(message);
            case AuthorityAction.SendHeartbeat(long sequence) ->
                parts.coordinator()
                        .send(ServerMessage.newBuilder()
                                .setHeartbeat(parts.load().heartbeat(sequence))
                                .build());
            case AuthorityAction.CloseStream(String reason) ->
                parts.coordinator().reconnect(reason);
            case AuthorityAction.StartEngine(RegionId region, long epoch, long configuration) ->
                start(parts, region, epoch, configuration);
            case AuthorityAction.Configure(RegionId region, Configuration configuration, var addresses) ->
                parts.host().configure(region, configuration, addresses);
            case AuthorityAction.Follow(long call, RegionId region) ->
                parts.backups().follow(call, region);
            case AuthorityAction.RefuseReplication(long call, String reason) ->
                parts.backups().refuse(call, reason);
            case AuthorityAction.StopGranting(RegionId region) -> {
                parts.view().forsaken(region, true);
                parts.backups().stop(region);
            }
            case AuthorityAction.AnnounceMove(RegionId region, String outside, String inside) ->
                parts.sessions().prepareMove(parts.host().hosted(region), outside, inside);
            case AuthorityAction.TakeOver takeOver ->
                parts.backups().take(takeOver.region(), replica -> takeOver(parts, takeOver, replica));
            case AuthorityAction.DropCopy(RegionId region) -> {
                parts.view().forsaken(region, false);
                parts.backups().drop(region);
            }
            case AuthorityAction.Transfer transfer -> transfer(parts, transfer);
            case AuthorityAction.ResumeEngine(RegionId region, long epoch) -> {
                parts.host().resume(region, epoch);
                LOG.infof("Region %s goes on at epoch %d", region, epoch);
            }
            case AuthorityAction.DropEngine(RegionId region, long epoch, ServerId _) -> drop(parts, region, epoch);
            case AuthorityAction.AwaitCopy(long call, RegionId region, long epoch, long tick) ->
                parts.backups().await(call, region, epoch, tick);
            case AuthorityAction.ReceiveState(long call) -> parts.receiver().receive(call);
            case AuthorityAction.AcceptOffer(long call, RegionId region, long epoch, var players) -> {
                parts.host().run(parts.receiver().takeEngine(call), 0);
                parts.sessions().arrived(parts.host().hosted(region), inputs(players));
                parts.receiver().accept(call, region, epoch);
                LOG.infof("Took over region %s at epoch %d", region, epoch);
            }
            case AuthorityAction.ConfirmOffer(long call, RegionId region, long epoch) ->
                parts.receiver().accept(call, region, epoch);
            case AuthorityAction.RefuseOffer(long call, String reason) ->
                parts.receiver().refuse(call, reason);
            case AuthorityAction.LeafMapChanged changed -> {
                parts.host().mapChanged(changed.map());
                parts.sessions().mapChanged();
            }
            case AuthorityAction.Advertised(String address) -> parts.view().playerAddress(address);
            case AuthorityAction.Drained() -> drained.complete(null);
            case AuthorityAction.Refused(String reason) -> {
                metrics.refused("authority");
                LOG.warnf("Refused: %s", reason);
            }
        }
    }

    private static void incarnation(Parts parts, int incarnation) {
        try {
            parts.terminationLog().write(incarnation);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the termination message, so nobody could tell if this "
                            + "process died: make the file writable for it",
                    e);
        }
        parts.view().self(new ServerId(parts.serverName(), incarnation));
        LOG.infof("This process is incarnation %d of %s", incarnation, parts.serverName());
    }

    private static void drop(Parts parts, RegionId region, long epoch) {
        if (parts.host().cancelStart(region)) {
            LOG.infof("Region %s is not to start at epoch %d any more", region, epoch);
            return;
        }
        HostedRegion dropped = parts.host().drop(region);
        parts.sessions()
                .regionGone(
                        dropped,
                        dropped.between(replicated -> replicated.engine().sessions()));
        LOG.infof("Dropped region %s of epoch %d", region, epoch);
    }

    private void start(Parts parts, RegionId region, long epoch, long configuration) {
        try {
            parts.host().start(region, epoch, configuration, origin -> {
                LOG.infof(
                        "Started region %s at epoch %d, %s",
                        region, epoch, origin.stored() == null ? "as generated" : "as stored until " + origin.stored());
                handle(new AuthorityEvent.EngineStarted(region, epoch, origin));
            });
        } catch (IllegalArgumentException e) {
            LOG.errorf(e, "Cannot start region %s", region);
            handle(new AuthorityEvent.EngineFailed(region, epoch, String.valueOf(e.getMessage())));
        }
    }

    private void takeOver(Parts parts, AuthorityAction.TakeOver action, @Nullable RegionReplica replica) {
        RegionId region = action.region();
        long epoch = action.epoch();
        if (failed) {
            return;
        }
        if (replica == null) {
            handle(new AuthorityEvent.EngineFailed(region, epoch, "there is no copy"));
            return;
        }
        long tick = replica.tick();
        parts.host().run(RegionEngine.takeOver(replica, epoch), action.configuration());
        parts.sessions().arrived(parts.host().hosted(region), inputs(action.players()));
        LOG.infof("Took over region %s at epoch %d from its copy, which is at tick %d", region, epoch, tick);
        handle(new AuthorityEvent.EngineStarted(region, epoch, null));
        parts.view().forsaken(region, false);
        parts.sessions().mapChanged();
    }

    private static Map<EntityId, Long> inputs(List<PlayerInput> players) {
        return players.stream()
                .collect(Collectors.toMap(
                        player -> new EntityId(player.getEntityId()),
                        player -> Integer.toUnsignedLong(player.getLastInput()),
                        (first, _) -> first));
    }

    private void transfer(Parts parts, AuthorityAction.Transfer transfer) {
        HostedRegion hosted = parts.host().hosted(transfer.region());
        long frozenNanos = System.nanoTime();
        // Frozen before anything else is carried out.
        OptionalLong copyTick =
                hosted.between(replicated -> replicated.freezeFor(transfer.target(), System.nanoTime()));
        // Who waits for an answer from the store has it before the players are sent on.
        parts.host().flush(transfer.region());
        if (copyTick.isPresent()) {
            RegionOffer.Builder offer = offerOf(parts, transfer, hosted).setCopyTick(copyTick.getAsLong());
            parts.sender()
                    .send(
                            transfer.targetAddress(),
                            offer,
                            new byte[0],
                            outcome -> outcome(transfer, frozenNanos, outcome));
            return;
        }
        // Saved where it holds nobody up.
        CompletableFuture<Void> _ = CompletableFuture.supplyAsync(
                        () -> hosted.between(replicated -> replicated.engine().save()), workers)
                .thenAcceptAsync(state -> offer(parts, transfer, hosted, state, frozenNanos), executor)
                .whenCompleteAsync(
                        (_, failure) -> {
                            if (failure != null) {
                                LOG.errorf(failure, "Cannot hand region %s over", transfer.region());
                                outcome(
                                        transfer,
                                        frozenNanos,
                                        new Outcome.Refused(String.valueOf(failure.getMessage())));
                            }
                        },
                        executor);
    }

    private void offer(
            Parts parts, AuthorityAction.Transfer transfer, HostedRegion hosted, byte[] state, long frozenNanos) {
        if (failed) {
            return;
        }
        parts.sender()
                .send(
                        transfer.targetAddress(),
                        offerOf(parts, transfer, hosted),
                        state,
                        outcome -> outcome(transfer, frozenNanos, outcome));
    }

    private static RegionOffer.Builder offerOf(Parts parts, AuthorityAction.Transfer transfer, HostedRegion hosted) {
        ServerId self = parts.view().self();
        RegionOffer.Builder offer = RegionOffer.newBuilder()
                .setRegionId(transfer.region().packed())
                .setEpoch(transfer.epoch())
                .setOfferedEpoch(transfer.offeredEpoch())
                .setTarget(transfer.target().toProto());
        if (self != null) {
            offer.setSource(self.toProto());
        }
        hosted.between(replicated -> replicated.engine().lastInputs())
                .forEach((entity, input) -> offer.addPlayers(
                        PlayerInput.newBuilder().setEntityId(entity.packed()).setLastInput(input.intValue())));
        return offer;
    }

    private void outcome(AuthorityAction.Transfer transfer, long frozenNanos, Outcome outcome) {
        RegionId region = transfer.region();
        long offered = transfer.offeredEpoch();
        switch (outcome) {
            case Outcome.Accepted() -> {
                metrics.transferred(System.nanoTime() - frozenNanos);
                LOG.infof("Handed region %s over to %s at epoch %d", region, transfer.target(), offered);
                handle(new AuthorityEvent.TransferAccepted(region, offered));
            }
            case Outcome.Refused(String reason) -> {
                metrics.transferFailed();
                LOG.warnf("%s refused region %s: %s", transfer.target(), region, reason);
                handle(new AuthorityEvent.TransferRefused(region, offered, reason));
            }
            case Outcome.Unknown(String reason) -> {
                metrics.transferFailed();
                LOG.warnf("Nobody knows whether %s took region %s: %s", transfer.target(), region, reason);
                handle(new AuthorityEvent.TransferUnknown(region, offered, reason));
            }
        }
    }
}
