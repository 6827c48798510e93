package io.gamemesh.simulation;

import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.replication.ReplicationSettings;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.planner.LoadWeights;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshResource;
import io.gamemesh.planner.coordinator.RegionPhase;
import io.gamemesh.planner.coordinator.RegionResource;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.planner.scaling.ScalingTargets;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.LocalPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Everything there is in one run, and the chance that rules it. */
final class World {

    static final int TICK_RATE = 10;
    private static final int EDGE = 64;
    private static final int PLAYERS = 20;
    private static final int CREATURES = 30;
    private static final long WARM_UP = SimulationSettings.WARM_UP_SECONDS * Scheduler.SECOND;
    private static final int END_OF_MESH_SECONDS = 15;
    private static final int PATIENCE_SECONDS = 60;
    private static final long HELD_BACK = 3 * Scheduler.SECOND;
    private static final long DECLARED_AFTER = 7 * Scheduler.SECOND;
    private static final ReplicationSettings REPLICATION = new ReplicationSettings(
            Scheduler.SECOND, 600 * Scheduler.MILLI, Scheduler.SECOND, 4 << 20, 64 << 10, 8 << 20, 16);
    private static final Generator GROUND = Generator.named("flat", 1);
    private static final Behaviour BEHAVIOUR = Behaviour.named("wander");
    private static final ScalingTargets TARGETS =
            new ScalingTargets(5, 8, 0.7, 0.7, 0.1, Duration.ofSeconds(2), Duration.ofSeconds(8));

    final Scheduler scheduler = new Scheduler();
    final History history = new History(scheduler);
    final Checker checker = new Checker();
    final Sabotage sabotage;
    final ApiServer api;
    final Cluster cluster;
    final Network network;
    final Ledger ledger = new Ledger(this);
    final Census census = new Census();
    private final List<Client> clients = new ArrayList<>();
    final List<Link> links = new ArrayList<>();
    private final SimulationSettings settings;
    private final SplittableRandom chance;
    private final WorldGeometry geometry;
    private final List<OperatorProcess> operators = new ArrayList<>();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final List<Integer> injected = new ArrayList<>();
    private final SplittableRandom schedule;
    private int nextFault;
    private final double trouble;
    private final long meanBetweenFaults;

    private @Nullable OperatorProcess elected;
    private long apiDownUntil;
    private long peersCutOffUntil;
    private double peerLoss;
    private final double repeats;
    private final Map<Long, Long> lastOrdered = new HashMap<>();
    private final Map<RegionId, Integer> begun = new TreeMap<>();
    private long lastConnection;
    private long quietFrom = Long.MAX_VALUE;
    private boolean quiet;
    private boolean playersStand;
    private long lastLink;
    private long lastCall;
    private long declared;

    World(SimulationSettings settings) {
        this.settings = settings;
        this.sabotage = settings.sabotage();
        this.chance = new SplittableRandom(settings.seed());
        // Of its own: a fault that is left out leaves the others as they are.
        this.schedule = chance.split();
        this.api = new ApiServer(checker, history, sabotage);
        this.cluster = new Cluster(this);
        this.geometry = new WorldGeometry(EDGE, EDGE, 16, Box.of(-EDGE, 0, -EDGE, 2.0 * EDGE, EDGE, 2.0 * EDGE));
        this.network = new Network(this);
        this.repeats = chance.nextInt(3) * 0.05;
        for (int player = 0; player < PLAYERS; player++) {
            clients.add(new Client(this, "p" + player));
        }
        this.trouble = chance.nextInt(3) * 0.03;
        this.meanBetweenFaults = (1 + chance.nextInt(6)) * Scheduler.SECOND;
        this.peerLoss = chance.nextInt(3) * 0.05;
    }

    // Chance.

    long now() {
        return scheduler.now();
    }

    WorldGeometry geometry() {
        return geometry;
    }

    long random(long bound) {
        return chance.nextLong(Math.max(1, bound));
    }

    boolean chance(double probability) {
        return chance.nextDouble() < probability;
    }

    long networkDelay() {
        boolean slow = !quiet && chance(0.02);
        return Scheduler.MILLI / 5 + random(slow ? 2 * Scheduler.SECOND : 5 * Scheduler.MILLI);
    }

    /** A big region takes a while, at times longer than its source cares to wait. */
    long stateDelay() {
        boolean slow = !quiet && chance(0.15);
        return Scheduler.MILLI + random(slow ? 6 * Scheduler.SECOND : 100 * Scheduler.MILLI);
    }

