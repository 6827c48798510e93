package io.gamemesh.server.session;

import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSession;
import io.gamemesh.core.region.Spawn;
import io.gamemesh.core.voxel.Block;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.LocalPosition;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.quic.Connection;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.MeshView;
import io.gamemesh.server.world.TickBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All players of this server. Sessions live on the players' event loop; the methods that say so may be called from other
 * threads and hand over to it.
 */
public final class Sessions {
    private static final Logger LOG = Logger.getLogger(Sessions.class);
    /** Batches that may wait for the event loop; beyond it snapshots are given up, which the next ones make good. */
    private static final int MAX_BATCHES_WAITING = 64;
    /** Over so long the players of a region that moves are told; the region waits half as long again. */
    private static final Duration PREPARING = Duration.ofSeconds(1);

    private final ScheduledExecutorService loop;
    private final MeshView view;
    private final HostedRegions regions;
    private final WorldFacts facts;
    private final Tickets tickets;
    private final Identity identity;
    private final ServerMetrics metrics;
    private final int maxPlayers;
    private final Duration newcomerPatience;
    private final Consumer<RegionId> wanted;
    private final List<ToClient.BlockType> blocks;
    private final AtomicInteger batchesWaiting = new AtomicInteger();

    private final Long2ObjectHashMap<PlayerSession> sessions = new Long2ObjectHashMap<>();
    private final Map<String, PlayerSession> byPlayer = new HashMap<>();
    /** Who goes on with an entity in whichever region of this server it arrives: asked by engines and peers. */
    private final ConcurrentMap<Long, PlayerSession> byEntity = new ConcurrentHashMap<>();

    /** Those of sessions that have ended are here until the client has heard of it. */
    private final Set<Connection> connections = new HashSet<>();

    private final Set<PlayerSession> touched = new LinkedHashSet<>();
    private volatile int players;
    private @Nullable CompletableFuture<Void> emptied;
    private boolean closed;
    private long lastNumber;
    private long newcomers;

    /**
     * @param loop the players' event loop
     * @param newcomerPatience how long one who has not been welcomed may wait for its region
     * @param wanted told of places of an unbounded world that have no region yet
     */
    public Sessions(
            ScheduledExecutorService loop,
            MeshView view,
            HostedRegions regions,
            WorldFacts facts,
            Tickets tickets,
            Identity identity,
            ServerMetrics metrics,
            int maxPlayers,
            Duration newcomerPatience,
            Consumer<RegionId> wanted) {
        this.loop = loop;
        this.view = view;
        this.regions = regions;
        this.facts = facts;
        this.tickets = tickets;
        this.identity = identity;
        this.metrics = metrics;
        this.maxPlayers = maxPlayers;
        this.newcomerPatience = newcomerPatience;
        this.wanted = wanted;
        List<ToClient.BlockType> types = new ArrayList<>();
        for (Block block : facts.blocks().all()) {
            types.add(new ToClient.BlockType(block.name(), block.solid()));
        }
        this.blocks = List.copyOf(types);
    }

    /** A client has connected; called on the players' event loop. */
    public Connection.Listener open(Connection connection) {
        PlayerSession session = new PlayerSession(++lastNumber, connection, this);
        sessions.put(session.number(), session);
        connections.add(connection);
        var _ = connection.gone().thenRun(() -> connections.remove(connection));
        return session;
    }

    /** Players with a connection; any thread. */
    public int players() {
        return players;
    }

    /** What each player with a connection is sent and sends; any thread. */
    public CompletableFuture<List<PlayerFigures>> figures() {
        return CompletableFuture.supplyAsync(
                () -> sessions.values().stream()
                        .filter(session -> !session.playerId().isEmpty() && !session.isAhead())
                        .map(PlayerSession::figures)
                        .toList(),
                loop);
    }

    /** Hands over what a tick has for players; any thread. */
    public void accept(TickBatch batch) {
        long made = System.nanoTime();
        if (batchesWaiting.incrementAndGet() > MAX_BATCHES_WAITING) {
            metrics.dropped(batch.dropDatagrams());
        }
        loop.execute(() -> {
            batchesWaiting.decrementAndGet();
            try {
                apply(batch);
            } finally {
                // The loop reads what has come before it gets to what was scheduled.
                var _ = loop.schedule(batch::sent, 0, TimeUnit.NANOSECONDS);
                // Behind the task that flushes the socket.
                loop.execute(() -> metrics.delivered(System.nanoTime() - made));
            }
        });
    }

    private void apply(TickBatch batch) {
        for (RegionOutput event : batch.events()) {
            PlayerSession session = sessions.get(numberOf(event));
            if (session != null) {
                tell(session, batch.region(), event);
            } else if (event instanceof RegionOutput.Joined joined) {
                gone(batch.region(), joined.session());
            }
        }
        batch.drainDatagrams(this::show);
        touched.forEach(this::flush);
        touched.clear();
        count();
    }

    /** It has followed its entity over a border just as it ended. */
    private void gone(RegionId region, long session) {
        HostedRegion here = regions.get(region);
        if (here != null) {
            here.postSurely(new RegionInput.Disconnected(session, false));
        }
    }

