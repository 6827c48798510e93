package io.gamemesh.server;

import io.gamemesh.core.authority.ServerAuthority;
import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStats;
import io.gamemesh.core.replication.ReplicationSettings;
import io.gamemesh.core.transfer.TicketSeal;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.CachingGenerator;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.server.authority.AuthorityLoop;
import io.gamemesh.server.authority.LoadReport;
import io.gamemesh.server.authority.RegionHost;
import io.gamemesh.server.coordinator.CoordinatorLink;
import io.gamemesh.server.coordinator.TerminationLog;
import io.gamemesh.server.metrics.ProcessLoad;
import io.gamemesh.server.metrics.ReplicationMetrics;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.metrics.TickWindow;
import io.gamemesh.server.net.EventLoops;
import io.gamemesh.server.net.HostPort;
import io.gamemesh.server.peer.PeerChannels;
import io.gamemesh.server.peer.PeerIdentity;
import io.gamemesh.server.peer.PeerLinks;
import io.gamemesh.server.peer.PeerRouter;
import io.gamemesh.server.peer.PeerServer;
import io.gamemesh.server.peer.RegionReceiver;
import io.gamemesh.server.peer.RegionSender;
import io.gamemesh.server.query.QueryServer;
import io.gamemesh.server.query.ServerStatus;
import io.gamemesh.server.quic.QuicListener;
import io.gamemesh.server.replication.BackupHost;
import io.gamemesh.server.replication.SharedChannels;
import io.gamemesh.server.session.Identity;
import io.gamemesh.server.session.JwtIdentity;
import io.gamemesh.server.session.OpenIdentity;
import io.gamemesh.server.session.PlayerFigures;
import io.gamemesh.server.session.Sessions;
import io.gamemesh.server.session.Tickets;
import io.gamemesh.server.session.WorldFacts;
import io.gamemesh.server.store.JdbcRegionStore;
import io.gamemesh.server.store.StoreException;
import io.gamemesh.server.store.StoreMetrics;
import io.gamemesh.server.store.WriteBehind;
import io.gamemesh.server.tls.MeshCertificates;
import io.gamemesh.server.tls.RenewedQuicContext;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.MeshView;
import io.gamemesh.server.world.RegionTicker;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One game server, put together and running: ports open, engines stepped as the coordinator says. Several may run in one
 * process. The methods are safe for any thread.
 */