    long watchDelay() {
        boolean slow = !quiet && chance(0.05);
        return Scheduler.MILLI + random(slow ? 3 * Scheduler.SECOND : 30 * Scheduler.MILLI);
    }

    /** What is sent while there is no way may lie in a buffer until there is one again, as TCP has it. */
    void sendToPeer(String from, String to, Runnable arrives) {
        if (!network.reaches(from, to) && chance(0.5)) {
            scheduler.after(HELD_BACK + random(HELD_BACK), () -> {
                if (network.reaches(from, to)) {
                    arrives.run();
                }
            });
        } else if (!peerLoses(from, to)) {
            scheduler.after(peerDelay(), arrives);
        }
    }

    boolean peerLoses(String from, String to) {
        return !network.reaches(from, to) || (now() < peersCutOffUntil ? chance(0.8) : chance(peerLoss));
    }

    boolean peerRepeats() {
        return !quiet && chance(repeats);
    }

    /** Messages between regions overtake each other, and at times come very late. */
    long peerDelay() {
        boolean late = !quiet && chance(0.01);
        return Scheduler.MILLI / 5 + random(late ? 5 * Scheduler.SECOND : 10 * Scheduler.MILLI);
    }

    /** Of what a client gets on a stream. */
    long orderedDelay(long connection) {
        long at = Math.max(lastOrdered.getOrDefault(connection, 0L) + 1, now() + networkDelay());
        lastOrdered.put(connection, at);
        return at - now();
    }

    /** Clocks differ by one percent at the most. */
    double clockRate() {
        return 0.995 + chance.nextDouble() * 0.01;
    }

    long nextConnection() {
        return ++lastConnection;
    }

    ReplicationSettings replication() {
        return REPLICATION;
    }

    RegionSettings settings(RegionId region, LongSupplier ids) {
        RegionSettings.Limits limits =
                new RegionSettings.Limits(2000, 100_000, 64, 20, 0, 8_000, 16 * 1024, 2, 64, 30, 16);
        return new RegionSettings(
                geometry,
                region,
                Blocks.standard(),
                GROUND,
                TICK_RATE,
                limits,
                new RegionSettings.Wildlife(CREATURES, BEHAVIOUR, ids));
    }

    Vec3 inWorld(RegionId region, LocalPosition position) {
        Vec3 min = geometry.bounds(region).min();
        return new Vec3(
                WorldGeometry.toWorld(position.x(), min.x()),
                WorldGeometry.toWorld(position.y(), min.y()),
                WorldGeometry.toWorld(position.z(), min.z()));
    }

    /** A region is generated anew: rightly so the first time, and if whoever had its state is gone. */
    void begunAnew(RegionId region, GameServer by) {
        if (begun.merge(region, 1, Integer::sum) > 1) {
            history.add(region + " begins anew on " + by);
            lost(region, by);
        }
    }

    /**
     * A copy of an older epoch than the last is gone on with. Rightly so if whoever acted last is gone, with all that it had
     * in sync: a move's target acts alone until it has a backup.
     */
    void goesBackTo(RegionId region, long copyEpoch, GameServer by) {
        if (copyEpoch >= checker.lastEpoch(region)) {
            return;
        }
        for (ServerId backup : checker.sharedWith(region)) {
            if (cluster.process(backup) != null) {
                throw new InvariantViolation(region + ": " + by + " goes on from a copy of epoch " + copyEpoch
                        + ", though " + backup + " has one of " + checker.lastEpoch(region));
            }
        }
        history.add(region + " goes back to epoch " + copyEpoch + " on " + by);
        lost(region, by);
    }

    private void lost(RegionId region, GameServer by) {
        checker.lost(region, by);
        ledger.lost(region);
        census.lost(region, geometry.neighbours(region));
    }

    /** When a process that stands still from now on goes on: once it is quiet, none does. */
    long pausedUntil(long nanos) {
        return Math.min(now() + nanos, Math.max(now(), quietFrom));
    }

    /** True once players stand still, so that it can be seen where everybody is. */
    boolean playersStand() {
        return playersStand;
    }

    boolean apiDown() {
        return now() < apiDownUntil;
    }

    double apiTrouble() {
        return quiet ? 0 : trouble;
    }

    long nextLink() {
        return ++lastLink;
    }

    long nextCall() {
        return ++lastCall;
    }

    boolean isBeingDeleted(RegionId region) {
        RegionResource resource = api.regions().get(region);
        return resource == null || resource.deletionRequested();
    }

