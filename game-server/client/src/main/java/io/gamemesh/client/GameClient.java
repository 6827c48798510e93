package io.gamemesh.client;

import io.gamemesh.client.LinkEnd.By;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.SnapshotReader;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.Redirect;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.ToServer.Network;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireWriter;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A player in a mesh. Thread-safe; everything it does happens on one event loop, on which its {@link GameListener} is
 * called.
 *
 * <p>A redirect is followed without the player noticing: the client connects to the next server first and leaves the
 * old one once the next has let it in. When a server falls silent or sends it away, the client goes round the servers
 * it knows with its last ticket, which brings the player back to where it was; pauses between rounds grow to {@value
 * #MAX_BACKOFF_MILLIS} ms, until {@link Builder#giveUpAfter} has passed.
 */
public final class GameClient implements AutoCloseable {

    private static final int REPEATED_INPUTS = 3;
    private static final int MAX_REDIRECTS = 8;
    private static final int MAX_PENDING_EDITS = 1024;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    static final long MAX_BACKOFF_MILLIS = 3000;
    private static final int TERRAIN_GRACE_SECONDS = 5;

    private final Builder settings;
    private final ClientTransport transport;
    private final Channel socket;
    private final EventLoop loop;
    private final KnownServers servers;
    private final Session session = new Session();
    private final CompletableFuture<GameClient> joined = new CompletableFuture<>();
    private final CompletableFuture<GameClientException> ended = new CompletableFuture<>();

    private volatile Movement movement = Movement.STILL;

    private GameClient(Builder settings, ClientTransport transport) {
        this.settings = settings;
        this.transport = transport;
        this.socket = transport.socket();
        this.loop = socket.eventLoop();
        this.servers =
                new KnownServers(settings.servers, ThreadLocalRandom.current().nextInt(settings.servers.size()));
    }

    /** Starts the description of a client. */
    public static Builder builder() {
        return new Builder();
    }

    /** How the player wants to move from now on, sent to the server with every tick. */
    public void move(Movement wanted) {
        movement = wanted;
    }

    /**
     * Asks for a block to be replaced. An edit without an answer is sent again to the next server when the client
     * changes servers, so it may be done twice, the second time after somebody else's.
     *
     * @return what became of it; fails if there is no answer within {@link Builder#editTimeout}, too many edits are
     *     under way, or the client ends
     */
    public CompletableFuture<EditOutcome> edit(int x, int y, int z, int block) {
        CompletableFuture<EditOutcome> outcome = new CompletableFuture<>();
        loop.execute(() -> session.edit(x, y, z, block, outcome));
        return outcome;
    }

    /** Measures a round trip to the server that the client is at; fails if there is none now. */
    public CompletableFuture<Duration> ping() {
        CompletableFuture<Duration> answer = new CompletableFuture<>();
        loop.execute(() -> session.ping(answer));
        return answer;
    }

    /** Looks at the world, from any thread; fails before the player has joined. */
    public <T> CompletableFuture<T> inspect(Function<WorldView, T> question) {
        return CompletableFuture.supplyAsync(() -> question.apply(session.requireView()), loop);
    }

    /** The world, on the event loop only; null before the player has joined. */
    public @Nullable WorldView view() {
        requireLoop();
        return session.view;
    }

    /** True while a server has the player, on the event loop only. */
    public boolean isPlaying() {
        requireLoop();
        return session.current != null;
    }

    /** What has been counted so far. */
    public CompletableFuture<ClientStatistics> statistics() {
        return CompletableFuture.supplyAsync(session::statistics, loop);
    }

    /** Counts anew, as after a warm-up. */
    public void resetStatistics() {
        loop.execute(session::resetStatistics);
    }

    /** Completes when the client is no longer in the world, with the reason. */
    public CompletableFuture<GameClientException> ended() {
        return ended.copy();
    }

    /** Leaves the world for good: the player's entity goes too. Returns at once. */
    @Override
    public void close() {
        loop.execute(session::leave);
    }

    private void requireLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("not on the client's event loop: use inspect()");
        }
    }

    /** The state of a client; confined to its event loop. */
    private final class Session implements Link.Events {

        private final Traffic traffic = new Traffic();
        private final Histogram gaps = new Histogram();
        private final Histogram pings = new Histogram();
        private final SnapshotReader snapshotReader = new SnapshotReader();
        private final WireWriter inputWriter = new WireWriter();
        private final ArrayDeque<Input> recentInputs = new ArrayDeque<>();
        private final Long2ObjectHashMap<PendingEdit> edits = new Long2ObjectHashMap<>();
        private final Long2ObjectHashMap<PendingPing> pingsUnderWay = new Long2ObjectHashMap<>();

        private @Nullable WorldView view;
        private @Nullable Link current;
        private @Nullable Link candidate;
        private @Nullable RedirectReason following;
        private @Nullable ServerAddress lost;
        private @Nullable ScheduledFuture<?> ticker;
        private @Nullable ScheduledFuture<?> retry;
        private Optional<Bytes> ticket = Optional.empty();
        private Optional<LinkEnd> disconnect = Optional.empty();

        private boolean over;
        private int redirectsInARow;
        private long backoffMillis = FIRST_BACKOFF_MILLIS;
        private long giveUpAt;
        private long lastSnapshotAt;
        private long ticks;
        private long forgetTerrainAtTick;
        private long inputSequence;
        private long editRequests;
        private long pingNonces;
        private long snapshots;
        private int redirects;
        private int reconnects;
        private Counters base = new Counters(0, 0, 0, 0, 0, 0, 0, 0);

        void start() {
            giveUpAt = System.nanoTime() + settings.giveUpAfter.toNanos();
            open(servers.next());
        }

        @Override
        public void control(Link link, ToClient.Control message) {
            if (link != current && link != candidate) {
                return;
            }
            switch (message) {
                case Welcome welcome -> welcomed(link, welcome);
                case Redirect redirect -> redirected(link, redirect);
                case ToClient.Ticket fresh -> ticket = Optional.of(fresh.ticket());
                case ToClient.RegionChanged _ -> {
                    // Each snapshot names its region; nothing to do.
                }
                case ToClient.EntityInfo info -> {
                    if (view != null) {
                        view.name(info);
                    }
                }
                case ToClient.EditResult result -> {
                    PendingEdit edit = edits.remove(result.request());
                    if (edit != null) {
                        edit.outcome.complete(result.outcome());
                    }
                }
                case ToClient.Pong pong -> {
                    PendingPing ping = pingsUnderWay.remove(pong.nonce());
                    if (ping != null) {
                        long nanos = System.nanoTime() - ping.sentAt;
                        pings.record(nanos / 1000);
                        ping.answer.complete(Duration.ofNanos(nanos));
                    }
                }
                case ToClient.Disconnect said ->
                    disconnect = Optional.of(new LinkEnd(By.SERVER, said.known(), said.reason()));
            }
        }

        @Override
        public void terrain(Link link, ToClient.Terrain message) {
            if (link == current && view != null) {
                view.apply(message);
                settings.listener.terrain(view, message);
            }
        }

        @Override
        public void datagram(Link link, ByteBuffer payload) {
            if (link != current || view == null) {
                return;
            }
            snapshotReader.wrap(payload);
            if (view.apply(snapshotReader)) {
                long now = System.nanoTime();
                if (lastSnapshotAt != 0) {
                    gaps.record((now - lastSnapshotAt) / 1000);
                }
                lastSnapshotAt = now;
                snapshots++;
                settings.listener.snapshot(view);
            }
        }

        @Override
        public void ended(Link link, LinkEnd reported) {
            LinkEnd end = reported.code().isEmpty() && link != candidate ? disconnect.orElse(reported) : reported;
            disconnect = Optional.empty();
            if (link == candidate) {
                candidate = null;
                candidateFailed(link, end);
            } else if (link == current) {
                current = null;
                currentLost(link, end);
            }
        }

        private void welcomed(Link link, Welcome welcome) {
            if (link != candidate) {
                link.close(CloseCode.UNEXPECTED, "a second Welcome");
                return;
            }
            Link before = current;
            candidate = null;
            current = link;
            link.established();
            servers.learn(link.address());
            redirectsInARow = 0;
            backoffMillis = FIRST_BACKOFF_MILLIS;
            inputSequence = 0;
            recentInputs.clear();
            if (before != null) {
                before.close(CloseCode.NO_ERROR, "follows a redirect");
            }
            WorldView world = view;
            if (world == null) {
                view = new WorldView(welcome, settings.keepTerrain);
                startTicking(welcome.tickRate());
                settings.listener.joined(view);
                joined.complete(GameClient.this);
            } else {
                world.welcome(welcome);
                forgetTerrainAtTick = ticks + (long) TERRAIN_GRACE_SECONDS * welcome.tickRate();
                edits.values().forEach(edit -> link.send(edit.request));
                if (before != null && following != null) {
                    redirects++;
                    settings.listener.serverChanged(world, before.address(), link.address(), following);
                } else {
                    reconnects++;
                    settings.listener.rejoined(world, link.address());
                }
            }
            following = null;
            lost = null;
        }

        private void redirected(Link link, Redirect redirect) {
            ServerAddress target;
            try {
                target = ServerAddress.parse(redirect.address());
            } catch (IllegalArgumentException e) {
                link.close(CloseCode.MALFORMED, String.valueOf(e.getMessage()));
                return;
            }
            ticket = Optional.of(redirect.ticket());
            servers.learn(target);
            following = redirect.reason();
            if (link == candidate) {
                candidate = null;
                link.close(CloseCode.NO_ERROR, "follows a redirect");
                if (++redirectsInARow > MAX_REDIRECTS) {
                    retryLater();
                    return;
                }
            } else if (candidate != null) {
                if (candidate.address().equals(target)) {
                    return;
                }
                Link outdated = candidate;
                candidate = null;
                outdated.close(CloseCode.NO_ERROR, "follows a newer redirect");
            }
            cancelRetry();
            open(target);
        }

        private void candidateFailed(Link link, LinkEnd end) {
            switch (end.advice()) {
                case RETRY_WITHOUT_TICKET -> ticket = Optional.empty();
                case GIVE_UP, STAY_AWAY -> {
                    if (current == null) {
                        finish(end);
                        return;
                    }
                }
                case TRY_ANOTHER -> {
                    // As below.
                }
            }
            if (current != null) {
                // Still where it was: the server there repeats the redirect or takes the player back.
                retryRedirect(link.address());
            } else if (System.nanoTime() - giveUpAt >= 0) {
                finish(new LinkEnd(
                        end.by(), end.code(), "gave up after " + settings.giveUpAfter + ": " + end.reason()));
            } else if (servers.roundIsOver()) {
                retryLater();
            } else {
                open(nextServer());
            }
        }

        private void currentLost(Link link, LinkEnd end) {
            if (end.advice() == CloseCode.Advice.STAY_AWAY || end.advice() == CloseCode.Advice.GIVE_UP) {
                finish(end);
                return;
            }
            lost = link.address();
            giveUpAt = System.nanoTime() + settings.giveUpAfter.toNanos();
            settings.listener.connectionLost(end.toString());
            if (candidate == null) {
                cancelRetry();
                open(nextServer());
            }
        }

        private ServerAddress nextServer() {
            return lost == null ? servers.next() : servers.nextOtherThan(lost);
        }

        private void retryRedirect(ServerAddress target) {
            pause(() -> {
                if (current != null && candidate == null && following != null) {
                    open(target);
                }
            });
        }

        private void retryLater() {
            pause(() -> {
                if (current == null && candidate == null) {
                    redirectsInARow = 0;
                    // After a pause the server that was lost may be back.
                    lost = null;
                    open(servers.next());
                }
            });
        }

        private void pause(Runnable then) {
            cancelRetry();
            // Spread, so that the clients of a server that died do not come all at once.
            long millis = ThreadLocalRandom.current().nextLong(backoffMillis / 2, backoffMillis + 1);
            backoffMillis = Math.min(backoffMillis * 2, MAX_BACKOFF_MILLIS);
            retry = loop.schedule(
                    () -> {
                        if (!over) {
                            then.run();
                        }
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        }

        private void cancelRetry() {
            if (retry != null) {
                retry.cancel(false);
                retry = null;
            }
        }

        private void open(ServerAddress address) {
            ToServer.Hello hello =
                    new ToServer.Hello(Wire.VERSION, 0, settings.network, settings.name, settings.token, ticket);
            candidate = Link.open(address, hello, settings.connectTimeout, transport, socket, this, traffic);
        }

        private void startTicking(int tickRate) {
            long period = TimeUnit.SECONDS.toNanos(1) / tickRate;
            ticker = loop.scheduleAtFixedRate(
                    () -> tick(tickRate), ThreadLocalRandom.current().nextLong(period), period, TimeUnit.NANOSECONDS);
        }

        private void tick(int tickRate) {
            ticks++;
            Link link = current;
            WorldView world = view;
            if (link != null && world != null) {
                sendInput(link, world);
            }
            if (ticks % tickRate == 0) {
                everySecond(link);
            }
            if (world != null && ticks == forgetTerrainAtTick) {
                world.forgetTerrainBefore();
            }
        }

        private void sendInput(Link link, WorldView world) {
            Movement wanted = movement;
            recentInputs.addFirst(Input.of(
                    ++inputSequence, wanted.x(), wanted.y(), wanted.z(), wanted.yaw(), wanted.pitch(), wanted.flags()));
            if (recentInputs.size() > REPEATED_INPUTS) {
                recentInputs.removeLast();
            }
            new InputDatagram(world.completeRegion(), world.completeTick(), List.copyOf(recentInputs))
                    .write(inputWriter.reset());
            link.sendDatagram(inputWriter.view());
        }

        private void everySecond(@Nullable Link link) {
            if (link != null) {
                ping(new CompletableFuture<>());
                link.measure();
            }
            if (view != null && settings.keepTerrain) {
                view.forgetTerrainFarOff();
            }
            long now = System.nanoTime();
            edits.values().removeIf(edit -> {
                boolean late = now - edit.sentAt > settings.editTimeout.toNanos();
                if (late) {
                    edit.outcome.completeExceptionally(new GameClientException(
                            Optional.empty(), "no answer to " + edit.request + " within " + settings.editTimeout));
                }
                return late;
            });
            pingsUnderWay.values().removeIf(ping -> {
                boolean late = now - ping.sentAt > settings.editTimeout.toNanos();
                if (late) {
                    ping.answer.completeExceptionally(
                            new GameClientException(Optional.empty(), "no pong within " + settings.editTimeout));
                }
                return late;
            });
        }

        private void edit(int x, int y, int z, int block, CompletableFuture<EditOutcome> outcome) {
            if (over || edits.size() >= MAX_PENDING_EDITS) {
                outcome.completeExceptionally(new GameClientException(
                        Optional.empty(),
                        over ? "the client has ended" : MAX_PENDING_EDITS + " edits are under way: wait for some"));
                return;
            }
            long request = editRequests++ & 0xffff_ffffL;
            ToServer.BlockEdit message = new ToServer.BlockEdit(request, x, y, z, block);
            edits.put(request, new PendingEdit(message, System.nanoTime(), outcome));
            if (current != null) {
                current.send(message);
            }
        }

        private void ping(CompletableFuture<Duration> answer) {
            Link link = current;
            if (link == null) {
                answer.completeExceptionally(new GameClientException(Optional.empty(), "connected to no server now"));
                return;
            }
            long nonce = pingNonces++;
            pingsUnderWay.put(nonce, new PendingPing(System.nanoTime(), answer));
            link.send(new ToServer.Ping(nonce));
        }

        private void leave() {
            if (over) {
                return;
            }
            if (current != null) {
                current.send(new ToServer.Goodbye());
            }
            finish(new LinkEnd(By.US, Optional.of(CloseCode.NO_ERROR), "left"));
        }

        private void finish(LinkEnd end) {
            over = true;
            cancelRetry();
            if (ticker != null) {
                ticker.cancel(false);
            }
            closeQuietly(candidate);
            closeQuietly(current);
            candidate = null;
            current = null;
            GameClientException why = new GameClientException(end.code(), end.toString());
            edits.values().forEach(edit -> edit.outcome.completeExceptionally(why));
            edits.clear();
            pingsUnderWay.values().forEach(ping -> ping.answer.completeExceptionally(why));
            pingsUnderWay.clear();
            if (!joined.completeExceptionally(why)) {
                settings.listener.ended(why);
            }
            ended.complete(why);
            if (settings.transport == null) {
                // Not on the loop that it stops.
                Thread.ofVirtual().start(transport::close);
            }
        }

        private void closeQuietly(@Nullable Link link) {
            if (link != null) {
                link.close(CloseCode.NO_ERROR, "leaves");
            }
        }

        private WorldView requireView() {
            WorldView world = view;
            if (world == null) {
                throw new GameClientException(Optional.empty(), "the player has not joined yet");
            }
            return world;
        }

        private ClientStatistics statistics() {
            Histogram gapsCopy = new Histogram();
            gapsCopy.add(gaps);
            Histogram pingsCopy = new Histogram();
            pingsCopy.add(pings);
            return new ClientStatistics(
                    gapsCopy,
                    pingsCopy,
                    snapshots,
                    traffic.wireReceived - base.wireReceived,
                    traffic.wireSent - base.wireSent,
                    traffic.datagramReceived - base.datagramReceived,
                    traffic.datagramSent - base.datagramSent,
                    traffic.controlReceived - base.controlReceived,
                    traffic.controlSent - base.controlSent,
                    traffic.terrainReceived - base.terrainReceived,
                    redirects,
                    reconnects,
                    traffic.malformed - base.malformed);
        }

        private void resetStatistics() {
            gaps.reset();
            pings.reset();
            snapshots = 0;
            redirects = 0;
            reconnects = 0;
            base = new Counters(
                    traffic.wireReceived,
                    traffic.wireSent,
                    traffic.datagramReceived,
                    traffic.datagramSent,
                    traffic.controlReceived,
                    traffic.controlSent,
                    traffic.terrainReceived,
                    traffic.malformed);
        }
    }

    private record PendingEdit(ToServer.BlockEdit request, long sentAt, CompletableFuture<EditOutcome> outcome) {}

    private record PendingPing(long sentAt, CompletableFuture<Duration> answer) {}

    private record Counters(
            long wireReceived,
            long wireSent,
            long datagramReceived,
            long datagramSent,
            long controlReceived,
            long controlSent,
            long terrainReceived,
            long malformed) {}

    /** Describes a client. Not thread-safe. */
    public static final class Builder {

        private List<ServerAddress> servers = List.of();
        private String name = "player";
        private Network network = Network.EXTERNAL;
        private Optional<Bytes> token = Optional.empty();
        private GameListener listener = new GameListener() {};
        private boolean keepTerrain = true;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration giveUpAfter = Duration.ofMinutes(1);
        private Duration editTimeout = Duration.ofSeconds(10);
        private @Nullable ClientTransport transport;
        private Collection<java.security.cert.X509Certificate> trust = List.of();
        private String meshNamespace = "default";
        private String mesh = "";

        private Builder() {}

        /** Any servers of the mesh, at least one; the others are learned. */
        public Builder servers(Collection<ServerAddress> addresses) {
            servers = List.copyOf(addresses);
            return this;
        }

        /** Any servers of the mesh, at least one; the others are learned. */
        public Builder servers(ServerAddress... addresses) {
            return servers(Arrays.asList(addresses));
        }

        /** What others see, 1 to {@link Wire#MAX_PLAYER_NAME} bytes of UTF-8. */
        public Builder name(String playerName) {
            name = playerName;
            return this;
        }

        /** Which addresses redirects shall name; {@link Network#EXTERNAL} unless told otherwise. */
        public Builder network(Network where) {
            network = where;
            return this;
        }

        /** A JWT, for meshes that ask for one. */
        public Builder token(String jwt) {
            token = Optional.of(Bytes.copyOf(jwt.getBytes(StandardCharsets.US_ASCII)));
            return this;
        }

        /** Who is told what happens. */
        public Builder listener(GameListener told) {
            listener = told;
            return this;
        }

        /** Whether blocks are kept, so that {@link WorldView#block} knows them; true unless told otherwise. */
        public Builder keepTerrain(boolean keep) {
            keepTerrain = keep;
            return this;
        }

        /** How long one server may take to let the player in; 5 s unless told otherwise. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** How long to look for a server that lets the player in; 1 min unless told otherwise. */
        public Builder giveUpAfter(Duration timeout) {
            giveUpAfter = timeout;
            return this;
        }

        /** How long an edit may take; 10 s unless told otherwise. */
        public Builder editTimeout(Duration timeout) {
            editTimeout = timeout;
            return this;
        }

        /** Sockets and threads to share with other clients of the mesh; they stay open. */
        public Builder transport(ClientTransport shared) {
            transport = shared;
            return this;
        }

        /** Certificate authorities of the mesh, its {@code ca.crt}; for a client without a shared transport. */
        public Builder trust(Collection<java.security.cert.X509Certificate> authorities) {
            trust = authorities;
            return this;
        }

        /** Which mesh the servers must prove to belong to; for a client without a shared transport. */
        public Builder meshName(String namespace, String meshName) {
            meshNamespace = namespace;
            mesh = meshName;
            return this;
        }

        /**
         * Starts to join the world.
         *
         * @return the client once it is in; fails with a {@link GameClientException} if no server lets it in
         * @throws IllegalArgumentException if there are no servers, or neither a transport nor somebody to trust
         */
        public CompletableFuture<GameClient> connect() {
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("no servers, expected at least one HOST:PORT");
            }
            if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > Wire.MAX_PLAYER_NAME) {
                throw new IllegalArgumentException(
                        "the name '" + name + "' is not 1 to " + Wire.MAX_PLAYER_NAME + " bytes of UTF-8");
            }
            if (transport == null && mesh.isEmpty()) {
                throw new IllegalArgumentException("no mesh: set its name and whom to trust, or a transport");
            }
            GameClient client = new GameClient(
                    this, transport != null ? transport : ClientTransport.open(trust, meshNamespace, mesh, 1));
            client.loop.execute(client.session::start);
            return client.joined.copy();
        }
    }
}
