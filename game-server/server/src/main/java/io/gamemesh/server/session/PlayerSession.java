package io.gamemesh.server.session;

import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.transfer.Ticket;
import io.gamemesh.core.transfer.TicketException;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.server.quic.Connection;
import io.gamemesh.server.world.HostedRegion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One player's connection, from Hello to the end. It belongs to at most one region at a time and goes where the player's
 * entity goes: to another region here, or by a redirect to another server. Confined to the players' event loop.
 */
final class PlayerSession implements Connection.Listener {
    /** A redirected client has so long to leave, and one whose region is nowhere so long until it is somewhere. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** For a newcomer who is sent elsewhere to go: it counts neither as half-open nor as a player, and shall not take places for long. */
    private static final Duration NEWCOMER_PATIENCE = Duration.ofSeconds(1);

    private static final Duration HOLD_TICKET = Duration.ofSeconds(5);
    /** A region that stays where it is after all changes no leaf map. */
    private static final Duration RETRY = Duration.ofMillis(100);
    /** As long as a ticket is good; a client that is still near then connects again. */
    private static final Duration AHEAD_PATIENCE = Duration.ofMinutes(2);
    /** So near to a region of another server a client connects there: three seconds at a run, and twice a second's look. */
    private static final double AHEAD_METRES = 40;
    /** How often an entity may have moved on before the client is sent away to try again. */
    private static final int MAX_CHASE = 4;

    private enum Phase {
        /** No Hello yet. */
        NEW,
        /** An engine was asked to take the player. */
        JOINING,
        /** An engine has the player. */
        PLAYING,
        /** The player's region is on no server right now, or on the move. */
        DISPLACED,
        /** The client was told to go to another server. */
        REDIRECTED,
        /** The player is in a region of another server, and may come over a border. */
        AHEAD,
        /** Nothing more happens. */
        ENDED
    }

    private final long number;
    private final Connection connection;
    private final Sessions sessions;

    private Phase phase = Phase.NEW;
    private String playerId = "";
    private String name = "";
    private ToServer.Network network = ToServer.Network.EXTERNAL;
    private long capabilities;
    private @Nullable Whereabouts where;
    private @Nullable HostedRegion region;
    // The last of this server's that had the player.
    private @Nullable RegionId latest;
    private boolean ticketed;
    // A fresh ticket goes with the answer to a Ping, which costs no packet more, unless the one before is not of this
    // region, or the client has asked nothing for too long.
    private boolean ticketGiven;
    private boolean ticketHeld;
    // What the client was told last.
    private String standby = "";
    private long ticketHeldNanos;
    private boolean welcomed;
    private boolean overLimit;
    /** Since it was displaced no engine has had the player. */
    private boolean stranded;

    private int strandings;
    private boolean retrying;
    private int chase;
    // Of what the connection has been shown, at least one for each region that it has been in.
    private final AtomicInteger view = new AtomicInteger();
    private final RecentInputs recentInputs = new RecentInputs();
    private @Nullable EntityId followed;
    private int stands;

    PlayerSession(long number, Connection connection, Sessions sessions) {
        this.number = number;
        this.connection = connection;
        this.sessions = sessions;
    }

    long number() {
        return number;
    }

    PlayerFigures figures() {
        return PlayerFigures.of(playerId, name, connection.traffic());
    }

    String playerId() {
        return playerId;
    }

    Connection connection() {
        return connection;
    }

    /** Where the player was when last heard of; null before it is known. */
    @Nullable Whereabouts where() {
        return where;
    }

    /** True while the player counts against the server's limit. */
    boolean counts() {
        return phase == Phase.JOINING || phase == Phase.PLAYING || phase == Phase.DISPLACED;
    }

    /** True while the player is on another server, and the connection only stands ready. */
    boolean isAhead() {
        return phase == Phase.AHEAD;
    }

    /** This session, for a region to which its player is on the way; any thread, once it {@linkplain Sessions#follows follows}. */
    RegionInput.Follower follower() {
        return new RegionInput.Follower(number, view.incrementAndGet(), generates());
    }