    /** A server mostly asks the one that leads, as the others tell it to. */
    @Nullable OperatorProcess operatorToTry() {
        OperatorProcess leader = elected;
        if (leader != null && leader.alive() && chance(0.8)) {
            return leader;
        }
        OperatorProcess any = operators.get((int) random(operators.size()));
        return any.alive() ? any : null;
    }

    // The run.

    SimulationResult run() {
        String violation = null;
        try {
            begin();
            scheduler.runUntil(WARM_UP);
            census.remember(authorities());
            nextFault();
            boolean ends = chance(1.0 / 6);
            int faultSeconds = Math.max(0, settings.faultSeconds() - (ends ? END_OF_MESH_SECONDS : 0));
            quietFrom = WARM_UP + faultSeconds * Scheduler.SECOND;
            scheduler.runUntil(quietFrom);
            calmDown();
            long deadline = now() + settings.quietSeconds() * Scheduler.SECOND;
            scheduler.runUntil(deadline - settings.quietSeconds() * Scheduler.SECOND / 2);
            playersStand = true;
            scheduler.runUntil(deadline);
            converge();
            if (ends) {
                deleteMesh();
            }
        } catch (InvariantViolation violated) {
            violation = Objects.requireNonNullElse(violated.getMessage(), "unknown");
        }
        return new SimulationResult(
                settings,
                violation,
                violation == null ? "" : history.tail(Integer.getInteger("simulation.lines", 150), about(violation)),
                history.hash(),
                now(),
                scheduler.steps(),
                checker.checks(),
                Map.copyOf(faults),
                List.copyOf(injected),
                checker.commands(),
                checker.moves(),
                checker.starts(),
                ledger.size(),
                declared);
    }

    /** What in the history matters to a violation: what was asked for, or the region or player that it names. */
    private String about(String violation) {
        String asked = System.getProperty("simulation.about");
        if (asked != null) {
            return asked;
        }
        for (RegionId region : geometry.roots()) {
            if (violation.contains(region + ":") || violation.contains(region + " ")) {
                return region.toString();
            }
        }
        if (violation.startsWith("player ")) {
            return violation.substring(0, violation.indexOf(' ', "player ".length()) + 1);
        }
        return "";
    }

    private void begin() {
        int replicas = 3 + chance.nextInt(3);
        api.createMesh(new MeshSpec(
                "demo",
                geometry,
                replicas,
                chance(0.5) ? TARGETS : null,
                20,
                60,
                LoadWeights.DEFAULT,
                0.8,
                1000,
                2000,
                1 + chance.nextInt(5) / 4,
                MeshSpec.DEFAULT_MAX_REGIONS));
        for (int i = 0; i < 2; i++) {
            OperatorProcess operator = new OperatorProcess(this, "operator-" + i);
            operators.add(operator);
            operator.start();
        }
        elect(operators.getFirst());
        every(250 * Scheduler.MILLI, cluster::reconcile);
        clients.forEach(Client::begin);
        every(Scheduler.SECOND, () -> census.count(authorities()));
    }

    private void every(long nanos, Runnable what) {
        scheduler.after(nanos, () -> {
            what.run();
            every(nanos, what);
        });
    }

    private void elect(OperatorProcess operator) {
        elected = operator;
        history.add(operator + " is elected");
        operator.tell(new Event.LeadershipGained());
    }

    /** Another operator is elected; the one before hears of it when it does. */
    private void replaceLeader(long overlap) {
        OperatorProcess before = elected;
        for (OperatorProcess operator : operators) {
            if (operator != before && operator.alive()) {
                elect(operator);
                if (before != null) {
                    scheduler.after(overlap, () -> {
                        if (elected != before) {
                            before.tell(new Event.LeadershipLost());
                        }
                    });
                }
                return;
            }
        }
    }

    // Faults.

    private void nextFault() {
        if (quiet) {
            return;
        }
        scheduler.after(schedule.nextLong(2 * meanBetweenFaults), () -> {
            if (!quiet) {
                Fault[] all = Fault.values();
                Fault fault = all[schedule.nextInt(all.length)];
                int number = nextFault++;
                if (!settings.without().contains(number)) {
                    injected.add(number);
                    inject(fault);
                }
                nextFault();
            }
        });
    }

