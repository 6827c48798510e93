package io.gamemesh.simulation;

import io.gamemesh.core.authority.AuthorityAction;
import io.gamemesh.core.authority.AuthorityEvent;
import io.gamemesh.core.authority.Origin;
import io.gamemesh.core.authority.ServerAuthority;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSession;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionSink;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.core.region.RegionStats;
import io.gamemesh.core.replication.Configuration;
import io.gamemesh.core.replication.RegionBackup;
import io.gamemesh.core.replication.ReplicatedRegion;
import io.gamemesh.core.replication.ReplicationPort;
import io.gamemesh.core.replication.Standing;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.EntityLeft;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.RegionLoad;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.ReplicationAck;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.gamemesh.protocol.v1.ServerLoad;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One game-server process: the real authority, engines, replicas and replication, round which sockets, threads and the clock
 * are models.
 */
final class GameServer {

    private static final long TRANSFER_TIMEOUT = 3 * Scheduler.SECOND;
    private static final long TICK = Scheduler.SECOND / World.TICK_RATE;
    private static final long LOOK = 100 * Scheduler.MILLI;
    private static final long AWAIT = 500 * Scheduler.MILLI;
    private static final long LOOK_FOR_TICK = 5 * Scheduler.MILLI;

    /** An offer of another server that is being received. */
    private static final class Call {
        final GameServer source;
        final RegionOffer offer;
        final byte[] state;
        boolean answered;

        Call(GameServer source, RegionOffer offer, byte[] state) {
            this.source = source;
            this.offer = offer;
            this.state = state;
        }
    }

    /** A region that this server acts for, or did. */
    private final class Running {
        final ReplicatedRegion region;
        final Map<ServerId, String> addresses = new HashMap<>();
        final Map<ServerId, ReplicationLink> links = new LinkedHashMap<>();
        final RegionSink out = new Outputs(this);
        boolean stopped;

        Running(RegionEngine engine, long configuration) {
            region = new ReplicatedRegion(
                    engine, authority.id().orElseThrow(), configuration, world.replication(), new Port(this));
        }
    }

    /** A copy of a region that another server acts for. */
    private static final class Following {
        final RegionBackup backup;

        @Nullable ReplicationLink link;

        boolean silent;

        Following(RegionBackup backup) {
            this.backup = backup;
        }
    }

    /** A player's connection. */
    private static final class Session {
        final Client client;
        final long connection;
        int view;

        @Nullable RegionId region;

        Session(Client client, long connection) {
            this.client = client;
            this.connection = connection;
        }
    }

    private final World world;
    final String name;
    final int process;
    private final int numberBefore;
    final ServerAuthority authority;
    private final TreeMap<RegionId, Running> running = new TreeMap<>();
    private final TreeMap<RegionId, Following> copies = new TreeMap<>();
    private final Map<Long, ReplicationLink> offered = new HashMap<>();
    private final Map<Long, Call> calls = new HashMap<>();
    private final Standstill standstill;
    private final TreeMap<Long, Session> sessions = new TreeMap<>();
    private final Map<ToServer.BlockEdit, Session> unanswered = new LinkedHashMap<>();
    private final double clockRate;
    private final long clockOffset;
    private @Nullable Link link;
    private boolean alive = true;
    private boolean exited;
    private long pauseAfterNextTick;
    private int incarnationWritten;
    private boolean retrying;
    private long entities;
    private long crossingsForged;

    /**
     * @param numberBefore incarnation of the last process in the same pod; 0 if there was none
     */
    GameServer(World world, String name, int process, int numberBefore) {
        this.world = world;
        this.standstill = new Standstill(world.scheduler);
        this.numberBefore = numberBefore;
        this.name = name;
        this.process = process;
        this.clockRate = world.clockRate();
        this.clockOffset = world.random(1_000 * Scheduler.SECOND);
        this.authority = new ServerAuthority(
                world.geometry(),
                new ServerAuthority.Self(
                        name,
                        Capacity.newBuilder()
                                .setMaxPlayers(60)
                                .setCpuMillis(2000)
                                .setMemoryBytes(1L << 30)
                                .build(),
                        name + ".demo-servers:9090",
                        name + ".demo-servers:7777",
                        1L << 26));
    }

    @Override
    public String toString() {
        return name + "/" + process;
    }

    boolean alive() {
        return alive;
    }

    boolean connected() {
        return link != null && link.open();
    }

    @Nullable Link link() {
        return link;
    }

    /** What its termination message would say. */
    int incarnationWritten() {
        return incarnationWritten;
    }

    /** Its own clock, which is a little faster or slower than others. */
    private long clock() {
        return clockOffset + (long) (world.now() * clockRate);
    }