    void flush() {
        connection.flush();
    }

    // From the client.

    @Override
    public void message(ToServer message) {
        switch (message) {
            case ToServer.Hello hello when phase == Phase.NEW -> hello(hello);
            case ToServer.Hello hello ->
                refuse(CloseCode.UNEXPECTED, "a second Hello of '" + hello.name() + "', expected one only");
            case ToServer.Edit edit when phase != Phase.NEW -> edit(edit);
            case ToServer.ItemRequest request when phase != Phase.NEW -> handle(request);
            case ToServer.Ping ping
            when phase != Phase.NEW -> {
                connection.send(new ToClient.Pong(ping.nonce()));
                if (ticketHeld) {
                    giveTicket();
                }
                connection.flush();
            }
            case ToServer.Goodbye()
            when phase != Phase.NEW -> {
                leave(true);
                connection.close(CloseCode.NO_ERROR, "goodbye");
            }
            case ToServer.BlockEdit edit -> beforeHello("BlockEdit");
            case ToServer.BulkEdit edit -> beforeHello("BulkEdit");
            case ToServer.Undo undo -> beforeHello("Undo");
            case ToServer.ItemRequest request -> beforeHello(request.getClass().getSimpleName());
            case ToServer.Ping ping -> beforeHello("Ping");
            case ToServer.Goodbye() -> beforeHello("Goodbye");
        }
    }

    private void beforeHello(String message) {
        refuse(CloseCode.UNEXPECTED, message + " before Hello, expected Hello first");
    }

    private void hello(ToServer.Hello hello) {
        try {
            Ticket ticket = hello.ticket().isPresent()
                    ? sessions.tickets().take(hello.ticket().get())
                    : null;
            playerId = sessions.identity().playerId(hello, ticket == null ? "" : ticket.playerId());
            name = hello.name();
            network = hello.network();
            capabilities = hello.capabilities() & Wire.CAPABILITIES;
            if (!hello.generators().contains(sessions.generator())) {
                capabilities &= ~Wire.GENERATOR;
            }
            boolean ahead = (hello.capabilities() & Wire.AHEAD) != 0;
            if (sessions.view().incarnation() == 0) {
                refuse(CloseCode.NOT_READY, "this server is not part of the mesh yet, try again");
            } else if (sessions.closed() || (sessions.view().draining() && ticket == null)) {
                refuse(CloseCode.SHUTTING_DOWN, "this server is about to stop, try another");
            } else if (ahead && ticket != null) {
                prepare(ticket);
            } else {
                place(ticket);
            }
        } catch (TicketException e) {
            refuse(CloseCode.BAD_TICKET, String.valueOf(e.getMessage()));
        } catch (IdentityException e) {
            refuse(CloseCode.UNAUTHENTICATED, String.valueOf(e.getMessage()));
        }
    }

    /** The player is elsewhere, and may come over a border. */
    private void prepare(Ticket ticket) {
        Whereabouts at = new Whereabouts(ticket.entity(), ticket.hop(), ticket.region(), ticket.position());
        if (sessions.plays(playerId) || here(at) != null || sessions.emptying()) {
            refuse(CloseCode.NOT_READY, "the player of that ticket is not to come here over a border, join instead");
            return;
        }
        sessions.replace(this);
        where = at;
        welcomed = true;
        connection.send(sessions.welcomeAhead(playerId, at, capabilities));
        if ((capabilities & Wire.SEALED) != 0) {
            connection.offerSealed();
        }
        standAhead();
        connection.flush();
    }

    private void standAhead() {
        region = null;
        phase = Phase.AHEAD;
        Whereabouts at = where;
        if (at != null) {
            follow(at.entity());
        }
        int now = ++stands;
        sessions.later(AHEAD_PATIENCE, () -> {
            if (stands == now) {
                standDown();
            }
        });
    }

    /** Ends a session whose player is elsewhere: nobody misses it. */
    void standDown() {
        if (phase == Phase.AHEAD) {
            leave(false);
            connection.close(CloseCode.NO_ERROR, "the player is elsewhere");
        }
    }

