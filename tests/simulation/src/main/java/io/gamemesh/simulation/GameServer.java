package io.gamemesh.simulation;

import io.gamemesh.core.authority.AuthorityAction;
import io.gamemesh.core.authority.AuthorityEvent;
import io.gamemesh.core.authority.ServerAuthority;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.RegionLoad;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.ServerLoad;
import io.gamemesh.protocol.v1.ServerMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One game-server process: the real state machine of authority, round engines, sockets and a clock that are models. */
final class GameServer {

    private static final long TRANSFER_TIMEOUT = 3 * Scheduler.SECOND;

    /** An offer of another server that is being received. */
    private static final class Call {
        final GameServer source;
        final RegionOffer offer;
        final Engine state;
        boolean answered;

        Call(GameServer source, RegionOffer offer, Engine state) {
            this.source = source;
            this.offer = offer;
            this.state = state;
        }
    }

    private final World world;
    final String name;
    final int process;
    final ServerAuthority authority;
    final TreeMap<RegionId, Engine> engines = new TreeMap<>();
    private final Map<Long, Call> calls = new HashMap<>();
    private @Nullable Link link;
    private boolean alive = true;
    private boolean exited;
    private long pausedUntil;
    private int incarnationWritten;
    private boolean retrying;

    GameServer(World world, String name, int process) {
        this.world = world;
        this.name = name;
        this.process = process;
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

    void boot() {
        live(world.random(200 * Scheduler.MILLI), this::connect);
        live(world.random(Scheduler.SECOND), this::play);
    }

    void pause(long nanos) {
        pausedUntil = Math.max(pausedUntil, world.now() + nanos);
    }

    void kill() {
        if (!alive) {
            return;
        }
        alive = false;
        world.history.add(this + " dies");
        world.checker.dies(this);
        world.players.excuse(this);
        if (link != null) {
            link.breaks(200 * Scheduler.MILLI);
        }
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
        if (!alive) {
            return;
        }
        if (world.now() < pausedUntil) {
            world.scheduler.at(pausedUntil, () -> whenAwake(what));
        } else {
            what.run();
        }
    }

    // The stream to the coordinator.

    private void connect() {
        retrying = false;
        if (link != null || exited) {
            return;
        }
        OperatorProcess operator = world.operatorToTry();
        if (operator == null) {
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
                handle(new AuthorityEvent.FromCoordinator(message));
            }
        });
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
        authority.handle(event, world.now(), actions::add);
        for (AuthorityAction action : actions) {
            perform(action);
        }
        long deadline = authority.nextDeadlineNanos();
        if (deadline != Long.MAX_VALUE && !(event instanceof AuthorityEvent.TimePassed && actions.isEmpty())) {
            world.scheduler.at(
                    deadline,
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
            case AuthorityAction.StartEngine(RegionId region, long epoch) -> start(region, epoch);
            case AuthorityAction.Transfer(RegionId region, long epoch, ServerId target, String address, long offered) ->
                transfer(region, epoch, target, address, offered);
            case AuthorityAction.ResumeEngine(RegionId region, long epoch) -> runs(engine(region), epoch);
            case AuthorityAction.DropEngine(RegionId region, long epoch, @Nullable ServerId successor) -> {
                Engine engine = engines.remove(region);
                if (engine != null) {
                    world.history.add(this + " drops " + region + "@" + engine.epoch);
                    world.checker.drops(region, this);
                    world.players.dropped(this, engine);
                }
            }
            case AuthorityAction.ReceiveState(long call) -> receive(call);
            case AuthorityAction.AcceptOffer(long number, RegionId region, long epoch) -> {
                Call call = calls.remove(number);
                if (call == null) {
                    throw new InvariantViolation(this + " accepts an offer that was not made");
                }
                Engine engine = call.state.copy(epoch);
                engines.put(region, engine);
                runs(engine, epoch);
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
            case AuthorityAction.LeafMapChanged ignored -> {
                // Read from the state machine when it is needed.
            }
            case AuthorityAction.Advertised ignored -> {
                // Players of the model need no address.
            }
            case AuthorityAction.Refused(String reason) -> world.history.add(this + " refuses " + reason);
        }
    }

    private void send(ServerMessage message) {
        if (message.getBodyCase() != ServerMessage.BodyCase.HEARTBEAT) {
            world.history.add(this + " says " + Text.of(message));
        }
        if (link != null) {
            link.toOperator(message);
        }
    }

    private ServerMessage heartbeat(long sequence) {
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder().setSequence(sequence);
        int players = 0;
        for (Engine engine : engines.values()) {
            if (engine.running) {
                players += engine.players.size();
                heartbeat.addRegions(RegionLoad.newBuilder()
                        .setRegionId(engine.region.packed())
                        .setEpoch(engine.epoch)
                        .setPlayers(engine.players.size())
                        .setEntities(engine.players.size())
                        .setTick(0.01 + 0.002 * engine.players.size())
                        .setTickNumber(world.now() / (50 * Scheduler.MILLI)));
            }
        }
        heartbeat.setLoad(
                ServerLoad.newBuilder().setPlayers(players).setCpu(0.1).setMemory(0.3));
        return ServerMessage.newBuilder().setHeartbeat(heartbeat).build();
    }

    // Engines.

    private Engine engine(RegionId region) {
        Engine engine = engines.get(region);
        if (engine == null) {
            throw new InvariantViolation(this + " goes on with " + region + ", of which it has no engine");
        }
        return engine;
    }

    private void runs(Engine engine, long epoch) {
        engine.epoch = epoch;
        engine.running = true;
        world.history.add(this + " acts for " + engine.region + "@" + epoch);
        world.checker.acts(engine.region, this, toString(), epoch);
    }

    private void start(RegionId region, long epoch) {
        live(5 * Scheduler.MILLI + world.random(100 * Scheduler.MILLI), () -> {
            if (world.chance(0.01)) {
                handle(new AuthorityEvent.EngineFailed(region, epoch, "no luck"));
                return;
            }
            handle(new AuthorityEvent.EngineStarted(region, epoch));
            if (authority.actingEpoch(region) == epoch && !engines.containsKey(region)) {
                Engine engine = new Engine(region, epoch);
                engines.put(region, engine);
                runs(engine, epoch);
            }
        });
    }

    // Moves.

    private void transfer(RegionId region, long epoch, ServerId target, String address, long offered) {
        Engine engine = engine(region);
        engine.running = false;
        world.checker.freezes(region, this);
        world.history.add(this + " offers " + region + "@" + offered + " to " + target);
        RegionOffer offer = RegionOffer.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setOfferedEpoch(offered)
                .setSource(authority.id().orElseThrow().toProto())
                .setTarget(target.toProto())
                .setSize(1024)
                .build();
        Call call = new Call(this, offer, engine.copy(offered));
        live(TRANSFER_TIMEOUT, () -> {
            outcome(call, new AuthorityEvent.TransferUnknown(region, offered, "no answer"));
        });
        GameServer receiver = world.cluster.atAddress(address);
        if (receiver == null) {
            // Nobody listens there, so nobody has heard of the offer.
            live(
                    world.networkDelay(),
                    () -> outcome(call, new AuthorityEvent.TransferRefused(region, offered, "refused")));
        } else if (!world.peerLoses()) {
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
        if (!world.peerLoses()) {
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

    private void receive(long number) {
        live(world.stateDelay(), () -> {
            Call call = calls.get(number);
            if (call == null) {
                return;
            }
            // The state comes over the connection: if its other end is gone, or it breaks, it does not come.
            if (!call.source.alive || world.chance(0.02) || world.peerLoses()) {
                handle(new AuthorityEvent.StateFailed(number, "the connection broke"));
            } else {
                handle(new AuthorityEvent.StateReceived(number));
            }
        });
    }

    // Players.

    /** Now and then somebody crosses a border; what has left is repeated until it has arrived. */
    private void play() {
        for (Engine engine : List.copyOf(engines.values())) {
            if (!engine.running) {
                continue;
            }
            if (!engine.players.isEmpty() && !world.playersStand() && world.chance(0.3)) {
                depart(engine);
            }
            engine.departed.forEach((player, departure) -> left(engine, player, departure));
        }
        live(500 * Scheduler.MILLI, this::play);
    }

    private void depart(Engine engine) {
        List<RegionId> neighbours = world.geometry().neighbours(engine.region);
        if (neighbours.isEmpty()) {
            return;
        }
        List<Integer> players = List.copyOf(engine.players.keySet());
        int player = players.get((int) world.random(players.size()));
        Integer before = engine.players.remove(player);
        int hop = (before == null ? 0 : before) + 1;
        RegionId to = neighbours.get((int) world.random(neighbours.size()));
        engine.departed.put(player, new Engine.Departure(hop, to));
        world.players.moves(player, hop);
        world.history.add("player " + player + " leaves " + this + " " + engine.region + " for " + to + " hop " + hop);
    }

    private void left(Engine from, int player, Engine.Departure departure) {
        Leaf leaf = authority.leafMap().get(departure.to());
        ServerId owner = leaf == null ? null : leaf.authority();
        GameServer receiver = owner == null ? null : world.cluster.process(owner);
        if (receiver == null || (receiver != this && world.peerLoses())) {
            return;
        }
        RegionId region = from.region;
        world.scheduler.after(
                receiver == this ? 1 : world.networkDelay(),
                () -> receiver.whenAwake(() -> receiver.arrives(this, region, player, departure)));
    }

    private void arrives(GameServer source, RegionId from, int player, Engine.Departure departure) {
        Engine engine = engines.get(departure.to());
        if (engine == null || !engine.running) {
            return;
        }
        if (engine.takesIn(player, departure.hop())) {
            world.history.add(
                    "player " + player + " arrives in " + this + " " + engine.region + " hop " + departure.hop());
        }
        if (source != this && world.peerLoses()) {
            return;
        }
        world.scheduler.after(
                source == this ? 1 : world.networkDelay(),
                () -> source.whenAwake(() -> source.arrived(from, player, departure.hop())));
    }

    private void arrived(RegionId from, int player, int hop) {
        Engine engine = engines.get(from);
        if (engine == null || !engine.running) {
            return;
        }
        Engine.Departure departure = engine.departed.get(player);
        if (departure != null && departure.hop() == hop) {
            engine.departed.remove(player);
        }
    }

    /** A client that has lost its server comes back here. */
    boolean joins(int player, int hop) {
        List<Engine> running =
                engines.values().stream().filter(engine -> engine.running).toList();
        if (!alive || world.now() < pausedUntil || running.isEmpty()) {
            return false;
        }
        Engine engine = running.get((int) world.random(running.size()));
        world.history.add("player " + player + " comes back to " + this + " " + engine.region + " hop " + hop);
        return engine.takesIn(player, hop);
    }
}