    void boot() {
        live(world.random(200 * Scheduler.MILLI), this::connect);
        live(world.random(LOOK), this::look);
    }

    void pause(long nanos) {
        standstill.extend(world.pausedUntil(nanos));
    }

    /** Stands still in the middle of the next tick: after it was found that it may act, before anything is sent. */
    void pauseInTick(long nanos) {
        pauseAfterNextTick = nanos;
    }

    void kill() {
        if (!alive) {
            return;
        }
        alive = false;
        world.history.add(this + " dies");
        world.checker.dies(this);
        if (link != null) {
            link.breaks(200 * Scheduler.MILLI);
        }
        running.values().forEach(each -> each.links.values().forEach(ReplicationLink::ends));
        copies.values().forEach(copy -> {
            if (copy.link != null) {
                copy.link.ends();
            }
        });
        sessions.values()
                .forEach(session ->
                        tellClient(session, () -> session.client.sentAway(session.connection, null, null, null)));
        world.cluster.processEnded(this);
    }

    void terminate(int graceSeconds) {
        live(0, () -> handle(new AuthorityEvent.Stopping(graceSeconds)));
    }

    /** Later, if it is still alive then, and not before a pause is over. */
    private void live(long nanos, Runnable what) {
        world.scheduler.after(nanos, () -> whenAwake(what));
    }

    private void whenAwake(Runnable what) {
        if (alive) {
            standstill.whenOver(() -> {
                if (alive) {
                    what.run();
                }
            });
        }
    }

    // The stream to the coordinator.

    private void connect() {
        retrying = false;
        if (link != null || exited) {
            return;
        }
        OperatorProcess operator = world.operatorToTry();
        if (operator == null || !world.network.reaches(name, operator.name)) {
            retry();
            return;
        }
        Link opened = new Link(world, world.nextLink(), this, operator);
        link = opened;
        world.links.add(opened);
        operator.opened(opened);
        handle(new AuthorityEvent.StreamUp());
    }

    private void retry() {
        if (!retrying) {
            retrying = true;
            live(200 * Scheduler.MILLI + world.random(800 * Scheduler.MILLI), this::connect);
        }
    }

    void received(Link from, CoordinatorMessage message) {
        whenAwake(() -> {
            if (from == link) {
                handle(new AuthorityEvent.FromCoordinator(promoted(message)));
            }
        });
    }

    /** As if the leader that says it led still, if that is how the protocol is broken. */
    private CoordinatorMessage promoted(CoordinatorMessage message) {
        return world.sabotage == Sabotage.LOWER_TERM_HEEDED
                ? message.toBuilder()
                        .setTerm(Math.max(message.getTerm(), authority.highestTerm()))
                        .build()
                : message;
    }

    void lost(Link from) {
        whenAwake(() -> {
            if (from == link) {
                link = null;
                handle(new AuthorityEvent.StreamDown());
                retry();
            }
        });
    }

    private void handle(AuthorityEvent event) {
        List<AuthorityAction> actions = new ArrayList<>();
        authority.handle(event, clock(), actions::add);
        for (AuthorityAction action : actions) {
            perform(action);
        }
        long deadline = authority.nextDeadlineNanos();
        if (deadline != Long.MAX_VALUE && !(event instanceof AuthorityEvent.TimePassed && actions.isEmpty())) {
            world.scheduler.at(
                    world.now() + (long) ((deadline - clock()) / clockRate) + 1,
                    () -> whenAwake(() -> {
                        if (authority.nextDeadlineNanos() == deadline) {
                            handle(new AuthorityEvent.TimePassed());
                        }
                    }));
        }
    }