    private void follow(EntityId entity) {
        EntityId before = followed;
        if (before != null && !before.equals(entity)) {
            sessions.followsNoMore(before, this);
        }
        followed = entity;
        sessions.follows(entity, this);
    }

    private void place(@Nullable Ticket ticket) {
        Whereabouts known = sessions.replace(this);
        ticketed = ticket != null;
        if (ticket != null) {
            where = new Whereabouts(ticket.entity(), ticket.hop(), ticket.region(), ticket.position());
        } else if (known != null) {
            where = known;
        } else {
            Vec3 spawn = sessions.spawn();
            Leaf leaf = sessions.view().leaves().at(spawn);
            if (leaf == null) {
                sessions.wanted(spawn);
                refuse(CloseCode.NOT_READY, "there is no region at " + spawn + " yet, try again");
                return;
            }
            where = new Whereabouts(sessions.view().freshEntity(), 0, leaf.region(), spawn);
        }
        // Who has to go elsewhere takes no room here, and there it is asked again.
        if (sessions.full() && here(where) != null) {
            if (ticket == null && known == null) {
                // Whoever tries again begins at another place, which may be where there is room.
                sessions.spawned();
                refuse(CloseCode.SERVER_FULL, "this server has its " + sessions.maxPlayers() + " players, try another");
                return;
            }
            // One who was in the world before is let in; whether it was, the engine or the leaf map says.
            overLimit = true;
        }
        if (ticket == null && known == null) {
            sessions.spawned();
        }
        enter(where, RedirectReason.ELSEWHERE);
    }

    private void edit(ToServer.Edit edit) {
        if (region == null || !region.post(new RegionInput.Edit(number, edit))) {
            sessions.metrics().refused(region == null ? "edit-no-region" : "mailbox");
            connection.send(new ToClient.EditResult(edit.request(), EditOutcome.NOT_NOW));
            connection.flush();
        }
    }

    private void handle(ToServer.ItemRequest request) {
        if ((capabilities & Wire.ITEMS) == 0) {
            refuse(
                    CloseCode.UNEXPECTED,
                    request.getClass().getSimpleName() + " without the capability for items, expected it in Hello");
        } else if (region == null || !region.post(new RegionInput.Handle(number, request))) {
            sessions.metrics().refused(region == null ? "item-no-region" : "mailbox");
            connection.send(new ToClient.ItemResult(request.request(), ItemOutcome.NOT_NOW));
            connection.flush();
        }
    }

    @Override
    public void datagram(ByteBuffer datagram) {
        InputDatagram inputs = InputDatagram.read(datagram);
        recentInputs.add(inputs);
        if (region != null && !region.post(new RegionInput.Move(number, inputs))) {
            sessions.metrics().refused("mailbox");
        }
    }

    @Override
    public void closed() {
        leave(false);
        sessions.ended(this);
    }

    // To a region.

    private void enter(Whereabouts at, RedirectReason otherwise) {
        HostedRegion here = here(at);
        if (here == null) {
            follow(otherwise);
            return;
        }
        phase = Phase.JOINING;
        region = here;
        here.postSurely(new RegionInput.Join(
                number,
                sessions.view().freshEntity(),
                playerId,
                name,
                Optional.of(at.claim()),
                view.incrementAndGet(),
                generates()));
    }

    private @Nullable HostedRegion here(Whereabouts at) {
        HostedRegion named = sessions.regions().get(at.region());
        if (named != null) {
            return named;
        }
        Leaf leaf = leaf(at);
        return leaf == null ? null : sessions.regions().get(leaf.region());
    }

    /** The region that the ticket names may have been split or merged since. */
    private @Nullable Leaf leaf(Whereabouts at) {
        Leaf leaf = sessions.view().leaves().get(at.region());
        return leaf != null ? leaf : sessions.view().leaves().at(at.position());
    }

