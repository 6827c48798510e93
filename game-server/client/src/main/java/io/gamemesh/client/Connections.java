package io.gamemesh.client;

import io.gamemesh.client.LinkEnd.By;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.Redirect;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which server a client is at: the connection over which it plays, and the one that it tries next. Follows redirects,
 * goes round the known servers when the connection is lost, and gives up after a while. Confined to its event loop.
 */
final class Connections implements Link.Events {

    /** What the player notices of it. {@link #ended} comes exactly once, last. */
    interface Events {

        /**
         * A server has let the player in.
         *
         * @param followed the redirect that led there from another server at which the player was; empty if it was at
         *     none
         */
        void welcomed(Link link, Welcome welcome, Optional<Followed> followed);

        /** A message that is about the world, not about connections. */
        void message(ToClient.Control message);

        void terrain(ToClient.Terrain message);

        /** A datagram, to be read before returning. */
        void datagram(ByteBuffer payload);

        /** The player is at no server now; another is looked for. */
        void lost(LinkEnd end);

        void ended(LinkEnd end);
    }

    /** A redirect from one server to another. */
    record Followed(ServerAddress from, RedirectReason why) {}

    private static final LinkEnd LEFT = new LinkEnd(By.US, Optional.of(CloseCode.NO_ERROR), "left");
    private static final int MAX_REDIRECTS = 8;
    /** A server that has said nothing for so long may be gone: longer than its backup takes to think so. */
    private static final long SUSPICION_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    private static final long LOOK_MILLIS = 50;
    private static final int MAX_EARLY_TERRAIN = 4096;

    private final ClientSettings settings;
    private final ClientTransport transport;
    private final Channel socket;
    private final Traffic traffic;
    private final Events events;
    private final KnownServers servers;
    private final List<ToServer.GeneratorVersion> generators;
    private final Backoff backoff;
    /** The candidate's, which is on a stream of its own and so may overtake the welcome. */
    private final List<ToClient.Terrain> earlyTerrain = new ArrayList<>();

    /** Without its socket no connection is ever told how it ended. */
    private final ChannelFutureListener socketClosed =
            _ -> finish(new LinkEnd(By.US, Optional.empty(), "the transport is closed"));

    private final Set<Link> leaving = new HashSet<>();
    private @Nullable Link current;
    private @Nullable Link candidate;
    private @Nullable RedirectReason following;
    private @Nullable ServerAddress lost;
    /** Who takes over if the current server is gone. */
    private @Nullable ServerAddress standby;
    /** The candidate is there in case that the current server is gone. */
    private boolean probing;

    private @Nullable ScheduledFuture<?> watch;

    /** Where the player was until its own candidate took its place there; null once that is let in. */
    private @Nullable ServerAddress replaced;

    private Optional<Bytes> ticket = Optional.empty();
    private boolean left;
    private boolean ended;
    private int redirectsInARow;
    private long giveUpAt;

    Connections(ClientSettings settings, ClientTransport transport, Channel socket, Traffic traffic, Events events) {
        this.generators = settings.generate() ? generators() : List.of();
        this.settings = settings;
        this.transport = transport;
        this.socket = socket;
        this.traffic = traffic;
        this.events = events;
        this.servers = new KnownServers(
                settings.servers(),
                ThreadLocalRandom.current().nextInt(settings.servers().size()));
        this.backoff = new Backoff(socket.eventLoop());
    }