    private void perform(AuthorityAction action) {
        switch (action) {
            case AuthorityAction.WriteIncarnation(int incarnation) -> {
                incarnationWritten = incarnation;
                world.history.add(this + " is incarnation " + incarnation);
            }
            case AuthorityAction.Send(ServerMessage message) -> send(message);
            case AuthorityAction.SendHeartbeat(long sequence) -> send(heartbeat(sequence));
            case AuthorityAction.CloseStream(String reason) -> {
                Link open = link;
                if (open != null) {
                    link = null;
                    open.closedByServer();
                    handle(new AuthorityEvent.StreamDown());
                    retry();
                }
            }
            case AuthorityAction.StartEngine(RegionId region, long epoch, long configuration) ->
                start(region, epoch, configuration);
            case AuthorityAction.Configure(RegionId region, Configuration configuration, var addresses) ->
                configure(region, configuration, addresses);
            case AuthorityAction.Follow(long call, RegionId region) -> follow(call, region);
            case AuthorityAction.RefuseReplication(long call, String reason) -> {
                ReplicationLink refused = offered.remove(call);
                if (refused != null) {
                    refused.ends();
                }
            }
            case AuthorityAction.StopGranting(RegionId region) -> stopGranting(region);
            case AuthorityAction.AnnounceMove announced -> {
                // Model clients connect anew.
            }
            case AuthorityAction.TakeOver(RegionId region, long epoch, long configuration, var players) ->
                takeOver(region, epoch, configuration);
            case AuthorityAction.DropCopy(RegionId region) -> dropCopy(region);
            case AuthorityAction.Transfer(RegionId region, long epoch, ServerId target, String address, long offer) ->
                transfer(region, epoch, target, address, offer);
            case AuthorityAction.ResumeEngine(RegionId region, long epoch) -> {
                Running resumed = running(region);
                boolean anew = epoch > resumed.region.engine().epoch();
                resumed.region.resume(epoch);
                world.checker.holds(region, this, toString(), epoch);
                if (anew) {
                    unlinkAll(resumed);
                }
                world.history.add(this + " goes on with " + region + "@" + epoch);
            }
            case AuthorityAction.DropEngine(RegionId region, long epoch, @Nullable ServerId successor) -> drop(region);
            case AuthorityAction.AwaitCopy(long call, RegionId region, long epoch, long tick) ->
                awaitCopy(call, region, epoch, tick, clock() + AWAIT);
            case AuthorityAction.ReceiveState(long call) -> receive(call);
            case AuthorityAction.AcceptOffer(long number, RegionId region, long epoch, var players) -> {
                Call call = calls.remove(number);
                if (call == null) {
                    throw new InvariantViolation(this + " accepts an offer that was not made");
                }
                run(restored(region, epoch, call.state), 0);
                answer(call, new AuthorityEvent.TransferAccepted(region, epoch));
            }
            case AuthorityAction.ConfirmOffer(long number, RegionId region, long epoch) -> {
                Call call = calls.remove(number);
                if (call != null) {
                    answer(call, new AuthorityEvent.TransferAccepted(region, epoch));
                }
            }
            case AuthorityAction.RefuseOffer(long number, String reason) -> {
                Call call = calls.remove(number);
                if (call != null) {
                    RegionOffer offer = call.offer;
                    answer(
                            call,
                            new AuthorityEvent.TransferRefused(
                                    new RegionId(offer.getRegionId()), offer.getOfferedEpoch(), reason));
                }
            }
            case AuthorityAction.Drained() -> {
                world.history.add(this + " has drained");
                exited = true;
                world.scheduler.after(50 * Scheduler.MILLI, this::kill);
            }
            case AuthorityAction.LeafMapChanged changed ->
                running.values()
                        .forEach(each -> each.region.engine().accept(new RegionInput.MapChanged(changed.map())));
            case AuthorityAction.Advertised ignored -> {
                // Players of the model need no address.
            }
            case AuthorityAction.Refused(String reason) -> world.history.add(this + " refuses " + reason);
        }
    }

    private void send(ServerMessage said) {
        ServerMessage message = misnumbered(said);
        if (message.getBodyCase() != ServerMessage.BodyCase.HEARTBEAT) {
            world.history.add(this + " says " + Text.of(message));
        }
        if (link != null) {
            link.toOperator(message);
        }
    }

    /** As the process before it, if that is how the protocol is broken. */
    private ServerMessage misnumbered(ServerMessage message) {
        if (world.sabotage != Sabotage.RESTARTED_UNDER_ITS_NUMBER
                || !message.hasRegister()
                || message.getRegister().getIncarnation() != 0) {
            return message;
        }
        return message.toBuilder()
                .setRegister(message.getRegister().toBuilder().setIncarnation(numberBefore))
                .build();
    }

    private ServerMessage heartbeat(long sequence) {
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder().setSequence(sequence);
        int players = 0;
        for (Running each : running.values()) {
            RegionStats stats = each.region.engine().stats();
            players += stats.players();
            heartbeat.addRegions(RegionLoad.newBuilder()
                    .setRegionId(each.region.region().packed())
                    .setEpoch(each.region.engine().epoch())
                    .setPlayers(stats.players())
                    .setEntities(stats.entities())
                    .setTick(0.01 + 0.002 * stats.players())
                    .setTickNumber(stats.tick()));
        }
        heartbeat.setLoad(
                ServerLoad.newBuilder().setPlayers(players).setCpu(0.1).setMemory(0.3));
        return ServerMessage.newBuilder().setHeartbeat(heartbeat).build();
    }

    // Engines.