    private void inject(Fault fault) {
        faults.merge(fault, 1, Integer::sum);
        history.add("FAULT " + fault);
        switch (fault) {
            case OPERATOR_KILLED -> killOperator();
            case LEADER_REPLACED -> replaceLeader(random(8 * Scheduler.SECOND));
            case OPERATOR_PAUSED -> pauseOperator();
            case SERVER_KILLED -> anyServer().ifPresent(GameServer::kill);
            case SERVER_PAUSED -> anyServer().ifPresent(server -> server.pause(random(8 * Scheduler.SECOND)));
            case POD_DELETED -> anyServer().ifPresent(cluster::delete);
            case POD_FORCE_DELETED -> anyServer().ifPresent(cluster::forceDelete);
            case STREAM_BROKEN -> breakStream();
            case API_OUTAGE -> apiDownUntil = now() + random(6 * Scheduler.SECOND);
            case WATCH_STALLED -> operators.get((int) random(operators.size())).stall(random(8 * Scheduler.SECOND));
            case SERVER_PAUSED_IN_A_TICK ->
                anyServer().ifPresent(server -> server.pauseInTick(random(8 * Scheduler.SECOND)));
            case REGION_KILLED -> killRegion(anyRegion());
            case PARTITIONED -> partition();
            case CUT_ONE_WAY -> cutOneWay();
            case SERVER_CUT_OFF ->
                anyServer().ifPresent(server -> {
                    network.part(Set.of(server.name));
                    scheduler.after(random(10 * Scheduler.SECOND), network::reunite);
                });
            case PEERS_CUT_OFF -> peersCutOffUntil = now() + random(8 * Scheduler.SECOND);
            case SCALED -> api.scale(1 + (int) random(5));
            case REGION_DELETED -> api.delete(anyRegion());
            case PIN_CHANGED -> api.pin(anyRegion(), chance(0.4) ? null : "demo-" + random(4));
            case DECLARED_DEAD_WRONGLY -> declareWrongly();
            case MESH_TOUCHED -> api.touchMesh();
        }
    }

    private List<String> nodes() {
        List<String> nodes = new ArrayList<>();
        cluster.processes().forEach(server -> nodes.add(server.name));
        operators.forEach(operator -> nodes.add(operator.name));
        nodes.add("api");
        return nodes;
    }

    private void killRegion(RegionId region) {
        RegionResource resource = api.regions().get(region);
        if (resource != null) {
            history.add(region + " is to be lost with all that have it");
            named(resource.status()).forEach(server -> {
                GameServer process = cluster.process(server);
                if (process != null) {
                    process.kill();
                }
            });
        }
    }

    private void partition() {
        Set<String> side = new TreeSet<>();
        for (String node : nodes()) {
            if (chance(0.5)) {
                side.add(node);
            }
        }
        history.add("cut off from the others: " + side);
        network.part(side);
        scheduler.after(random(10 * Scheduler.SECOND), network::reunite);
    }

    private void cutOneWay() {
        List<String> nodes = nodes();
        String from = nodes.get((int) random(nodes.size()));
        String to = nodes.get((int) random(nodes.size()));
        history.add(from + " does not reach " + to);
        network.cut(from, to);
        scheduler.after(random(10 * Scheduler.SECOND), () -> network.heal(from, to));
    }

    /** The engines that have stepped last, one for each region that somebody acts for. */
    List<RegionEngine> authorities() {
        List<RegionEngine> engines = new ArrayList<>();
        for (RegionId region : geometry.roots()) {
            RegionEngine engine = authorityOf(region);
            if (engine != null) {
                engines.add(engine);
            }
        }
        return engines;
    }

    private @Nullable RegionEngine authorityOf(RegionId region) {
        return checker.actingProcess(region) instanceof GameServer server ? server.engine(region) : null;
    }

    /** The mesh misses the process only afterwards, or another leader does. */
    private void declareWrongly() {
        MeshResource mesh = api.mesh();
        if (mesh == null) {
            return;
        }
        List<GameServer> running = cluster.processes().stream()
                .filter(server -> server.authority.id().isPresent())
                .filter(server -> !mesh.coordinator()
                        .silent()
                        .contains(server.authority.id().get().incarnation()))
                .toList();
        if (running.isEmpty() || chance(0.2)) {
            int unheardOf = mesh.coordinator().lastIncarnation() + 1 + (int) random(3);
            history.add("a user wrongly declares incarnation " + unheardOf + " dead");
            api.declareTerminated(unheardOf);
            return;
        }
        GameServer server = running.get((int) random(running.size()));
        int number = server.authority.id().orElseThrow().incarnation();
        history.add("a user wrongly declares " + server + " dead, incarnation " + number);
        api.declareTerminated(number);
        Link link = server.link();
        if (link != null && chance(0.5)) {
            link.breaks(10 * Scheduler.SECOND);
        }
        if (chance(0.3)) {
            server.pause(random(20 * Scheduler.SECOND));
        }
        if (chance(0.3)) {
            replaceLeader(random(2 * Scheduler.SECOND));
        }
        if (chance(0.5)) {
            scheduler.after(random(20 * Scheduler.SECOND), () -> api.withdrawTerminated(number));
        }
    }

