package io.gamemesh.client;

import io.gamemesh.client.Connections.Followed;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A player's stay in the world, over however many connections: what it sees, what it asked for, and the ticks at which
 * it says how it wants to move. Confined to its event loop.
 */
final class Session implements Connections.Events {

    private static final int MAX_PENDING_EDITS = 1024;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int SECONDS_A_PING = 10;
    private static final long TERRAIN_GRACE_NANOS = 5 * NANOS_PER_SECOND;

    private final ClientSettings settings;
    private final EventLoop loop;
    private final Supplier<Movement> movement;
    private final Tally tally = new Tally();
    private final Connections connections;
    private final Requests<ToServer.Edit, EditOutcome> edits;
    // Accepted, and maybe yet overruled.
    private final Map<Long, ToServer.BlockEdit> lately = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ToServer.BlockEdit> eldest) {
            return size() > MAX_PENDING_EDITS;
        }
    };
    private final Requests<ToServer.ItemRequest, ItemOutcome> itemRequests;
    private final Requests<ToServer.Ping, Duration> pings;
    private final InputHistory inputs = new InputHistory();
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CompletableFuture<GameClientException> ended = new CompletableFuture<>();

    private @Nullable WorldView view;
    private @Nullable ScheduledFuture<?> ticker;
    private @Nullable InputClock inputClock;
    private int tickRate;
    private long lastTickNanos;
    private long nextSecondNanos;
    private int seconds;
    private boolean forgettingTerrain;
    private long forgetTerrainNanos;
    // Until one so new is done, inputs that are not are sent with each datagram.
    private long repeatedUntil;
    private long editRequests;
    // The greatest so far, of this player's earlier sessions, too.
    private long lastItemRequest;
    private long pingNonces;

    /**
     * Makes a session; {@link #start} starts it.
     *
     * @param movement how the player wants to move, asked every tick
     */
    Session(ClientSettings settings, ClientTransport transport, Channel socket, Supplier<Movement> movement) {
        this.settings = settings;
        this.loop = socket.eventLoop();
        this.movement = movement;
        this.connections = new Connections(settings, transport, socket, tally.traffic, this);
        this.edits = new Requests<>(settings.editTimeout());
        this.itemRequests = new Requests<>(settings.editTimeout().plusSeconds(Wire.TRADE_SECONDS));
        this.pings = new Requests<>(settings.editTimeout());
    }

    void start() {
        connections.start();
    }

    void leave() {
        connections.leave();
    }

    /** Completes when the player is in the world; fails if it never will be. From any thread. */
    CompletableFuture<Void> joined() {
        return joined;
    }

    /** Completes when the player is in the world no longer. From any thread. */
    CompletableFuture<GameClientException> ended() {
        return ended;
    }

    @Nullable WorldView view() {
        return view;
    }

    boolean isPlaying() {
        return connections.current() != null;
    }

    Tally tally() {
        return tally;
    }

    /** @param edit is given the number of its request */
    void edit(LongFunction<ToServer.Edit> edit, CompletableFuture<EditOutcome> outcome) {
        if (connections.over()) {
            outcome.completeExceptionally(new GameClientException(Optional.empty(), "the client has ended"));
        } else if (edits.size() >= MAX_PENDING_EDITS) {
            outcome.completeExceptionally(new GameClientException(
                    Optional.empty(), MAX_PENDING_EDITS + " edits are under way: wait for some"));
        } else {
            ToServer.Edit numbered = edit.apply(editRequests++ & 0xffff_ffffL);
            edits.add(numbered.request(), numbered, outcome);
            Link link = connections.current();
            if (link != null) {
                link.send(numbered);
            }
        }
    }

    /** @param request is given its number */
    void handle(LongFunction<ToServer.ItemRequest> request, CompletableFuture<ItemOutcome> outcome) {
        WorldView world = view;
        if (connections.over()) {
            outcome.completeExceptionally(new GameClientException(Optional.empty(), "the client has ended"));
        } else if (world == null || world.items().isEmpty()) {
            outcome.completeExceptionally(new GameClientException(
                    Optional.empty(), "the server has not told what the player carries: it may know of no items"));
        } else if (itemRequests.size() >= MAX_PENDING_EDITS) {
            outcome.completeExceptionally(new GameClientException(
                    Optional.empty(), MAX_PENDING_EDITS + " requests are under way: wait for some"));
        } else {
            ToServer.ItemRequest numbered = request.apply(++lastItemRequest);
            itemRequests.add(numbered.request(), numbered, outcome);
            sendIfKnown(numbered);
        }
    }

    private void sendIfKnown(ToServer.ItemRequest request) {
        Link link = connections.current();
        WorldView world = view;
        if (link != null && world != null && world.serverKnowsItems()) {
            link.send(request);
        }
    }

    void ping(CompletableFuture<Duration> answer) {
        Link link = connections.current();
        if (link == null) {
            answer.completeExceptionally(new GameClientException(Optional.empty(), "connected to no server now"));
            return;
        }
        ToServer.Ping ping = new ToServer.Ping(pingNonces++);
        pings.add(ping.nonce(), ping, answer);
        link.send(ping);
    }

    @Override
    public void welcomed(Link link, Welcome welcome, Optional<Followed> followed) {
        inputs.restart();
        repeatedUntil = 0;
        WorldView world = view;
        if (world == null) {
            view = new WorldView(
                    welcome, settings.keepTerrain(), settings.keepEntities(), tally::corrected, System.nanoTime());
            startTicking(welcome.tickRate());
            settings.listener().joined(view);
            joined.complete(null);
            return;
        }
        world.welcome(welcome, System.nanoTime());
        beginForgettingTerrain();
        edits.forEach(link::send);
        itemRequests.forEach(this::sendIfKnown);
        followed.ifPresentOrElse(
                redirect -> {
                    tally.redirected();
                    settings.listener().serverChanged(world, redirect.from(), link.address(), redirect.why());
                },
                () -> {
                    tally.reconnected();
                    settings.listener().rejoined(world, link.address());
                });
    }

    @Override
    public void handedOver(Link link, Welcome welcome, Followed followed) {
        WorldView world = view;
        if (world == null) {
            throw new IllegalStateException("handed over before the player was in the world");
        }
        world.handedOver(welcome);
        beginForgettingTerrain();
        edits.forEach(link::send);
        itemRequests.forEach(this::sendIfKnown);
        tally.redirected();
        settings.listener().serverChanged(world, followed.from(), link.address(), followed.why());
    }

    private void beginForgettingTerrain() {
        forgettingTerrain = true;
        forgetTerrainNanos = System.nanoTime() + TERRAIN_GRACE_NANOS;
    }

    @Override
    public void message(ToClient.Control message) {
        switch (message) {
            case ToClient.EntityInfo info -> {
                if (view != null) {
                    view.name(info);
                }
            }
            case ToClient.EditResult result -> edited(result);
            case ToClient.Pong pong ->
                pings.answer(pong.nonce(), nanos -> {
                    tally.ping(nanos);
                    return Duration.ofNanos(nanos);
                });
            case ToClient.RegionChanged _ ->
                // Each snapshot names its region. What was asked of the one before may have gone with it; what was done
                // is
                // not done again.
                itemRequests.forEach(this::sendIfKnown);
            case ToClient.AboutItems about -> {
                if (view != null) {
                    aboutItems(view, about);
                }
            }
            case Welcome _,
                    ToClient.Redirect _,
                    ToClient.Ticket _,
                    ToClient.Standby _,
                    ToClient.Prepare _,
                    ToClient.Disconnect _,
                    ToClient.SealedKeys _ ->
                throw new IllegalArgumentException("about connections, not about the world: " + message);
        }
    }

    private void aboutItems(WorldView world, ToClient.AboutItems message) {
        switch (message) {
            case ToClient.Inventory inventory -> {
                lastItemRequest = Math.max(lastItemRequest, inventory.lastRequest());
                world.carries(inventory);
                settings.listener().itemsChanged(world);
            }
            case ToClient.ItemResult result -> handled(result);
            case ToClient.ItemInfo info -> world.describe(info);
            case ToClient.TradeOffered offer -> settings.listener().tradeOffered(world, offer);
            case ToClient.TradeEnded trade -> settings.listener().tradeEnded(world, trade.trade());
        }
    }

    private void handled(ToClient.ItemResult result) {
        boolean waitsOn = result.outcome() == ItemOutcome.REPEATED
                && itemRequests.get(result.request()) instanceof ToServer.OfferTrade;
        // An offer that was asked for again stands, or its answer is on its way.
        if (!waitsOn) {
            var _ = itemRequests.answer(result.request(), _ -> result.outcome());
        }
    }

    private void edited(ToClient.EditResult result) {
        ToServer.Edit edit = edits.answer(result.request(), _ -> result.outcome());
        if (edit != null) {
            if (result.outcome() == EditOutcome.ACCEPTED && edit instanceof ToServer.BlockEdit accepted) {
                lately.put(result.request(), accepted);
            }
            return;
        }
        ToServer.BlockEdit overruled = lately.remove(result.request());
        WorldView world = view;
        if (overruled != null && world != null && result.outcome() == EditOutcome.CONFLICT) {
            settings.listener().editOverruled(world, overruled.x(), overruled.y(), overruled.z());
        }
    }

    @Override
    public void terrain(ToClient.Terrain message) {
        WorldView world = view;
        if (world != null) {
            world.apply(message);
            settings.listener().terrain(world, message);
        }
    }

    @Override
    public void datagram(ByteBuffer payload) {
        WorldView world = view;
        if (world == null) {
            return;
        }
        long input = world.lastInput();
        RegionId before = world.region();
        long now = System.nanoTime();
        boolean first = world.apply(payload, now);
        Link link = connections.current();
        if (link != null && world.lastInput() != input) {
            link.inputTaken(now);
            inputs.madeAt(world.lastInput()).ifPresent(made -> {
                tally.inputDone();
                settings.listener().inputDone(world, made);
            });
        }
        if (!world.region().equals(before)) {
            // What was sent since may have come where the player was no longer, and not yet.
            repeatedUntil = inputs.newest();
        }
        if (first) {
            tally.snapshot(world.region().packed(), world.server());
            double error = world.crossingError();
            if (!Double.isNaN(error)) {
                tally.crossedWithError(error);
            }
            settings.listener().snapshot(world);
            tickWithSnapshot();
        }
    }

    @Override
    public void lost(LinkEnd end) {
        settings.listener().connectionLost(end.toString());
    }

    @Override
    public void ended(LinkEnd end) {
        if (ticker != null) {
            ticker.cancel(false);
        }
        GameClientException why = new GameClientException(end.code(), end.toString());
        edits.fail(why);
        itemRequests.fail(why);
        pings.fail(why);
        if (!joined.completeExceptionally(why)) {
            settings.listener().ended(why);
        }
        ended.complete(why);
    }

    private void startTicking(int rate) {
        tickRate = rate;
        lastTickNanos = System.nanoTime();
        inputClock = new InputClock(rate, lastTickNanos);
        nextSecondNanos = lastTickNanos + NANOS_PER_SECOND;
        tickWithoutSnapshot();
    }

    private long periodNanos() {
        return NANOS_PER_SECOND / tickRate;
    }

    /** So that the packet which acknowledges a snapshot takes the input along. The server's ticks are the client's. */
    private void tickWithSnapshot() {
        if (System.nanoTime() - lastTickNanos >= periodNanos() / 2) {
            tick();
        }
    }

    /** Snapshots may be lost, or come from nowhere for a while. */
    private void tickWithoutSnapshot() {
        if (connections.over()) {
            return;
        }
        long patience = periodNanos() * 3 / 2;
        long waited = System.nanoTime() - lastTickNanos;
        boolean due = waited >= patience;
        ticker = loop.schedule(this::tickWithoutSnapshot, due ? patience : patience - waited, TimeUnit.NANOSECONDS);
        if (due) {
            tickOnTerrain();
        }
    }

    /** A section is decoded when the player first moves through it. */
    private void tickOnTerrain() {
        Link link = connections.current();
        try {
            tick();
        } catch (WireFormatException e) {
            if (link == null) {
                throw e;
            }
            link.broken(e);
        }
    }

    private void tick() {
        lastTickNanos = System.nanoTime();
        Link link = connections.current();
        WorldView world = view;
        int due = inputClock == null ? 0 : inputClock.due(lastTickNanos);
        if (link != null && world != null && due > 0) {
            for (int i = 0; i < due; i++) {
                world.did(inputs.next(movement.get(), lastTickNanos), lastTickNanos);
            }
            link.sendDatagram(inputs.datagram(Math.max(copies(world), due), world));
            if (link.asksOverQuic()) {
                ping(new CompletableFuture<>());
            }
        }
        if (lastTickNanos - nextSecondNanos >= 0) {
            nextSecondNanos += NANOS_PER_SECOND;
            everySecond(link);
        }
        if (world != null && forgettingTerrain && lastTickNanos - forgetTerrainNanos >= 0) {
            forgettingTerrain = false;
            world.forgetTerrainBefore();
        }
    }

    private int copies(WorldView world) {
        long notDone = world.lastInput() < repeatedUntil ? inputs.newest() - world.lastInput() : 0;
        return Math.clamp(notDone, world.inputCopies(), Wire.MAX_INPUTS);
    }

    private void everySecond(@Nullable Link link) {
        connections.tend();
        if (link != null) {
            if (seconds++ % SECONDS_A_PING == 0) {
                ping(new CompletableFuture<>());
            }
            link.measure();
        }
        if (view != null && settings.keepTerrain()) {
            view.forgetTerrainFarOff();
        }
        edits.expire();
        itemRequests.expire();
        pings.expire();
    }
}