    private Running running(RegionId region) {
        Running engine = running.get(region);
        if (engine == null) {
            throw new InvariantViolation(this + " goes on with " + region + ", of which it has no engine");
        }
        return engine;
    }

    /** The engine of a region that this process has; acting or not. */
    @Nullable RegionEngine engine(RegionId region) {
        Running found = running.get(region);
        return found == null ? null : found.region.engine();
    }

    int players() {
        return running.values().stream()
                .mapToInt(each -> each.region.engine().stats().players())
                .sum();
    }

    List<RegionEngine> engines() {
        return running.values().stream().map(each -> each.region.engine()).toList();
    }

    private RegionSettings settings(RegionId region) {
        return world.settings(region, () -> {
            int incarnation = authority.id().orElseThrow().incarnation();
            long id = EntityId.of(incarnation, (1L << 30) + ++entities).packed();
            world.census.born(id);
            return id;
        });
    }

    private RegionEngine restored(RegionId region, long epoch, byte[] state) {
        try {
            return RegionEngine.restore(settings(region), epoch, state);
        } catch (RegionStateException e) {
            throw new InvariantViolation(this + " cannot read the state of " + region + ": " + e.getMessage());
        }
    }

    private void run(RegionEngine engine, long configuration) {
        Running begun = new Running(engine, configuration);
        Running before = running.put(engine.region(), begun);
        if (before != null) {
            throw new InvariantViolation(this + " runs two engines for " + engine.region());
        }
        engine.accept(new RegionInput.MapChanged(authority.leafMap()));
        world.history.add(this + " runs " + engine.region() + "@" + engine.epoch() + " from tick " + engine.tick());
        world.checker.holds(engine.region(), this, toString(), engine.epoch());
        live(world.random(TICK), () -> tick(begun));
    }

    private void tick(Running each) {
        if (each.stopped) {
            return;
        }
        live((long) (TICK / clockRate), () -> tick(each));
        each.region.coordinatorLease(authority.leaseUntilNanos());
        if (pauseAfterNextTick > 0) {
            standstill.extend(world.pausedUntil(pauseAfterNextTick));
            pauseAfterNextTick = 0;
            world.history.add(this + " stands still in a tick of " + each.region.region());
        }
        long before = each.region.engine().tick();
        boolean acts = each.region.step(clock(), each.out);
        RegionEngine engine = each.region.engine();
        if (acts && engine.tick() > before) {
            world.checker.steps(
                    engine.region(),
                    this,
                    toString(),
                    engine.epoch(),
                    engine.tick(),
                    each.region.configuration().inSync());
        }
        answerEarly(engine);
        news(each);
    }

    private void news(Running each) {
        Standing standing = each.region.news(clock());
        if (standing != null && world.sabotage == Sabotage.DROPPED_BEFORE_UNLISTED) {
            dropThoseBehind(each, standing);
        }
        if (standing != null) {
            handle(new AuthorityEvent.StandingChanged(
                    each.region.region(), each.region.engine().epoch(), standing));
        }
    }

    private void dropThoseBehind(Running each, Standing standing) {
        Configuration present = each.region.configuration();
        List<Configuration.Backup> kept = present.backups().stream()
                .map(backup -> new Configuration.Backup(
                        backup.server(), backup.inSync() && !standing.behind().contains(backup.server())))
                .toList();
        if (!kept.equals(present.backups())) {
            List<ServerId> _ = each.region.configure(new Configuration(present.number() + 1, kept), clock());
        }
    }

    private void start(RegionId region, long epoch, long configuration) {
        live(5 * Scheduler.MILLI + world.random(100 * Scheduler.MILLI), () -> {
            if (world.chance(0.01)) {
                handle(new AuthorityEvent.EngineFailed(region, epoch, "no luck"));
                return;
            }
            handle(new AuthorityEvent.EngineStarted(region, epoch, Origin.GENERATED));
            if (authority.actingEpoch(region) == epoch && !running.containsKey(region)) {
                world.begunAnew(region, this);
                run(RegionEngine.fresh(settings(region), epoch), configuration);
            }
        });
    }

    private void drop(RegionId region) {
        Running dropped = running.remove(region);
        if (dropped == null) {
            return;
        }
        dropped.stopped = true;
        unlinkAll(dropped);
        world.history.add(
                this + " drops " + region + "@" + dropped.region.engine().epoch());
        world.checker.drops(region, this);
        for (RegionSession gone : dropped.region.engine().sessions()) {
            Session session = sessions.remove(gone.session());
            if (session != null) {
                RegionInput.Claim claim = new RegionInput.Claim(gone.entity(), gone.hop(), gone.position());
                sendAway(session, owner(region), claim, region);
            }
        }
    }