    private Optional<GameServer> anyServer() {
        List<GameServer> running = cluster.inPods();
        return running.isEmpty() ? Optional.empty() : Optional.of(running.get((int) random(running.size())));
    }

    RegionId anyRegion() {
        List<RegionId> roots = geometry.roots();
        return roots.get((int) random(roots.size()));
    }

    private void breakStream() {
        links.removeIf(link -> !link.open());
        if (!links.isEmpty()) {
            links.get((int) random(links.size())).breaks(10 * Scheduler.SECOND);
        }
    }

    private void killOperator() {
        OperatorProcess victim = operators.get((int) random(operators.size()));
        if (!victim.alive()) {
            return;
        }
        victim.kill();
        if (victim == elected) {
            scheduler.after(Scheduler.SECOND + random(3 * Scheduler.SECOND), () -> {
                if (elected == victim) {
                    replaceLeader(0);
                }
            });
        }
        scheduler.after(2 * Scheduler.SECOND + random(6 * Scheduler.SECOND), () -> revive(victim));
    }

    private void revive(OperatorProcess operator) {
        if (!operator.alive()) {
            operator.start();
            if (elected == operator) {
                elect(operator);
            }
        }
    }

    private void pauseOperator() {
        OperatorProcess victim = operators.get((int) random(operators.size()));
        long pause = random(10 * Scheduler.SECOND);
        victim.pause(pause);
        if (victim == elected && pause > 3 * Scheduler.SECOND) {
            scheduler.after(3 * Scheduler.SECOND, () -> {
                if (elected == victim) {
                    replaceLeader(random(pause));
                }
            });
        }
    }

    // The end.

    private void calmDown() {
        quiet = true;
        history.add("FAULT none from now on");
        apiDownUntil = 0;
        peersCutOffUntil = 0;
        peerLoss = 0;
        network.healAll();
        for (OperatorProcess operator : operators) {
            operator.unstall();
            revive(operator);
        }
        OperatorProcess leader = elected;
        for (OperatorProcess operator : operators) {
            if (operator != leader) {
                operator.tell(new Event.LeadershipLost());
            }
        }
        MeshResource mesh = api.mesh();
        if (mesh != null && mesh.spec().replicas() < 2) {
            api.scale(2);
        }
        // What nobody has seen end has to be declared by somebody who knows.
        scheduler.after(DECLARED_AFTER, this::declareTheDead);
    }

    private void declareTheDead() {
        TreeSet<Integer> missing = new TreeSet<>();
        for (RegionResource region : api.regions().values()) {
            for (ServerId server : named(region.status())) {
                if (cluster.process(server) == null) {
                    missing.add(server.incarnation());
                }
            }
        }
        MeshResource mesh = api.mesh();
        for (int incarnation : missing) {
            boolean named = mesh != null && mesh.declaredTerminated().contains(incarnation);
            boolean silent = mesh != null && mesh.coordinator().silent().contains(incarnation);
            if (silent && !named) {
                declared++;
                history.add("a user declares incarnation " + incarnation + " dead");
                api.declareTerminated(incarnation);
            } else if (named && !silent) {
                history.add("a user takes back that incarnation " + incarnation + " is dead");
                api.withdrawTerminated(incarnation);
            }
        }
        if (quiet) {
            scheduler.after(Scheduler.SECOND, this::declareTheDead);
        }
    }

    private static List<ServerId> named(RegionStatus status) {
        List<ServerId> named = new ArrayList<>();
        named.addAll(status.backups().inSync());
        if (status.authority() != null) {
            named.add(status.authority());
        }
        if (status.next() != null) {
            named.add(status.next());
        }
        return named;
    }