    private void follow(RedirectReason reason) {
        Whereabouts at = where;
        if (at == null) {
            refuse(CloseCode.INTERNAL_ERROR, "the player's place is not known, join again");
            return;
        }
        region = null;
        if (!welcomed && sessions.view().mayTakeOver(at.region())) {
            // Whoever comes now has heard nothing from the region's authority either.
            displaced("the server that acts for region " + at.region() + " does not answer");
            return;
        }
        String address = addressElsewhere(at);
        if (!address.isEmpty()) {
            phase = Phase.REDIRECTED;
            connection.send(new ToClient.Redirect(address, ticket(at), reason));
            connection.flush();
            if (reason == RedirectReason.CROSSED && preparesAhead() && !sessions.emptying()) {
                // It may be back soon.
                standAhead();
                return;
            }
            sessions.later(
                    welcomed ? PATIENCE : NEWCOMER_PATIENCE,
                    () -> stillIn(Phase.REDIRECTED, CloseCode.REDIRECTED, "redirected to " + address));
        } else if (welcomed || reason == RedirectReason.MOVED) {
            displaced("no server acts for region " + at.region());
        } else {
            refuse(CloseCode.NOT_READY, "no server acts for region " + at.region() + " right now, try again");
        }
    }

    /** Waits for a server to act for the player's region, with the connection kept. */
    private void displaced(String reason) {
        region = null;
        phase = Phase.DISPLACED;
        if (!stranded) {
            stranded = true;
            int which = ++strandings;
            sessions.later(welcomed ? PATIENCE : sessions.newcomerPatience(), () -> lost(which, reason));
        }
        if (!retrying) {
            retrying = true;
            sessions.later(RETRY, () -> {
                retrying = false;
                mapChanged();
            });
        }
    }

    private void lost(int which, String reason) {
        if (stranded && strandings == which && counts()) {
            leave(false);
            connection.close(CloseCode.NOT_READY, reason);
        }
    }

    private String addressElsewhere(Whereabouts at) {
        Leaf leaf = leaf(at);
        if (leaf == null
                || leaf.authority() == null
                || leaf.authority().equals(sessions.view().self())) {
            return "";
        }
        return addressOf(leaf);
    }

    private String addressOf(Leaf leaf) {
        return reachable(leaf.playerAddress(), leaf.internalPlayerAddress());
    }

    /** Which of two addresses of a server this player is to use. */
    private String reachable(String outside, String inside) {
        return network == ToServer.Network.CLUSTER || outside.isEmpty() ? inside : outside;
    }

    private void stillIn(Phase expected, CloseCode code, String reason) {
        if (phase == expected) {
            phase = Phase.ENDED;
            connection.close(code, reason);
        }
    }

    private Bytes ticket(Whereabouts at) {
        return sessions.tickets().give(playerId, name, at.entity(), at.hop(), at.position(), at.region());
    }

    /** The leaf map may have changed: a displaced player may have a place to go to. */
    void mapChanged() {
        tellStandby();
        Whereabouts at = where;
        if (phase == Phase.DISPLACED && at != null) {
            enter(at, RedirectReason.MOVED);
        }
    }

    /** Where the client goes on if this server falls silent. */
    private void tellStandby() {
        HostedRegion in = region;
        if (!welcomed || in == null || (capabilities & Wire.STANDBY) == 0) {
            return;
        }
        Leaf leaf = sessions.view().leaves().get(in.id());
        String address =
                leaf == null ? "" : reachable(leaf.standbyPlayerAddress(), leaf.standbyInternalPlayerAddress());
        if (!address.equals(standby)) {
            standby = address;
            connection.send(new ToClient.Standby(address));
            connection.flush();
        }
    }

    /** True if this session is in that engine, or has asked to be. */
    boolean isIn(HostedRegion engine) {
        return region == engine;
    }

    /**
     * The region's engine does not run here any more.
     *
     * @param last where the engine had the player; null if it has never heard of this session
     */
    void regionGone(@Nullable Whereabouts last) {
        region = null;
        Whereabouts at = last == null ? where : last;
        where = at;
        if (at != null) {
            enter(at, RedirectReason.MOVED);
        }
    }

    /** Somebody with the same identity has come. */
    void replaced() {
        leave(false);
        connection.close(CloseCode.REPLACED, "the same player has connected again");
    }

