package io.gamemesh.client;

import io.gamemesh.client.LinkEnd.By;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.Silence;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.Redirect;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

        /** The player has come over a border to a server that was connected to ahead: inputs go on being counted. */
        void handedOver(Link link, Welcome welcome, Followed followed);

        /** A message that is about the world, not about connections. */
        void message(ToClient.Control message);

        void terrain(ToClient.Terrain message);

        /** A datagram, to be read before returning. */
        void datagram(ByteBuffer payload);

        /** The player is at no server now; another is looked for. */
        void lost(LinkEnd end);

        void ended(LinkEnd end);
    }

    /** How the player has come from one server to another. */
    record Followed(ServerAddress from, RedirectReason why) {}

    /**
     * Where a server has said that the player has gone. It holds until the player is shown somewhere: nobody says it twice.
     *
     * @param target who is to have the player
     * @param why what the server that has the player no longer gave as the reason
     * @param failures how many attempts to find the player have failed
     */
    private record Lead(ServerAddress target, RedirectReason why, int failures) {

        Lead(ServerAddress target, RedirectReason why) {
            this(target, why, 0);
        }

        Lead to(ServerAddress other) {
            return new Lead(other, why, failures);
        }

        Lead failed() {
            return new Lead(target, why, failures + 1);
        }
    }

    private static final LinkEnd LEFT = new LinkEnd(By.US, Optional.of(CloseCode.NO_ERROR), "left");
    private static final int MAX_REDIRECTS = 8;
    /** A server that has said nothing for so long may be gone: longer than its backup takes to think so. */
    private static final long SUSPICION_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    private static final long LOOK_MILLIS = 50;
    private static final int MAX_EARLY_TERRAIN = 4096;
    private static final int MAX_EARLY_ITEMS = 4096;
    private static final int MAX_AHEAD = 16;
    /** Where the view is in a datagram of a snapshot. */
    private static final int VIEW_OFFSET = 1;

    /** Longer than a server takes to say again that the player is near. */
    private static final long AHEAD_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** So long after a server has said that the player has crossed a border the next one has shown it, unless that is busy. */
    private static final long HANDOVER_MILLIS = 1500;
    /** As long, of a server that may not have known yet that the player is connected there when it came. */
    private static final long HASTY_HANDOVER_MILLIS = 200;
    /** When the server that was taken for the player's has been silent for so long, another one that speaks has the player. */
    private static final long MUTE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** A server that shows the player nothing for so long has lost it: longer than one waits for a region that is nowhere. */
    private static final Duration UNSHOWN = Duration.ofSeconds(8);

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
    private final Map<ServerAddress, AheadLink> linksAhead = new LinkedHashMap<>();
    private @Nullable Link current;
    private @Nullable Welcome currentWelcome;
    private int currentView = AheadLink.NO_VIEW;
    private long currentHeardNanos;
    /** Of the current server, as far as the world is concerned. */
    private Silence unshown = unshown();

    private @Nullable Link candidate;
    private @Nullable Lead lead;
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
                    .scheduleWithFixedDelay(this::lookAtCurrent, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
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
            AheadLink ahead = ahead(link);
            if (ahead != null) {
                control(ahead, message);
            }
            return;
        }
        switch (message) {
            case Welcome welcome -> welcomed(link, welcome);
            case Redirect redirect -> redirected(link, redirect);
            case ToClient.Ticket fresh -> ticket = Optional.of(fresh.ticket());
            case ToClient.Standby told -> standby(link, told);
            case ToClient.Prepare near -> prepare(link, near);
            case ToClient.Disconnect said -> link.dismissed(said.known(), said.reason());
            case ToClient.RegionChanged _,
                    ToClient.EntityInfo _,
                    ToClient.EditResult _,
                    ToClient.Pong _,
                    ToClient.AboutItems _ -> events.message(message);
            case ToClient.SealedKeys _ -> throw new IllegalArgumentException("the link's own: " + message);
        }
    }

    /** What a server says at which the player is not yet, or no longer. */
    private void control(AheadLink ahead, ToClient.Control message) {
        switch (message) {
            case Welcome welcome -> readyAhead(ahead, welcome);
            // Of one where the player was: it has come where this leads.
            case Redirect _ when ahead.welcome != null -> ahead.wantedNanos = System.nanoTime();
            case Redirect _ -> ahead.link.close(CloseCode.NO_ERROR, "is led elsewhere");
            case ToClient.Ticket fresh -> ahead.ticket = Optional.of(fresh.ticket());
            case ToClient.Standby told -> ahead.standby = address(told);
            case ToClient.AboutItems about when ahead.items.size() < MAX_EARLY_ITEMS -> ahead.items.add(about);
            case ToClient.AboutItems _ ->
                ahead.link.dismissed(
                        Optional.of(CloseCode.UNEXPECTED),
                        "more than " + MAX_EARLY_ITEMS + " messages about items, and the player is not there");
            case ToClient.Disconnect said -> ahead.link.dismissed(said.known(), said.reason());
            case ToClient.EntityInfo _, ToClient.EditResult _ -> events.message(message);
            case ToClient.Prepare _, ToClient.RegionChanged _, ToClient.Pong _ -> {
                // Only where the player is that says something.
            }
            case ToClient.SealedKeys _ -> throw new IllegalArgumentException("the link's own: " + message);
        }
    }

    private void readyAhead(AheadLink ahead, Welcome welcome) {
        if (ahead.welcome != null) {
            ahead.link.close(CloseCode.UNEXPECTED, "a second Welcome");
        } else if ((welcome.capabilities() & Wire.AHEAD) == 0) {
            // It has let the player in.
            linksAhead.remove(ahead.link.address());
            replaceCandidate(ahead.link);
            lead = new Lead(ahead.link.address(), RedirectReason.CROSSED);
            welcomed(ahead.link, welcome);
        } else {
            ahead.welcomed(welcome, System.nanoTime());
            ahead.link.established();
        }
    }

    private void replaceCandidate(@Nullable Link by) {
        Link outdated = candidate;
        candidate = by;
        if (outdated != null) {
            outdated.close(CloseCode.NO_ERROR, "another server has the player");
        }
    }

    /** The player comes near a border. */
    private void prepare(Link at, ToClient.Prepare near) {
        ServerAddress target;
        try {
            target = ServerAddress.parse(near.address());
        } catch (IllegalArgumentException e) {
            at.close(CloseCode.MALFORMED, String.valueOf(e.getMessage()));
            return;
        }
        if (at != current || target.equals(at.address())) {
            return;
        }
        long now = System.nanoTime();
        AheadLink known = linksAhead.get(target);
        if (known != null) {
            known.wantedNanos = now;
        } else if (linksAhead.size() < MAX_AHEAD
                && (candidate == null || !candidate.address().equals(target))) {
            Link link = Link.open(
                    target,
                    hello(Optional.of(near.ticket()), Wire.AHEAD),
                    settings.connectTimeout(),
                    transport,
                    socket,
                    this,
                    traffic);
            linksAhead.put(target, new AheadLink(link, null, AheadLink.NO_VIEW, now));
        }
    }

    /** To be called every second: keeps connections that stand by alive, and ends those that nobody wants. */
    void tend() {
        long now = System.nanoTime();
        for (AheadLink ahead : List.copyOf(linksAhead.values())) {
            if (now - ahead.wantedNanos > AHEAD_NANOS) {
                linksAhead.remove(ahead.link.address());
                ahead.link.close(CloseCode.NO_ERROR, "the player is not near any more");
            } else if (ahead.welcome != null) {
                ahead.link.send(new ToServer.Ping(0));
            }
        }
    }

    private @Nullable AheadLink ahead(Link link) {
        AheadLink ahead = linksAhead.get(link.address());
        return ahead != null && ahead.link == link ? ahead : null;
    }

    /** The player is there now. What was its connection stands by in turn, as it may come back. */
    private void handOver(AheadLink next, Welcome welcome) {
        Link before = current;
        ServerAddress from = before == null ? next.link.address() : before.address();
        // The first snapshot there may overtake what the server before says.
        RedirectReason why = lead == null ? RedirectReason.CROSSED : lead.why;
        linksAhead.remove(next.link.address());
        if (before != null && currentWelcome != null) {
            AheadLink behind = new AheadLink(before, currentWelcome, currentView, System.nanoTime());
            behind.standby = standby;
            linksAhead.put(before.address(), behind);
        }
        if (before == null || probing || lead != null) {
            replaceCandidate(null);
        }
        backoff.cancel();
        backoff.reset();
        probing = false;
        lead = null;
        lost = null;
        standby = next.standby;
        ticket = next.ticket.or(() -> ticket);
        current = next.link;
        currentWelcome = welcome;
        unshown = unshown();
        servers.learn(next.link.address());
        next.link.resumes();
        events.handedOver(next.link, welcome, new Followed(from, why));
        next.terrain.forEach(events::terrain);
        next.items.forEach(events::message);
    }

    @Override
    public void terrain(Link link, ToClient.Terrain message) {
        AheadLink ahead = ahead(link);
        if (ahead != null && ahead.terrain.size() < MAX_EARLY_TERRAIN) {
            ahead.terrain.add(message);
        } else if (ahead != null) {
            link.dismissed(
                    Optional.of(CloseCode.UNEXPECTED),
                    "more than " + MAX_EARLY_TERRAIN + " messages of terrain, and the player is not there");
        } else if (link == current) {
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
        AheadLink ahead = ahead(link);
        if (ahead != null) {
            Welcome welcome = ahead.welcome;
            if (welcome == null || payload.remaining() <= VIEW_OFFSET || !isThere(ahead, payload)) {
                return;
            }
            handOver(ahead, welcome);
        }
        if (link == current) {
            currentHeardNanos = System.nanoTime();
            unshown.heard(currentHeardNanos);
            if (payload.remaining() > VIEW_OFFSET) {
                viewed(Byte.toUnsignedInt(payload.get(payload.position() + VIEW_OFFSET)));
            }
            events.datagram(payload);
        }
    }

    private void viewed(int view) {
        if (lead != null && currentView != AheadLink.NO_VIEW && (byte) (view - currentView) > 0) {
            // A new stay, at the server that the player had left.
            lead = null;
            backoff.cancel();
            replaceCandidate(null);
        }
        currentView = view;
    }

    private boolean isThere(AheadLink ahead, ByteBuffer snapshot) {
        int view = Byte.toUnsignedInt(snapshot.get(snapshot.position() + VIEW_OFFSET));
        // Two first snapshots may overtake each other on their ways from two servers: who goes on speaking has the
        // player.
        return ahead.isNew(view) || System.nanoTime() - currentHeardNanos > MUTE_NANOS;
    }

    @Override
    public void ended(Link link, LinkEnd end) {
        if (link == candidate) {
            candidate = null;
            candidateFailed(end);
        } else if (link == current) {
            current = null;
            currentLost(link, end);
        } else if (leaving.remove(link)) {
            finishIfAllKnow();
        } else {
            AheadLink ahead = ahead(link);
            if (ahead != null) {
                linksAhead.remove(link.address());
                aheadLost(ahead);
            }
        }
    }

    /** If the player was about to be shown there, it is with whoever takes over, or has to ask. */
    private void aheadLost(AheadLink ahead) {
        Lead known = lead;
        if (known != null && candidate == null && known.target.equals(ahead.link.address())) {
            lead = ahead.standby == null ? known : known.to(ahead.standby);
            followLater();
        }
    }

    private void standby(Link link, ToClient.Standby told) {
        if (link == current) {
            standby = address(told);
        }
    }

    private static @Nullable ServerAddress address(ToClient.Standby told) {
        return told.address().isEmpty() ? null : ServerAddress.parse(told.address());
    }

    /** Nothing that comes while the player is elsewhere says when it should be shown. */
    private static Silence unshown() {
        return new Silence(UNSHOWN.toNanos(), TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS), System.nanoTime());
    }

    private void lookAtCurrent() {
        Link at = current;
        if (at == null || over()) {
            return;
        }
        if (unshown.isTooLong(System.nanoTime())) {
            at.fail("%s has shown nothing for %d s".formatted(at.address(), UNSHOWN.toSeconds()));
        } else if (lead == null) {
            lookAtStandby(at);
        }
        // One whose player has gone elsewhere has nothing to say.
    }

    /**
     * Goes to the standby as soon as the current server seems to be gone, and stays with that one if it speaks again
     * before.
     */
    private void lookAtStandby(Link at) {
        ServerAddress to = standby;
        boolean silent = at.isSilentFor(SUSPICION_NANOS);
        if (silent && candidate == null && to != null && !to.equals(at.address())) {
            probing = true;
            open(to);
        } else if (!silent && probing && candidate != null) {
            probing = false;
            Link needless = candidate;
            candidate = null;
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
        RedirectReason why = lead == null ? null : lead.why;
        replaced = null;
        candidate = null;
        current = link;
        currentView = AheadLink.NO_VIEW;
        currentWelcome = welcome;
        unshown = unshown();
        lead = null;
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
        // Who is asked on the way does not know why the player has gone.
        Lead told = new Lead(target, link == candidate && lead != null ? lead.why : redirect.reason());
        lead = told;
        AheadLink ahead = linksAhead.get(target);
        if (link == candidate) {
            candidate = null;
            link.close(CloseCode.NO_ERROR, "follows a redirect");
            if (++redirectsInARow > MAX_REDIRECTS) {
                ledAround();
                return;
            }
        } else if (candidate != null && candidate.address().equals(target)) {
            probing = false;
            return;
        } else {
            probing = false;
            replaceCandidate(null);
            if (ahead != null && ahead.welcome != null && told.why != RedirectReason.ELSEWHERE) {
                awaitHandOver(ahead, told);
                return;
            }
        }
        backoff.cancel();
        open(target);
    }

    private void ledAround() {
        if (current != null) {
            redirectsInARow = 0;
            followLater();
        } else if (isTimeToGiveUp()) {
            giveUp(new LinkEnd(By.SERVER, Optional.of(CloseCode.REDIRECTED), "redirected from server to server"));
        } else {
            retryLater();
        }
    }

    /** The player has gone to where it is connected ahead, and is about to be shown; unless that server has missed it. */
    private void awaitHandOver(AheadLink ahead, Lead told) {
        long now = System.nanoTime();
        ahead.wantedNanos = now;
        var _ = socket.eventLoop()
                .schedule(
                        () -> {
                            if (told.equals(lead) && candidate == null && current != null && !over()) {
                                open(told.target);
                            }
                        },
                        ahead.isHasty(now) ? HASTY_HANDOVER_MILLIS : HANDOVER_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void candidateFailed(LinkEnd end) {
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
            followLater();
            return;
        }
        lead = null;
        if (isTimeToGiveUp()) {
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
                ServerAddress led = lead == null ? standby : lead.target;
                lead = null;
                if (candidate == null) {
                    backoff.cancel();
                    open(led != null && !led.equals(link.address()) ? led : nextServer());
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

    /**
     * The player is not shown any more where it was, and could not be let in where it has gone. That server may be gone too, so
     * by turns another is asked, which leads to whoever has the player.
     */
    private void followLater() {
        backoff.pause(() -> {
            Link at = current;
            Lead known = lead;
            if (at != null && candidate == null && known != null) {
                lead = known.failed();
                open(known.failures % 2 == 0 ? known.target : servers.nextOtherThan(at.address()));
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
        AheadLink ahead = linksAhead.remove(address);
        if (ahead != null) {
            // It would be in its own way there.
            ahead.link.close(CloseCode.NO_ERROR, "joins");
        }
        earlyTerrain.clear();
        candidate = Link.open(address, hello(ticket, 0), settings.connectTimeout(), transport, socket, this, traffic);
    }

    private ToServer.Hello hello(Optional<Bytes> shown, long mark) {
        long capabilities = generators.isEmpty() ? Wire.CAPABILITIES & ~Wire.GENERATOR : Wire.CAPABILITIES;
        return new ToServer.Hello(
                Wire.VERSION,
                capabilities | mark,
                settings.network(),
                settings.name(),
                settings.token(),
                shown,
                generators);
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
        List<Link> open = Stream.concat(
                        Stream.of(current, candidate).flatMap(Stream::ofNullable),
                        linksAhead.values().stream().map(ahead -> ahead.link))
                .toList();
        current = null;
        candidate = null;
        linksAhead.clear();
        return open;
    }
}