    /** What has far to go is given more time, but not for ever. */
    private void converge() {
        long patience = now() + PATIENCE_SECONDS * Scheduler.SECOND;
        @Nullable InvariantViolation lacking = stillLacking();
        while (lacking != null && now() < patience) {
            scheduler.runUntil(now() + Scheduler.SECOND);
            lacking = stillLacking();
        }
        if (lacking != null) {
            throw lacking;
        }
        census.checkAtEnd(authorities());
        ledger.check(this::authorityOf);
    }

    private @Nullable InvariantViolation stillLacking() {
        try {
            checkConverged();
            return null;
        } catch (InvariantViolation lacking) {
            return lacking;
        }
    }

    private void checkConverged() {
        MeshResource mesh = api.mesh();
        if (mesh == null) {
            throw new InvariantViolation("the mesh is gone, though nobody has deleted it");
        }
        Map<String, Integer> counts = new HashMap<>();
        for (GameServer server : cluster.inPods()) {
            counts.put(server.name, 0);
        }
        int expected = serversNeeded(mesh.spec());
        for (RegionId id : geometry.roots()) {
            RegionResource region = api.regions().get(id);
            if (region == null) {
                throw new InvariantViolation(id + ": has no object in the end");
            }
            checkSettled(region);
            RegionStatus status = region.status();
            ServerId authority = Objects.requireNonNull(status.authority());
            counts.merge(authority.name(), 1, Integer::sum);
            String pin = region.pinnedTo();
            boolean pinHolds = pin != null && ordinal(pin) < expected;
            if (pinHolds && !authority.name().equals(pin)) {
                throw new InvariantViolation(id + ": is pinned to " + pin + " and ends up on " + authority);
            }
        }
        if (counts.size() != expected) {
            throw new InvariantViolation("servers in the end: " + counts + ", expected " + expected);
        }
        for (Client client : clients) {
            if (!client.plays()) {
                throw new InvariantViolation("player " + client + " does not play in the end");
            }
        }
    }

    /** Reckoned from the players that there are, not from what anybody has decided. */
    private int serversNeeded(MeshSpec spec) {
        int playing = cluster.inPods().stream().mapToInt(GameServer::players).sum();
        return spec.scaling() == null
                ? spec.replicas()
                : Math.max(
                        spec.replicas(),
                        Math.min(TARGETS.maxServers(), Math.ceilDiv(playing, TARGETS.playersPerServer())));
    }

    private void checkSettled(RegionResource region) {
        RegionId id = region.id();
        RegionStatus status = region.status();
        ServerId authority = status.authority();
        if (status.phase() != RegionPhase.ACTIVE || authority == null || region.deletionRequested()) {
            throw new InvariantViolation(id + ": ends up as " + Text.of(status)
                    + (region.deletionRequested() ? ", being deleted" : "") + ", expected to be active");
        }
        boolean wantsBackup = cluster.inPods().size() > 1;
        boolean hasBackup = status.backups().inSync().stream().anyMatch(backup -> cluster.process(backup) != null);
        if (wantsBackup && !hasBackup) {
            throw new InvariantViolation(id + ": ends up as " + Text.of(status) + ", without a backup in sync");
        }
        GameServer process = cluster.process(authority);
        if (process == null || checker.actingProcess(id) != process || checker.actingEpoch(id) != status.epoch()) {
            throw new InvariantViolation(id + ": ends up as " + Text.of(status) + ", but " + checker.actingProcess(id)
                    + " acts at " + checker.actingEpoch(id));
        }
        for (GameServer server : cluster.inPods()) {
            Leaf leaf = server.authority.leafMap().get(id);
            if (leaf == null || !authority.equals(leaf.authority()) || leaf.epoch() != status.epoch()) {
                throw new InvariantViolation(
                        id + ": ends up as " + Text.of(status) + ", but " + server + " believes in " + leaf);
            }
        }
        if (checker.holders(id).size() != 1) {
            throw new InvariantViolation(
                    id + ": in the end it is held by " + checker.holders(id).values());
        }
    }

    private static int ordinal(String server) {
        return Integer.parseInt(server.substring(server.lastIndexOf('-') + 1));
    }

    private void deleteMesh() {
        history.add("a user deletes the mesh");
        api.deleteMesh();
        scheduler.runUntil(now() + END_OF_MESH_SECONDS * Scheduler.SECOND);
        if (api.mesh() != null
                || !api.regions().isEmpty()
                || !cluster.processes().isEmpty()) {
            throw new InvariantViolation(
                    "the mesh was deleted, but there are still " + api.regions().size() + " regions and "
                            + cluster.processes() + (api.mesh() == null ? "" : " and the mesh itself"));
        }
    }
}