    /** Something of this session could not be done. */
    void failed() {
        refuse(CloseCode.INTERNAL_ERROR, "the server failed, connect again");
    }

    private void leave(boolean goodbye) {
        if (followed != null) {
            sessions.followsNoMore(followed, this);
        }
        HostedRegion in = region;
        region = null;
        phase = Phase.ENDED;
        if (in != null) {
            in.postSurely(new RegionInput.Disconnected(number, goodbye));
        }
        if (goodbye) {
            sayGoodbye();
        }
    }

    /** Where the player is now, that region's engine knows only in a moment, or it is another server's to know. */
    private void sayGoodbye() {
        HostedRegion last = latest == null ? null : sessions.regions().get(latest);
        if (last != null && where != null) {
            last.postSurely(new RegionInput.Goodbye(where.entity()));
        }
    }

    private void refuse(CloseCode code, String reason) {
        leave(false);
        connection.refuse(code, reason);
    }

    // From a region.

    /** What the engine of {@code from} says about this session. */
    void told(RegionId from, RegionOutput output) {
        if (output instanceof RegionOutput.Joined joined) {
            comeAlong(from, joined);
        }
        if (region == null || !region.id().equals(from)) {
            // Said before the engine knew that this session had left it.
            return;
        }
        switch (output) {
            case RegionOutput.Joined joined -> joined(from, joined);
            case RegionOutput.JoinElsewhere elsewhere -> elsewhere(elsewhere.region());
            case RegionOutput.JoinRefused refused -> refused(refused);
            case RegionOutput.Send send -> send(send.message());
            case RegionOutput.Located located -> located(from, located);
            case RegionOutput.Crossed crossed -> crossed(crossed);
            case RegionOutput.Close close -> {
                region = null;
                refuse(close.code(), close.reason());
            }
            case RegionOutput.Snapshot snapshot -> throw new IllegalArgumentException("datagrams go beside events");
            case RegionOutput.ToPeer message -> throw new IllegalArgumentException("not for a player: " + message);
        }
    }

    /** The player has come into another region of this server, whose engine knew who follows it. */
    private void comeAlong(RegionId to, RegionOutput.Joined joined) {
        Whereabouts before = where;
        HostedRegion next = sessions.regions().get(to);
        if (phase == Phase.ENDED
                || next == null
                || next == region
                || before == null
                || !before.entity().equals(joined.entity())
                || before.hop() >= joined.hop()) {
            return;
        }
        region = next;
        stands++;
        repeatInputs(next);
    }

    /** Those that have come since the player left are not done yet. */
    private void repeatInputs(HostedRegion next) {
        recentInputs.datagram().ifPresent(inputs -> {
            if (!next.post(new RegionInput.Move(number, inputs))) {
                sessions.metrics().refused("mailbox");
            }
        });
    }

    private void located(RegionId in, RegionOutput.Located located) {
        where = new Whereabouts(located.entity(), located.hop(), in, located.position());
        long now = System.nanoTime();
        if (!ticketGiven || (ticketHeld && now - ticketHeldNanos > HOLD_TICKET.toNanos())) {
            giveTicket();
        } else if (!ticketHeld) {
            ticketHeld = true;
            ticketHeldNanos = now;
        }
        if (preparesAhead()) {
            for (Leaf leaf : sessions.elsewhereNear(in, located.position(), AHEAD_METRES)) {
                connection.send(new ToClient.Prepare(addressOf(leaf), ticket(where)));
            }
        }
    }

    /** The region in which the player is will be at another server in a moment. */
    void prepareMove(HostedRegion engine, String outside, String inside) {
        Whereabouts at = where;
        String address = reachable(outside, inside);
        if (region == engine && phase == Phase.PLAYING && at != null && preparesAhead() && !address.isEmpty()) {
            connection.send(new ToClient.Prepare(address, ticket(at)));
            connection.flush();
        }
    }