public final class GameServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(GameServer.class);
    private static final Duration TICKET_VALID = Duration.ofMinutes(2);
    private static final Duration TRANSFER_DEADLINE = Duration.ofSeconds(30);
    private static final int TICK_WINDOW = 1024;
    /** Of all regions together; some 20 MB if all are full and coded. */
    private static final int SHARED_SECTIONS = 8192;

    private static final int RENEWAL_CHECK_SECONDS = 30;
    /** How long redirected clients may take to leave. */
    private static final Duration DEPARTURE = Duration.ofSeconds(5);
    /** How long it may take to write what is not stored yet. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);
    /** How long it may take to say goodbye to all players, and for those to go. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final ServerConfig config;
    private final String version;
    private final WorldGeometry geometry;
    private final ServerMetrics metrics;
    private final MeshView view;
    private final HostedRegions regions = new HostedRegions();
    private final EventLoops loops;
    private final ScheduledExecutorService mesh = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gamemesh-mesh").daemon().factory());
    private final ScheduledExecutorService copies = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gamemesh-copies").daemon().factory());
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("gamemesh-worker-", 0).factory());
    private final RegionTicker ticker;
    private final @Nullable JdbcRegionStore store;
    private final @Nullable WriteBehind writers;
    private final AuthorityLoop authority;
    private final LoadReport load;
    private final Sessions sessions;
    private final PeerLinks links;
    private final SharedChannels channelsToBackups;
    private final PeerServer peers;
    private final QuicListener players;
    private final QueryServer query;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean open;

    /**
     * Opens all ports and begins to look for the coordinator.
     *
     * @param version of this program, for people
     * @param fatal told when the process must end since it could not keep its word otherwise
     * @throws IOException if a file is missing or a port taken
     * @throws GeneralSecurityException if a file of the secret is no certificate or key
     * @throws IllegalArgumentException if a value of the configuration is out of bounds
     */
    public GameServer(ServerConfig config, String version, MeterRegistry registry, Consumer<Throwable> fatal)
            throws IOException, GeneralSecurityException {
        this.config = config;
        this.version = version;
        loops = new EventLoops(config.server().tickRate());
        geometry = WorldConfig.geometry(config.world());
        metrics = new ServerMetrics(registry);
        view = new MeshView(geometry);
        MeshCertificates certificates = new MeshCertificates(config.security().directory());
        RegionHost.Plan plan = new RegionHost.Plan(
                geometry,
                Blocks.standard(),
                new CachingGenerator(
                        Generator.named(
                                config.world().generator(), config.world().seed()),
                        SHARED_SECTIONS),
                config.server().tickRate(),
                WorldConfig.limits(
                        config.limits().bulkEditBlocks(),
                        config.server().reconnectGrace(),
                        config.world().viewRadius()),
                new RegionSettings.Wildlife(
                        config.world().creatures(),
                        Behaviour.named(config.world().behaviour()),
                        () -> view.freshEntity().packed()),
                WorldConfig.items(config.world()),
                ReplicationSettings.of(
                        config.failover().replicationLease().toNanos(),
                        Math.toIntExact(Math.min(config.limits().transferBytes(), Integer.MAX_VALUE - 8))),
                config.limits().mailbox());

        TickWindow window = new TickWindow(TICK_WINDOW);
        int engineThreads = config.server()
                .engineThreads()
                .orElseGet(() -> Runtime.getRuntime().availableProcessors());
        ticker = new RegionTicker(
                engineThreads, config.server().tickRate(), RegionTicker.PATIENCE, metrics, window, fatal);
        authority = new AuthorityLoop(mesh, workers, metrics, fatal);
        StoreMetrics storeMetrics = new StoreMetrics(registry);
        store = switch (config.store().kind()) {
            case None -> null;
            case Postgres -> store(storeMetrics);
        };
        writers = store == null
                ? null
                : new WriteBehind(
                        store,
                        storeMetrics,
                        StoreConfig.writer(config.store(), config.server().tickRate()),
                        fatal);
        sessions = new Sessions(
                loops.players().next(),
                view,
                regions,
                facts(plan),
                new Tickets(new TicketSeal(certificates.ticketKey()), InstantSource.system(), TICKET_VALID),
                identity(),
                metrics,
                config.server().maxPlayers(),
                config.limits().newcomerPatience(),
                authority::wanted);
        load = new LoadReport(
                new ProcessLoad(config.server().cpuMillis(), System.nanoTime()),
                window,
                ticker,
                regions,
                metrics,
                sessions::players,
                config.server().maxPlayers(),
                System.nanoTime());

        PeerIdentity self =
                new PeerIdentity(config.mesh().namespace(), config.mesh().name(), view::self);
        String tlsName = config.mesh().tlsName();
        PeerChannels channels = new PeerChannels(loops, certificates.peerClient(mesh), tlsName, mesh);
        links = new PeerLinks(channels, self, metrics, mesh, config.limits().peerQueue(), view::namesLive);
        PeerRouter router = new PeerRouter(view, regions, links, sessions::follower, metrics);
        channelsToBackups = new SharedChannels(channels);
        RegionHost host = new RegionHost(
                plan,
                view,
                regions,
                ticker,
                sessions::accept,
                router::route,
                new RegionHost.ReplicationParts(channelsToBackups, mesh, authority, new ReplicationMetrics(registry)),
                store == null || writers == null
                        ? null
                        : new RegionHost.StoreParts(store, writers, mesh, workers, authority));
        BackupHost backups = new BackupHost(mesh, copies, plan::settings, plan.replication(), view::self, authority);
        RegionReceiver receiver =
                new RegionReceiver(mesh, workers, host::restore, config.limits().transferBytes(), authority);

        peers = new PeerServer(
                loops,
                listen(config.listen().peerPort()),
                certificates.peerServer(mesh),
                tlsName,
                self,
                metrics,
                mesh,
                router::deliver,
                receiver,
                backups);
        RenewedQuicContext tls = new RenewedQuicContext(certificates);
        everyHalfMinute(tls::check);
        players = new QuicListener(
                loops, listen(config.listen().playerPort()), tls, config.limits(), metrics, sessions::open);
        query = new QueryServer(
                loops,
                listen(config.listen().queryPort()),
                this::status,
                metrics,
                config.limits().queryConnections(),
                config.limits().queryTimeout());
        CoordinatorLink coordinator = new CoordinatorLink(config.coordinator(), loops, mesh, workers, authority);

        ServerGauges.register(metrics, load, sessions, regions, links);
        var _ = mesh.scheduleWithFixedDelay(() -> load.sample(System.nanoTime()), 1, 1, TimeUnit.SECONDS);
        authority.start(new AuthorityLoop.Parts(
                new ServerAuthority(geometry, self()),
                config.server().name(),
                view,
                host,
                sessions,
                coordinator,
                receiver,
                new RegionSender(channels, TRANSFER_DEADLINE),
                backups,
                load,
                new TerminationLog(config.server().terminationLog())));
        open = true;
        LOG.infof(
                "Game server %s of mesh %s/%s: players on %s, queries on %s, peers on port %d",
                config.server().name(),
                config.mesh().namespace(),
                config.mesh().name(),
                players.address(),
                query.address(),
                peers.port());
    }

    private JdbcRegionStore store(StoreMetrics storeMetrics) {
        try {
            return new JdbcRegionStore(
                    config.mesh().namespace(),
                    config.mesh().name(),
                    StoreConfig.database(config.store()),
                    storeMetrics);
        } catch (StoreException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private InetSocketAddress listen(int port) {
        return new InetSocketAddress(config.listen().host(), port);
    }

    private ServerAuthority.Self self() {
        String address = config.server().address();
        return new ServerAuthority.Self(
                config.server().name(),
                load.capacity(),
                new HostPort(address, peers.port()).toString(),
                new HostPort(address, players.address().getPort()).toString(),
                config.limits().transferBytes());
    }

    private WorldFacts facts(RegionHost.Plan plan) {
        return new WorldFacts(
                config.server().name(),
                geometry,
                plan.blocks(),
                plan.generator(),
                config.world().generator(),
                Generator.factory(config.world().generator()).version(),
                config.world().seed(),
                config.server().tickRate(),
                plan.viewRadius());
    }

    private Identity identity() throws IOException {
        return switch (config.security().players()) {
            case Open -> new OpenIdentity();
            case JWT -> {
                JwtIdentity identity = new JwtIdentity(config.security()
                        .jwt()
                        .orElseThrow(() -> new IllegalArgumentException("gamemesh.security.players is JWT, expected"
                                + " gamemesh.security.jwt.issuer, .audience and .jwks-file beside it")));
                everyHalfMinute(identity::check);
                yield identity;
            }
        };
    }

    private void everyHalfMinute(Runnable check) {
        var _ = mesh.scheduleWithFixedDelay(
                () -> workers.execute(check), RENEWAL_CHECK_SECONDS, RENEWAL_CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /** True while all ports are open, whatever else is up or down. */
    public boolean ready() {
        return open;
    }

    /** Where players connect. */
    public InetSocketAddress playerAddress() {
        return players.address();
    }

    /** Where queries are answered. */
    public InetSocketAddress queryAddress() {
        return query.address();
    }

    /** The port for peers. */
    public int peerPort() {
        return peers.port();
    }

    /** How many regions of the world it knows of. */
    public int leaves() {
        return view.leaves().size();
    }

    /** What goes to and comes from each player who is connected. */
    public CompletableFuture<List<PlayerFigures>> playerFigures() {
        return sessions.figures();
    }

    /** What this server is and who plays on it. */
    public ServerStatus status() {
        List<ServerStatus.Region> hosted = regions.all().stream()
                .sorted(Comparator.comparing(HostedRegion::id))
                .map(region -> {
                    RegionStats stats = region.stats();
                    return new ServerStatus.Region(
                            region.id(),
                            geometry.bounds(region.id()),
                            region.epoch(),
                            stats.players(),
                            stats.entities(),
                            stats.tick());
                })
                .toList();
        return new ServerStatus(
                config.mesh().name(),
                config.mesh().namespace(),
                config.server().name(),
                view.incarnation(),
                version,
                sessions.players(),
                config.server().maxPlayers(),
                config.server().tickRate(),
                load.ticksPerSecond(),
                view.draining(),
                hosted);
    }

    /**
     * Hands all regions over, lets the players follow them, and waits until they are gone, at most until the configured
     * deadline.
     *
     * @return true if nothing is left here
     */
    public boolean drain() throws InterruptedException {
        view.drain();
        Duration deadline = config.server().drainDeadline();
        LOG.infof("Stopping: %d regions are to be handed over within %s", regions.size(), deadline);
        try {
            authority.drain(Math.toIntExact(deadline.toSeconds())).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            sessions.emptied()
                    .completeOnTimeout(null, DEPARTURE.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            return true;
        } catch (TimeoutException e) {
            LOG.warnf("Stopping with %d regions still here: nobody took them in time", regions.size());
            return false;
        } catch (ExecutionException e) {
            LOG.errorf(e.getCause(), "Stopping without handing over: nothing acts here any more");
            return false;
        }
    }

    /** After the last tick: all there is to write has been handed over. */
    private void closeStore() {
        if (writers != null) {
            try {
                writers.flush().get(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                LOG.warnf(
                        "Stopping with regions that are not all stored: the store has not taken them in %s",
                        LAST_WRITES);
            } catch (ExecutionException e) {
                LOG.errorf(e.getCause(), "Stopping with regions that are not all stored");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            writers.close();
        }
        if (store != null) {
            store.close();
        }
    }

    /** Says goodbye to the players and ends at once; {@link #drain} before it, if there is time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        open = false;
        sessions.closeAll(CloseCode.SHUTTING_DOWN, "this server stops, connect to another")
                .completeOnTimeout(null, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        authority.close();
        query.close();
        players.close();
        links.close();
        mesh.execute(channelsToBackups::close);
        peers.close();
        ticker.close();
        closeStore();
        mesh.shutdown();
        copies.shutdown();
        workers.shutdownNow();
        loops.close();
    }
}