    private @Nullable GameServer owner(RegionId region) {
        Leaf leaf = authority.leafMap().get(region);
        ServerId owner = leaf == null ? null : leaf.authority();
        return owner == null ? null : world.cluster.process(owner);
    }

    // Replication, as the authority.

    private void configure(RegionId region, Configuration configuration, Map<ServerId, String> addresses) {
        Running each = running.get(region);
        if (each == null) {
            return;
        }
        each.addresses.clear();
        each.addresses.putAll(addresses);
        for (ServerId gone : each.region.configure(configuration, clock())) {
            ReplicationLink ended = each.links.remove(gone);
            if (ended != null) {
                ended.ends();
            }
        }
        linkUp(each);
        news(each);
    }

    private void linkUp(Running each) {
        for (Configuration.Backup listed : each.region.configuration().backups()) {
            ServerId backup = listed.server();
            ReplicationLink present = each.links.get(backup);
            String address = each.addresses.getOrDefault(backup, "");
            GameServer server = world.cluster.atAddress(address);
            if ((present == null || present.ended())
                    && server != null
                    && server != this
                    && world.network.reaches(name, server.name)) {
                ReplicationLink opened =
                        new ReplicationLink(world, world.nextLink(), this, server, backup, each.region.region());
                each.links.put(backup, opened);
                each.region.linked(backup, opened.number);
            }
        }
    }

    private void unlinkAll(Running each) {
        each.links.values().forEach(ReplicationLink::ends);
        each.links.clear();
    }

    void unlinked(ReplicationLink ended) {
        whenAwake(() -> {
            Running each = running.get(ended.region);
            if (each != null) {
                each.region.unlinked(ended.backupId, ended.number);
                each.links.remove(ended.backupId, ended);
            }
        });
    }

    void replied(ReplicationLink from, ReplicationReply reply) {
        whenAwake(() -> {
            Running each = running.get(from.region);
            if (each != null && each.links.get(from.backupId) == from) {
                each.region.receive(from.backupId, from.number, misread(from, reply), clock(), each.out);
                news(each);
            }
        });
    }

    /** As if it were about what was sent last, if that is how the protocol is broken. */
    private ReplicationReply misread(ReplicationLink from, ReplicationReply reply) {
        if (world.sabotage != Sabotage.LEASE_FROM_THE_REPLY || !reply.hasAck()) {
            return reply;
        }
        return ReplicationReply.newBuilder()
                .setAck(ReplicationAck.newBuilder().setSequence(from.lastSequence))
                .build();
    }

    private final class Port implements ReplicationPort {
        private final Running each;

        Port(Running each) {
            this.each = each;
        }

        @Override
        public boolean isReady(ServerId backup, long number) {
            ReplicationLink to = each.links.get(backup);
            return to != null && to.number == number && !to.ended();
        }

        @Override
        public void send(ServerId backup, long number, ReplicationMessage message) {
            ReplicationLink to = each.links.get(backup);
            if (to != null && to.number == number) {
                afterPause(() -> to.toBackup(message));
            }
        }
    }

    /** What is sent in the tick in which the process stands still goes out when that is over. */
    private void afterPause(Runnable what) {
        if (standstill.holds()) {
            whenAwake(what);
        } else {
            what.run();
        }
    }

    // Replication, as a backup.

    void replicated(ReplicationLink from, ReplicationMessage message) {
        whenAwake(() -> {
            if (message.hasHello()) {
                long call = world.nextCall();
                offered.put(call, from);
                hellos.put(call, message);
                handle(new AuthorityEvent.ReplicationOffered(call, message.getHello()));
                return;
            }
            Following copy = copies.get(from.region);
            if (copy != null && copy.link == from) {
                copy.backup.receive(from.number, message, clock(), from::toAuthority);
                watchSilence(from.region, copy);
            }
        });
    }

    private final Map<Long, ReplicationMessage> hellos = new HashMap<>();

    private void follow(long call, RegionId region) {
        ReplicationLink from = offered.remove(call);
        ReplicationMessage hello = hellos.remove(call);
        if (from == null || hello == null) {
            return;
        }
        Following copy = copies.computeIfAbsent(
                region,
                r -> new Following(
                        new RegionBackup(settings(r), authority.id().orElseThrow(), world.replication(), clock())));
        ReplicationLink before = copy.link;
        if (!copy.backup.open(from.number, hello.getHello(), clock(), from::toAuthority)) {
            from.ends();
            return;
        }
        copy.link = from;
        if (before != null && before != from) {
            before.ends();
        }
        watchSilence(region, copy);
    }

    void unfollowed(ReplicationLink ended) {
        whenAwake(() -> {
            Following copy = copies.get(ended.region);
            if (copy != null && copy.link == ended) {
                copy.backup.closed(ended.number);
                copy.link = null;
            }
        });
    }