    /** Looks for a server that lets the player in. */
    void start() {
        if (!over()) {
            giveUpAt = System.nanoTime() + settings.giveUpAfter().toNanos();
            open(servers.next());
            watch = socket.eventLoop()
                    .scheduleWithFixedDelay(this::lookAtStandby, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            socket.closeFuture().addListener(socketClosed);
        }
    }

    /** The connection over which the player plays; null while it is at no server. */
    @Nullable Link current() {
        return current;
    }

    /** True once the player leaves or {@link Events#ended} has been called. */
    boolean over() {
        return ended || left;
    }

    /**
     * Takes the player out of the world, for good; {@link Events#ended} comes when all servers know that may have let it
     * in.
     */
    void leave() {
        if (over()) {
            return;
        }
        left = true;
        backoff.cancel();
        List<Link> open = forgetOpen();
        leaving.addAll(open);
        open.forEach(Link::leave);
        finishIfAllKnow();
    }

    private void finishIfAllKnow() {
        if (leaving.isEmpty()) {
            finish(LEFT);
        }
    }

    @Override
    public void control(Link link, ToClient.Control message) {
        if (leaving.contains(link) && message instanceof ToClient.Disconnect said) {
            link.dismissed(said.known(), said.reason());
        }
        if (link != current && link != candidate) {
            return;
        }
        switch (message) {
            case Welcome welcome -> welcomed(link, welcome);
            case Redirect redirect -> redirected(link, redirect);
            case ToClient.Ticket fresh -> ticket = Optional.of(fresh.ticket());
            case ToClient.Standby told -> standby(link, told);
            case ToClient.Disconnect said -> link.dismissed(said.known(), said.reason());
            case ToClient.RegionChanged _,
                    ToClient.EntityInfo _,
                    ToClient.EditResult _,
                    ToClient.Pong _,
                    ToClient.AboutItems _ -> events.message(message);
            case ToClient.SealedKeys _ -> throw new IllegalArgumentException("the link's own: " + message);
        }
    }

    @Override
    public void terrain(Link link, ToClient.Terrain message) {
        if (link == current) {
            events.terrain(message);
        } else if (link == candidate && earlyTerrain.size() < MAX_EARLY_TERRAIN) {
            earlyTerrain.add(message);
        } else if (link == candidate) {
            link.dismissed(
                    Optional.of(CloseCode.UNEXPECTED),
                    "more than " + MAX_EARLY_TERRAIN + " messages of terrain before Welcome");
        }
    }

    @Override
    public void datagram(Link link, ByteBuffer payload) {
        if (link == current) {
            events.datagram(payload);
        }
    }

    @Override
    public void ended(Link link, LinkEnd end) {
        if (link == candidate) {
            candidate = null;
            candidateFailed(link, end);
        } else if (link == current) {
            current = null;
            currentLost(link, end);
        } else if (leaving.remove(link)) {
            finishIfAllKnow();
        }
    }

    private void standby(Link link, ToClient.Standby told) {
        if (link == current) {
            standby = told.address().isEmpty() ? null : ServerAddress.parse(told.address());
        }
    }

    /**
     * Goes to the standby as soon as the current server seems to be gone, and stays with that one if it speaks again
     * before.
     */
    private void lookAtStandby() {
        Link at = current;
        ServerAddress to = standby;
        if (at == null || over()) {
            return;
        }
        boolean silent = at.isSilentFor(SUSPICION_NANOS);
        if (silent && candidate == null && to != null && !to.equals(at.address())) {
            probing = true;
            following = null;
            open(to);
        } else if (!silent && probing && candidate != null) {
            Link needless = candidate;
            candidate = null;
            probing = false;
            needless.close(CloseCode.NO_ERROR, "the server before speaks again");
        }
    }

    private void welcomed(Link link, Welcome welcome) {
        if (link != candidate) {
            link.close(CloseCode.UNEXPECTED, "a second Welcome");
            return;
        }
        probing = false;
        standby = null;
        Link before = current;
        ServerAddress from = before == null ? replaced : before.address();
        RedirectReason why = following;
        replaced = null;
        candidate = null;
        current = link;
        following = null;
        lost = null;
        redirectsInARow = 0;
        backoff.reset();
        link.established();
        servers.learn(link.address());
        if (before != null) {
            before.close(CloseCode.NO_ERROR, "follows a redirect");
        }
        events.welcomed(
                link, welcome, from == null || why == null ? Optional.empty() : Optional.of(new Followed(from, why)));
        List<ToClient.Terrain> early = List.copyOf(earlyTerrain);
        earlyTerrain.clear();
        early.forEach(events::terrain);
    }

    private void redirected(Link link, Redirect redirect) {
        ServerAddress target;
        try {
            target = ServerAddress.parse(redirect.address());
        } catch (IllegalArgumentException e) {
            link.close(CloseCode.MALFORMED, String.valueOf(e.getMessage()));
            return;
        }
        if (link == candidate && probing) {
            candidate = null;
            probing = false;
            link.close(CloseCode.NO_ERROR, "asks again");
            if (current != null && !current.address().equals(target)) {
                // Another server than was thought takes over, or has already.
                standby = target;
            }
            // Otherwise it does not know that the server before is gone, if it is.
            return;
        }
        ticket = Optional.of(redirect.ticket());
        servers.learn(target);
        following = redirect.reason();
        if (link == candidate) {
            candidate = null;
            link.close(CloseCode.NO_ERROR, "follows a redirect");
            if (++redirectsInARow > MAX_REDIRECTS) {
                if (current == null && isTimeToGiveUp()) {
                    giveUp(new LinkEnd(
                            By.SERVER, Optional.of(CloseCode.REDIRECTED), "redirected from server to server"));
                } else {
                    retryLater();
                }
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
        backoff.cancel();
        open(target);
    }

    private void candidateFailed(Link link, LinkEnd end) {
        if (probing) {
            probing = false;
            if (current != null) {
                return;
            }
        }
        if (replaced != null) {
            replaced = null;
            events.lost(end);
        }
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
        } else if (isTimeToGiveUp()) {
            giveUp(end);
        } else if (servers.roundIsOver()) {
            retryLater();
        } else {
            open(nextServer());
        }
    }

    private boolean isTimeToGiveUp() {
        return System.nanoTime() - giveUpAt >= 0;
    }

    private void giveUp(LinkEnd last) {
        finish(new LinkEnd(last.by(), last.code(), "gave up after " + settings.giveUpAfter() + ": " + last.reason()));
    }

    private void currentLost(Link link, LinkEnd end) {
        if (candidate != null && end.code().equals(Optional.of(CloseCode.REPLACED))) {
            // By the candidate itself: it follows a redirect back to a server that still has the player.
            replaced = link.address();
            giveUpAt = System.nanoTime() + settings.giveUpAfter().toNanos();
            return;
        }
        switch (end.advice()) {
            case STAY_AWAY, GIVE_UP -> finish(end);
            case TRY_ANOTHER, RETRY_WITHOUT_TICKET -> {
                lost = link.address();
                giveUpAt = System.nanoTime() + settings.giveUpAfter().toNanos();
                events.lost(end);
                probing = false;
                if (candidate == null) {
                    backoff.cancel();
                    open(standby != null && !standby.equals(link.address()) ? standby : nextServer());
                }
            }
        }
    }

    private ServerAddress nextServer() {
        return lost == null ? servers.next() : servers.nextOtherThan(lost);
    }

    private static List<ToServer.GeneratorVersion> generators() {
        return Generator.factories().stream()
                .map(factory -> new ToServer.GeneratorVersion(factory.name(), factory.version()))
                .limit(Wire.MAX_GENERATORS)
                .toList();
    }

    private void retryRedirect(ServerAddress target) {
        backoff.pause(() -> {
            if (current != null && candidate == null && following != null) {
                open(target);
            }
        });
    }

    private void retryLater() {
        backoff.pause(() -> {
            if (current == null && candidate == null) {
                redirectsInARow = 0;
                // After a pause the server that was lost may be back.
                lost = null;
                open(servers.next());
            }
        });
    }

    private void open(ServerAddress address) {
        ToServer.Hello hello = new ToServer.Hello(
                Wire.VERSION,
                generators.isEmpty() ? Wire.CAPABILITIES & ~Wire.GENERATOR : Wire.CAPABILITIES,
                settings.network(),
                settings.name(),
                settings.token(),
                ticket,
                generators);
        earlyTerrain.clear();
        candidate = Link.open(address, hello, settings.connectTimeout(), transport, socket, this, traffic);
    }

    private void finish(LinkEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        if (watch != null) {
            watch.cancel(false);
        }
        socket.closeFuture().removeListener(socketClosed);
        backoff.cancel();
        // Forgotten first: what they report when they are closed is no news.
        List<Link> open = new ArrayList<>(leaving);
        leaving.clear();
        open.addAll(forgetOpen());
        open.forEach(link -> link.close(CloseCode.NO_ERROR, "leaves"));
        events.ended(end);
    }

    /** The connections to where the player is and is about to be, which are nobody's any more. */
    private List<Link> forgetOpen() {
        List<Link> open =
                Stream.of(current, candidate).flatMap(Stream::ofNullable).toList();
        current = null;
        candidate = null;
        return open;
    }
}