    // What fails for one player costs the others of the batch nothing.

    private void tell(PlayerSession session, RegionId from, RegionOutput event) {
        try {
            session.told(from, event);
            touched.add(session);
        } catch (RuntimeException e) {
            failed(session, event.getClass().getSimpleName(), e);
        }
    }

    private void show(long number, ByteBuffer datagram) {
        PlayerSession session = sessions.get(number);
        if (session == null) {
            return;
        }
        try {
            session.connection().sendDatagram(datagram);
            // At once: later all that is asked for would have to be fetched from memory again.
            session.flush();
        } catch (RuntimeException e) {
            failed(session, "a snapshot", e);
        }
    }

    private void flush(PlayerSession session) {
        try {
            session.flush();
        } catch (RuntimeException e) {
            failed(session, "what a tick has sent", e);
        }
    }

    private void move(PlayerSession session, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failed(session, "where its region has gone", e);
        }
    }

    /** Ends the session, so that its player can connect again and nothing of it fails a second time. */
    private void failed(PlayerSession session, String what, RuntimeException why) {
        try {
            session.failed();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
            ended(session);
        }
        LOG.errorf(
                why,
                "Player '%s' at %s could not be told %s, and has to connect again",
                session.playerId(),
                session.connection().remote(),
                what);
    }

    private static long numberOf(RegionOutput event) {
        return switch (event) {
            case RegionOutput.Joined joined -> joined.session();
            case RegionOutput.JoinElsewhere elsewhere -> elsewhere.session();
            case RegionOutput.JoinRefused refused -> refused.session();
            case RegionOutput.Send send -> send.session();
            case RegionOutput.Snapshot snapshot -> snapshot.session();
            case RegionOutput.Located located -> located.session();
            case RegionOutput.Crossed crossed -> crossed.session();
            case RegionOutput.Close close -> close.session();
            case RegionOutput.ToPeer message -> 0;
        };
    }

    /** There is a newer leaf map; any thread. */
    public void mapChanged() {
        loop.execute(() -> new ArrayList<>(sessions.values()).forEach(session -> move(session, session::mapChanged)));
    }

    /**
     * A region's engine was stopped here; its players go where the region has gone. So do those who have asked for it in
     * vain: whoever looks the region up after this was called does not find it, so nobody comes too late. Any thread.
     *
     * @param engine stopped, and no longer among the hosted regions
     * @param left the sessions that it had
     */
    public void regionGone(HostedRegion engine, List<RegionSession> left) {
        loop.execute(() -> {
            Map<Long, Whereabouts> known = new HashMap<>();
            for (RegionSession one : left) {
                known.put(one.session(), new Whereabouts(one.entity(), one.hop(), engine.id(), one.position()));
            }
            for (PlayerSession session : new ArrayList<>(sessions.values())) {
                if (session.isIn(engine)) {
                    move(session, () -> session.regionGone(known.get(session.number())));
                }
            }
            count();
        });
    }

    /**
     * A region is about to go to another server: its players are told to connect there, one after the other, so that neither
     * server is asked by all at once. Any thread.
     *
     * @param outside where clients outside the cluster reach that server; may be empty
     * @param inside the same for clients inside
     */
    public void prepareMove(HostedRegion engine, String outside, String inside) {
        loop.execute(() -> {
            List<PlayerSession> there = sessions.values().stream()
                    .filter(session -> session.isIn(engine))
                    .toList();
            for (int i = 0; i < there.size(); i++) {
                PlayerSession session = there.get(i);
                later(
                        PREPARING.multipliedBy(i).dividedBy(there.size()),
                        () -> move(session, () -> session.prepareMove(engine, outside, inside)));
            }
        });
    }

    /**
     * A region has come to this server: players who are connected ahead go on in it. Any thread.
     *
     * @param lastInputs by entity, the newest input that was applied where the region comes from
     */
    public void arrived(HostedRegion engine, Map<EntityId, Long> lastInputs) {
        loop.execute(() -> {
            lastInputs.forEach((entity, lastInput) -> {
                PlayerSession session = byEntity.get(entity.packed());
                if (session != null) {
                    move(session, () -> session.arrived(engine, entity, lastInput));
                }
            });
            count();
        });
    }

    /** Comes when no client is connected any more; any thread. */
    public CompletableFuture<Void> emptied() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        loop.execute(() -> {
            for (PlayerSession session : new ArrayList<>(sessions.values())) {
                session.standDown();
            }
            if (sessions.isEmpty()) {
                result.complete(null);
            } else {
                emptied = result;
            }
        });
        return result;
    }

    /**
     * Closes all connections and lets nobody in any more. The result comes when each client has been told, those before
     * this call too, and the connections are gone. Any thread.
     */
    public CompletableFuture<Void> closeAll(CloseCode code, String reason) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        loop.execute(() -> closeNow(code, reason, result));
        return result;
    }

    private void closeNow(CloseCode code, String reason, CompletableFuture<Void> allGone) {
        closed = true;
        CompletableFuture<?>[] gone = connections.stream().map(Connection::gone).toArray(CompletableFuture[]::new);
        for (PlayerSession session : new ArrayList<>(sessions.values())) {
            session.connection().close(code, reason);
        }
        var _ = CompletableFuture.allOf(gone).thenRun(() -> allGone.complete(null));
    }

    /** The session that goes on with an entity once it has arrived in a region of this server; any thread. */
    public Optional<RegionInput.Follower> follower(long entity) {
        return Optional.ofNullable(byEntity.get(entity)).map(PlayerSession::follower);
    }

    // For sessions, on the players' event loop.

    void follows(EntityId entity, PlayerSession session) {
        byEntity.put(entity.packed(), session);
    }

    void followsNoMore(EntityId entity, PlayerSession session) {
        byEntity.remove(entity.packed(), session);
    }

    /** True if that player plays here, or is about to. */
    boolean plays(String playerId) {
        PlayerSession session = byPlayer.get(playerId);
        return session != null && session.counts();
    }

    /** Sooner or later all clients have to leave. */
    boolean emptying() {
        return closed || emptied != null || view.draining();
    }

    MeshView view() {
        return view;
    }

    HostedRegions regions() {
        return regions;
    }

    Tickets tickets() {
        return tickets;
    }

    Identity identity() {
        return identity;
    }

    ServerMetrics metrics() {
        return metrics;
    }

    /** Where the next newcomer of this server begins; other servers count for themselves. */
    Vec3 spawn() {
        return Spawn.place(facts.geometry(), facts.generator(), newcomers);
    }

    /** That place was given to a newcomer, or there is no room for one: the next begins elsewhere. */
    void spawned() {
        newcomers++;
    }

    /** True once all connections were closed: whoever comes back meanwhile is too late. */
    boolean closed() {
        return closed;
    }

    int maxPlayers() {
        return maxPlayers;
    }

    Duration newcomerPatience() {
        return newcomerPatience;
    }

    boolean full() {
        count();
        return players >= maxPlayers;
    }

    /** True if the process that made the entity acts for some region: then a server's death is no reason to be here. */
    boolean alive(EntityId entity) {
        return view.leaves().leaves().stream()
                .anyMatch(leaf -> leaf.authority() != null && leaf.authority().incarnation() == entity.incarnation());
    }

    void wanted(Vec3 position) {
        if (facts.geometry().bounds() == null) {
            wanted.accept(facts.geometry().regionAt(position, 0));
        }
    }

    void later(Duration delay, Runnable task) {
        var _ = loop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes the session the one of its player; returns where the one before was, if there was one. */
    @Nullable Whereabouts replace(PlayerSession session) {
        PlayerSession before = byPlayer.put(session.playerId(), session);
        if (before == null || before == session) {
            return null;
        }
        Whereabouts where = before.where();
        before.replaced();
        return where;
    }

    void ended(PlayerSession session) {
        sessions.remove(session.number());
        byPlayer.remove(session.playerId(), session);
        count();
        if (emptied != null && sessions.isEmpty()) {
            emptied.complete(null);
        }
    }

    private void count() {
        int counted = 0;
        for (PlayerSession session : sessions.values()) {
            if (session.counts()) {
                counted++;
            }
        }
        players = counted;
    }

    /** What makes this world. */
    ToServer.GeneratorVersion generator() {
        return new ToServer.GeneratorVersion(facts.generatorName(), facts.generatorVersion());
    }

    /** To one whose player is elsewhere. */
    ToClient.Welcome welcomeAhead(String playerId, Whereabouts at, long capabilities) {
        Vec3 min = facts.geometry().bounds(at.region()).min();
        LocalPosition position = new LocalPosition(
                WorldGeometry.toLocal(at.position().x(), min.x()),
                WorldGeometry.toLocal(at.position().y(), min.y()),
                WorldGeometry.toLocal(at.position().z(), min.z()));
        return welcome(
                at.region(),
                new RegionOutput.Joined(0, playerId, at.entity(), at.hop(), true, position),
                capabilities | Wire.AHEAD);
    }

    /** The servers whose regions are within so many metres of a place, this one left out. */
    Collection<Leaf> elsewhereNear(RegionId region, Vec3 position, double metres) {
        Map<ServerId, Leaf> near = new HashMap<>();
        for (Leaf leaf : view.leaves().neighbours(region)) {
            if (leaf.authority() != null
                    && !leaf.authority().equals(view.self())
                    && facts.geometry().bounds(leaf.region()).distance(position) < metres) {
                near.put(leaf.authority(), leaf);
            }
        }
        return near.values();
    }

    ToClient.Welcome welcome(RegionId region, RegionOutput.Joined joined, long capabilities) {
        return new ToClient.Welcome(
                Wire.VERSION,
                capabilities,
                facts.server(),
                joined.playerId(),
                joined.entity().packed(),
                joined.rejoined(),
                facts.tickRate(),
                facts.viewRadius(),
                facts.seed(),
                facts.generatorName(),
                facts.geometry().regionSize(),
                blocks,
                region.packed(),
                joined.position());
    }
}