    private void watchSilence(RegionId region, Following copy) {
        boolean silent = copy.backup.isSilent(clock());
        if (silent != copy.silent) {
            copy.silent = silent;
            handle(new AuthorityEvent.AuthoritySilent(region, copy.backup.epoch(), silent));
        }
    }

    private void stopGranting(RegionId region) {
        Following copy = copies.get(region);
        if (copy == null) {
            handle(new AuthorityEvent.GrantsStopped(region, 0, clock()));
            return;
        }
        copy.backup.stop();
        long aloneAt = world.sabotage == Sabotage.PROMOTED_WITHOUT_WAITING ? clock() : copy.backup.aloneAtNanos();
        handle(new AuthorityEvent.GrantsStopped(region, copy.backup.copyEpoch(), aloneAt));
    }

    private void takeOver(RegionId region, long epoch, long configuration) {
        Following copy = copies.remove(region);
        RegionReplica replica = copy == null ? null : copy.backup.takeReplica();
        if (copy == null || replica == null) {
            handle(new AuthorityEvent.EngineFailed(region, epoch, "there is no copy"));
            return;
        }
        if (copy.link != null) {
            copy.link.ends();
        }
        world.history.add(this + " takes over " + region + "@" + epoch + " from tick " + replica.tick());
        world.goesBackTo(region, copy.backup.copyEpoch(), this);
        run(RegionEngine.takeOver(replica, epoch), configuration);
        handle(new AuthorityEvent.EngineStarted(region, epoch, null));
    }

    private void dropCopy(RegionId region) {
        Following copy = copies.remove(region);
        if (copy != null && copy.link != null) {
            copy.link.ends();
        }
    }

    /** Several times a second: links that are missing, authorities that say nothing. */
    private void look() {
        live(LOOK, this::look);
        for (Running each : List.copyOf(running.values())) {
            linkUp(each);
        }
        for (RegionId region : List.copyOf(copies.keySet())) {
            Following copy = copies.get(region);
            if (copy != null) {
                watchSilence(region, copy);
            }
        }
    }

    // Moves.

    private void transfer(RegionId region, long epoch, ServerId target, String address, long offeredEpoch) {
        Running each = running(region);
        OptionalLong copyTick = each.region.freezeFor(target, clock());
        world.history.add(this + " offers " + region + "@" + offeredEpoch + " to " + target
                + (copyTick.isPresent() ? ", which has it at tick " + copyTick.getAsLong() : ""));
        byte[] state = copyTick.isPresent() ? new byte[0] : each.region.engine().save();
        RegionOffer.Builder offered = RegionOffer.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setOfferedEpoch(offeredEpoch)
                .setSource(authority.id().orElseThrow().toProto())
                .setTarget(target.toProto())
                .setSize(state.length);
        copyTick.ifPresent(offered::setCopyTick);
        Call call = new Call(this, offered.build(), state);
        live(TRANSFER_TIMEOUT, () -> {
            outcome(call, new AuthorityEvent.TransferUnknown(region, offeredEpoch, "no answer"));
        });
        GameServer receiver = world.cluster.atAddress(address);
        if (receiver == null) {
            // Nobody listens there, so nobody has heard of the offer.
            live(
                    world.networkDelay(),
                    () -> outcome(call, new AuthorityEvent.TransferRefused(region, offeredEpoch, "refused")));
        } else if (!world.peerLoses(name, receiver.name)) {
            world.scheduler.after(world.networkDelay(), () -> receiver.offered(call));
        }
    }

    private void outcome(Call call, AuthorityEvent event) {
        if (!call.answered) {
            call.answered = true;
            handle(event);
        }
    }

    private void answer(Call call, AuthorityEvent event) {
        if (!world.peerLoses(name, call.source.name)) {
            world.scheduler.after(
                    world.networkDelay(), () -> call.source.whenAwake(() -> call.source.outcome(call, event)));
        }
    }

    private void offered(Call call) {
        whenAwake(() -> {
            long number = world.nextCall();
            calls.put(number, call);
            handle(new AuthorityEvent.Offered(number, call.offer));
        });
    }

    private void awaitCopy(long number, RegionId region, long epoch, long tick, long until) {
        Following copy = copies.get(region);
        if (copy != null && copy.backup.isAt(epoch, tick)) {
            handle(new AuthorityEvent.StateReceived(number));
        } else if (copy == null || clock() > until) {
            handle(new AuthorityEvent.StateFailed(number, "the copy is not at tick " + tick + " of epoch " + epoch));
        } else {
            live(LOOK_FOR_TICK, () -> awaitCopy(number, region, epoch, tick, until));
        }
    }