    /** The region in which the player is has come here, to where its client is connected already. */
    void arrived(HostedRegion engine, EntityId entity, long lastInput) {
        if (phase != Phase.AHEAD || where == null) {
            return;
        }
        where = new Whereabouts(entity, where.hop(), engine.id(), where.position());
        phase = Phase.JOINING;
        region = engine;
        stands++;
        attach(engine, entity, lastInput, System.nanoTime());
    }

    private void attach(HostedRegion to, EntityId entity, long lastInput, long sinceNanos) {
        to.postSurely(new RegionInput.Attach(
                number, entity, playerId, lastInput, sinceNanos, view.incrementAndGet(), generates()));
    }

    private boolean preparesAhead() {
        return (capabilities & Wire.PREPARE) != 0;
    }

    private void giveTicket() {
        Whereabouts at = where;
        if (at != null) {
            connection.send(new ToClient.Ticket(ticket(at)));
            ticketGiven = true;
            ticketHeld = false;
        }
    }

    private void joined(RegionId in, RegionOutput.Joined joined) {
        Whereabouts before = where;
        if (overLimit && !joined.rejoined() && joined.hop() == 0 && before != null && sessions.alive(before.entity())) {
            leave(true);
            connection.refuse(
                    CloseCode.SERVER_FULL, "this server has its " + sessions.maxPlayers() + " players, try another");
            return;
        }
        phase = Phase.PLAYING;
        latest = in;
        stranded = false;
        ticketGiven = false;
        chase = 0;
        if (before != null) {
            where = new Whereabouts(joined.entity(), joined.hop(), in, before.position());
        }
        follow(joined.entity());
        if (welcomed) {
            connection.send(new ToClient.RegionChanged(in.packed()));
        } else {
            welcomed = true;
            connection.send(sessions.welcome(in, joined, capabilities));
            if ((capabilities & Wire.SEALED) != 0) {
                connection.offerSealed();
            }
        }
        tellStandby();
    }

    /** One who is in the world already does not lose its connection to a region that is just on the move. */
    private void refused(RegionOutput.JoinRefused refused) {
        region = null;
        if (refused.code() == CloseCode.NOT_READY && (welcomed || ticketed)) {
            displaced(refused.reason());
        } else {
            refuse(refused.code(), refused.reason());
        }
    }

    private void elsewhere(RegionId next) {
        Whereabouts at = where;
        region = null;
        if (at == null || ++chase > MAX_CHASE) {
            refuse(CloseCode.NOT_READY, "the player's entity moves from region to region, try again");
            return;
        }
        where = new Whereabouts(at.entity(), at.hop(), next, at.position());
        enter(where, welcomed ? RedirectReason.CROSSED : RedirectReason.ELSEWHERE);
    }

    private void crossed(RegionOutput.Crossed crossed) {
        Whereabouts at = new Whereabouts(crossed.entity(), crossed.hop(), crossed.region(), crossed.position());
        where = at;
        HostedRegion next = sessions.regions().get(crossed.region());
        if (next == null) {
            follow(RedirectReason.CROSSED);
            return;
        }
        region = next;
        phase = Phase.JOINING;
        repeatInputs(next);
        attach(next, crossed.entity(), crossed.lastInput(), crossed.sinceNanos());
    }

    private boolean generates() {
        return (capabilities & Wire.GENERATOR) != 0;
    }

    private void send(ToClient message) {
        switch (message) {
            case ToClient.EditResult result -> {
                if (result.outcome() != EditOutcome.ACCEPTED) {
                    sessions.metrics().refused("edit-" + result.outcome().name().toLowerCase(Locale.ROOT));
                }
                connection.send(result);
            }
            case ToClient.AboutItems about -> {
                if ((capabilities & Wire.ITEMS) != 0) {
                    sendAboutItems(about);
                }
            }
            case ToClient.Control control -> connection.send(control);
            case ToClient.Terrain terrain -> connection.send(terrain);
        }
    }

    private void sendAboutItems(ToClient.AboutItems message) {
        if (message instanceof ToClient.ItemResult(long _, ItemOutcome outcome) && outcome != ItemOutcome.DONE) {
            sessions.metrics().refused("item-" + outcome.name().toLowerCase(Locale.ROOT));
        }
        connection.send(message);
    }
}