    private void receive(long number) {
        live(world.stateDelay(), () -> {
            Call call = calls.get(number);
            if (call == null) {
                return;
            }
            // The state comes over the connection: if its other end is gone, or it breaks, it does not come.
            if (!call.source.alive || world.chance(0.02) || world.peerLoses(call.source.name, name)) {
                handle(new AuthorityEvent.StateFailed(number, "the connection broke"));
            } else {
                handle(new AuthorityEvent.StateReceived(number));
            }
        });
    }

    // What regions give out.

    private final class Outputs implements RegionSink {
        private final Running from;

        Outputs(Running from) {
            this.from = from;
        }

        @Override
        public void put(RegionOutput output) {
            switch (output) {
                case RegionOutput.ToPeer(PeerMessage message) -> {
                    afterPause(() -> toPeer(message));
                    repeatUnrecognised(message);
                }
                case RegionOutput.Joined joined -> onJoined(joined);
                case RegionOutput.JoinElsewhere(long number, RegionId region) -> {
                    Session session = sessions.get(number);
                    if (session != null) {
                        session.region = null;
                        goElsewhere(session, region, null);
                    }
                }
                case RegionOutput.JoinRefused refused -> close(refused.session(), refused.reason());
                case RegionOutput.Close closed -> close(closed.session(), closed.reason());
                case RegionOutput.Send(long number, ToClient message) -> {
                    Session session = sessions.get(number);
                    if (session != null && message instanceof ToClient.EditResult result) {
                        tellClient(session, () -> session.client.answered(session.connection, result));
                    }
                }
                case RegionOutput.Snapshot(long number, ByteBuffer datagram) -> snapshot(number, datagram);
                case RegionOutput.Located located -> {
                    Session session = sessions.get(located.session());
                    if (session != null) {
                        RegionInput.Claim claim =
                                new RegionInput.Claim(located.entity(), located.hop(), located.position());
                        tellClient(
                                session, () -> session.client.ticket(session.connection, claim, from.region.region()));
                    }
                }
                case RegionOutput.Crossed crossed -> onCrossed(crossed);
            }
        }

        @Override
        public void snapshot(long number, ByteBuffer datagram) {
            Session session = sessions.get(number);
            if (session == null || world.chance(0.01)) {
                return;
            }
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            afterPause(() -> world.scheduler.after(
                    world.networkDelay(), () -> session.client.snapshot(session.connection, bytes)));
        }

        @Override
        public void named(long session, long entity, int kind, String name) {
            // Nobody looks at names here.
        }

        private void onJoined(RegionOutput.Joined joined) {
            Session session = sessions.get(joined.session());
            if (session == null) {
                from.region.engine().accept(new RegionInput.Disconnected(joined.session(), false));
                return;
            }
            session.region = from.region.region();
            RegionInput.Claim claim = new RegionInput.Claim(
                    joined.entity(), joined.hop(), world.inWorld(from.region.region(), joined.position()));
            tellClient(session, () -> session.client.joined(session.connection, claim, from.region.region()));
        }

        private void onCrossed(RegionOutput.Crossed crossed) {
            Session session = sessions.get(crossed.session());
            if (session == null) {
                return;
            }
            RegionInput.Claim claim = new RegionInput.Claim(crossed.entity(), crossed.hop(), crossed.position());
            Running next = running.get(crossed.region());
            session.region = null;
            if (next == null) {
                goElsewhere(session, crossed.region(), claim);
                return;
            }
            session.region = crossed.region();
            session.view = (session.view + 1) & 0xff;
            next.region
                    .engine()
                    .accept(new RegionInput.Attach(
                            crossed.session(),
                            crossed.entity(),
                            crossed.playerId(),
                            crossed.lastInput(),
                            clock(),
                            session.view,
                            false));
        }
    }

    /** Some come again, late, and look like another crossing, if that is how the protocol is broken. */
    private void repeatUnrecognised(PeerMessage message) {
        if (world.sabotage != Sabotage.ARRIVED_NOT_DEDUPLICATED || !message.hasLeft() || !world.chance(0.2)) {
            return;
        }
        EntityLeft left = message.getLeft();
        PeerMessage repeat = message.toBuilder()
                .setLeft(left.toBuilder().setCrossing((++crossingsForged << 20) + left.getCrossing()))
                .build();
        world.scheduler.after(
                Scheduler.SECOND + world.random(6 * Scheduler.SECOND), () -> afterPause(() -> toPeer(repeat)));
    }

    private void toPeer(PeerMessage message) {
        RegionId to = new RegionId(message.getToRegion());
        Running here = running.get(to);
        if (here != null && !here.stopped) {
            here.region.engine().accept(new RegionInput.FromPeer(message));
            return;
        }
        GameServer receiver = owner(to);
        if (receiver == null || receiver == this) {
            return;
        }
        deliver(receiver, message);
        if (world.peerRepeats()) {
            deliver(receiver, message);
        }
    }

    private void deliver(GameServer receiver, PeerMessage message) {
        world.sendToPeer(
                name,
                receiver.name,
                () -> receiver.whenAwake(() -> {
                    Running there = receiver.running.get(new RegionId(message.getToRegion()));
                    if (there != null) {
                        there.region.engine().accept(new RegionInput.FromPeer(receiver.unfenced(there, message)));
                        return;
                    }
                    RegionEngine.refusal(message, "not here").ifPresent(receiver::toPeer);
                }));
    }

    /** With the epochs that are expected, if that is how the protocol is broken. */
    private PeerMessage unfenced(Running to, PeerMessage message) {
        if (world.sabotage != Sabotage.NO_FENCING) {
            return message;
        }
        Leaf from = authority.leafMap().get(new RegionId(message.getFromRegion()));
        return message.toBuilder()
                .setToEpoch(to.region.engine().epoch())
                .setFromEpoch(Math.max(message.getFromEpoch(), from == null ? 0 : from.epoch()))
                .build();
    }

    // Players.

    private void tellClient(Session session, Runnable what) {
        afterPause(() -> world.scheduler.after(world.orderedDelay(session.connection), what));
    }

    private void sendAway(
            Session session, @Nullable GameServer to, RegionInput.@Nullable Claim claim, @Nullable RegionId region) {
        tellClient(session, () -> session.client.sentAway(session.connection, to, claim, region));
    }

    private void close(long number, String reason) {
        Session session = sessions.remove(number);
        if (session != null) {
            world.history.add(this + " closes the connection of player " + session.client + ": " + reason);
            sendAway(session, null, null, null);
        }
    }

    private void goElsewhere(Session session, RegionId region, RegionInput.@Nullable Claim claim) {
        sessions.remove(session.connection);
        sendAway(session, owner(region), claim, region);
    }

    void connected(Client client, long connection, RegionInput.@Nullable Claim claim, @Nullable RegionId in) {
        whenAwake(() -> {
            Session session = new Session(client, connection);
            RegionId region = in;
            if (region == null) {
                region = running.isEmpty() ? world.anyRegion() : running.firstKey();
            }
            Running here = running.get(region);
            if (here == null) {
                sendAway(session, owner(region), null, null);
                return;
            }
            sessions.put(connection, session);
            session.region = region;
            long fresh = EntityId.of(authority.id().orElseThrow().incarnation(), ++entities)
                    .packed();
            here.region
                    .engine()
                    .accept(new RegionInput.Join(
                            connection,
                            new EntityId(fresh),
                            client.playerId,
                            client.playerId,
                            Optional.ofNullable(claim),
                            0,
                            false));
        });
    }

    void disconnected(long connection) {
        whenAwake(() -> {
            Session session = sessions.remove(connection);
            Running here = session == null || session.region == null ? null : running.get(session.region);
            if (here != null) {
                here.region.engine().accept(new RegionInput.Disconnected(connection, false));
            }
        });
    }

    void input(long connection, InputDatagram inputs) {
        to(connection, new RegionInput.Move(connection, inputs));
    }

    void edit(long connection, ToServer.BlockEdit edit) {
        to(connection, new RegionInput.Edit(connection, edit));
        Session session = sessions.get(connection);
        if (world.sabotage == Sabotage.ANSWERED_BEFORE_REPLICATED && session != null) {
            unanswered.put(edit, session);
        }
    }

    /** What the engine has done is told at once, if that is how the protocol is broken. */
    private void answerEarly(RegionEngine engine) {
        unanswered.entrySet().removeIf(asked -> {
            ToServer.BlockEdit edit = asked.getKey();
            Session session = asked.getValue();
            boolean done = engine.region().equals(session.region)
                    && engine.block(edit.x(), edit.y(), edit.z()) == edit.block();
            if (done) {
                ToClient.EditResult result = new ToClient.EditResult(edit.request(), ToClient.EditOutcome.ACCEPTED);
                tellClient(session, () -> session.client.answered(session.connection, result));
            }
            return done;
        });
    }

    private void to(long connection, RegionInput input) {
        whenAwake(() -> {
            Session session = sessions.get(connection);
            Running here = session == null || session.region == null ? null : running.get(session.region);
            if (here != null) {
                here.region.engine().accept(input);
            }
        });
    }
}
