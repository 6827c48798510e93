package io.gamemesh.client.bot;

import io.gamemesh.client.ClientStatistics;
import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameClientException;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.BlockChanges;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.BlocksChanged;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToServer.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One player that plays by itself; comes back when it was thrown out, and counts that. Confined to the event loop. */
final class Bot implements GameListener {

    private static final int COME_BACK_SECONDS = 1;

    /** For so long what a player wants may have no effect before it is worth telling. */
    private static final long PAUSE_NANOS = 250_000_000L;

    /** Generous: all bots of a machine may join at once, while the servers that they join start on it too. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** What all bots of a swarm have in common. */
    record Setting(
            ClientTransport transport,
            List<ServerAddress> servers,
            Network network,
            boolean keepTerrain,
            EditLedger ledger,
            ItemLedger items,
            Journal journal,
            BotErrors errors,
            MoveMeter moves) {}

    private final String name;
    private final Optional<String> token;
    private final Behaviour behaviour;
    private final Setting setting;

    private @Nullable CompletableFuture<GameClient> joining;
    private @Nullable GameClient client;
    private @Nullable WorldView view;
    private boolean connected;
    private long lastSnapshot;
    private long lastPlayed;
    private String playedAt = "";
    private String lastServer = "";
    private long lastRegion;
    private long lastShown;
    private boolean leaving;
    private long settledSince;
    private long entity;
    private int replaced;

    Bot(String name, Optional<String> token, Behaviour behaviour, Setting setting) {
        this.name = name;
        this.token = token;
        this.behaviour = behaviour;
        this.setting = setting;
    }

    void connect() {
        if (leaving) {
            return;
        }
        GameClient.Builder builder = GameClient.builder()
                .transport(setting.transport)
                .servers(setting.servers)
                .network(setting.network)
                .name(name)
                .keepTerrain(setting.keepTerrain)
                .connectTimeout(CONNECT_TIMEOUT)
                .listener(this);
        token.ifPresent(builder::token);
        joining = builder.connect();
        var _ = joining.whenComplete((joined, failure) -> {
            if (failure == null) {
                client = joined;
                if (leaving) {
                    joined.close();
                }
            } else {
                setting.errors.count("could not join", failure.getMessage());
                comeBack();
            }
        });
    }

    /** Lets the behaviour decide. */
    void step(long now) {
        GameClient playing = client;
        WorldView world = view;
        if (playing == null || world == null || !connected) {
            return;
        }
        playing.move(behaviour.move(world));
        behaviour.edit(world).ifPresent(edit -> {
            setting.ledger.asked();
            long number = setting.journal.asked(name, edit);
            var _ = playing.edit(edit.x(), edit.y(), edit.z(), edit.block()).whenComplete((outcome, failure) -> {
                setting.journal.answered(name, number, outcome == null ? "UNANSWERED" : outcome.name());
                answered(edit, now, outcome, failure);
            });
        });
        behaviour.deal(world).ifPresent(deal -> deal(playing, deal));
    }

    private void deal(GameClient playing, Behaviour.Deal deal) {
        answered(
                "deal",
                switch (deal) {
                    case Behaviour.Deal.Drop(int item, int count, double yaw, double speed) ->
                        playing.drop(item, count, yaw, 0, speed);
                    case Behaviour.Deal.PickUp(long entityId) -> playing.pickUp(entityId);
                    case Behaviour.Deal.Offer(long partner, var gives, var wants) ->
                        playing.offerTrade(partner, gives, wants);
                });
    }

    private void answered(String what, CompletableFuture<ItemOutcome> request) {
        setting.items.asked();
        var _ = request.whenComplete((outcome, failure) -> {
            if (outcome != null) {
                setting.items.answered(outcome);
            } else if (!leaving && failure != null) {
                setting.errors.note(what + " without an answer", failure.getMessage());
            }
        });
    }

    /** Leaves for good; done when its server knows. */
    CompletableFuture<?> leave() {
        leaving = true;
        connected = false;
        if (client != null) {
            client.close();
        }
        // Who could not join has nothing to leave.
        return joining == null
                ? CompletableFuture.completedFuture(null)
                : joining.thenCompose(GameClient::ended).handle((_, _) -> null);
    }

    /** Null unless a server has the bot now. */
    @Nullable WorldView view() {
        return connected ? view : null;
    }

    /** When it last came to a server or changed servers, nanoseconds. */
    long settledSince() {
        return settledSince;
    }

    /** When the latest snapshot came, nanoseconds. */
    long lastSnapshot() {
        return lastSnapshot;
    }

    String name() {
        return name;
    }

    /** How often a server has made the player anew, since the one that there was had been lost. */
    int replaced() {
        return replaced;
    }

    Optional<CompletableFuture<ClientStatistics>> statistics() {
        return Optional.ofNullable(client).map(GameClient::statistics);
    }

    void resetStatistics() {
        if (client != null) {
            client.resetStatistics();
        }
        replaced = 0;
    }

    @Override
    public void joined(WorldView world) {
        view = world;
        settled();
    }

    @Override
    public void snapshot(WorldView world) {
        lastSnapshot = System.nanoTime();
        long region = world.region().packed();
        int tickRate = world.world().tickRate();
        setting.moves.saw(region, world.server(), world.tick(), tickRate, lastSnapshot);
        if (region == lastRegion && !lastServer.isEmpty() && !world.server().equals(lastServer)) {
            setting.moves.gap(lastSnapshot - lastShown, tickRate);
        }
        lastRegion = region;
        lastServer = world.server();
        lastShown = lastSnapshot;
    }

    @Override
    public void inputDone(WorldView world, long madeNanos) {
        long now = System.nanoTime();
        if (!world.server().equals(playedAt) || now - lastPlayed > PAUSE_NANOS) {
            setting.journal.played(
                    name,
                    world.server(),
                    Instant.now().minusNanos(now - madeNanos),
                    lastPlayed == 0 ? 0 : (now - lastPlayed) / 1000);
            playedAt = world.server();
        }
        lastPlayed = now;
    }

    @Override
    public void editOverruled(WorldView world, int blockX, int blockY, int blockZ) {
        setting.journal.overruled(name, blockX, blockY, blockZ);
    }

    @Override
    public void itemsChanged(WorldView world) {
        world.items().ifPresent(items -> setting.journal.items(name, items));
    }

    @Override
    public void terrain(WorldView world, ToClient.Terrain change) {
        if (change instanceof BlocksChanged(BlockChanges changes)) {
            long now = System.nanoTime();
            changes.forEach((x, y, z, block) -> setting.ledger.seen(x, y, z, block, now));
        }
    }

    @Override
    public void tradeOffered(WorldView world, ToClient.TradeOffered offer) {
        GameClient playing = client;
        if (playing != null && !leaving) {
            answered("answer", playing.answerTrade(offer.trade(), behaviour.accepts(world, offer)));
        }
    }

    @Override
    public void serverChanged(WorldView world, ServerAddress from, ServerAddress to, RedirectReason why) {
        settled();
    }

    @Override
    public void connectionLost(String reason) {
        connected = false;
        setting.journal.lost(name, reason);
        setting.errors.note("connection lost", reason);
    }

    @Override
    public void rejoined(WorldView world, ServerAddress at) {
        settled();
    }

    @Override
    public void ended(GameClientException why) {
        connected = false;
        view = null;
        client = null;
        if (!leaving) {
            setting.journal.lost(name, "thrown out: " + why.getMessage());
            setting.errors.count("thrown out", why.getMessage());
            comeBack();
        }
    }

    private void settled() {
        long told = view == null ? entity : view.entityId();
        replaced += entity == 0 || told == entity ? 0 : 1;
        entity = told;
        connected = true;
        settledSince = System.nanoTime();
        lastSnapshot = settledSince;
        WorldView world = view;
        if (world != null) {
            setting.journal.came(name, world.server());
        }
    }

    private void comeBack() {
        var _ = setting.transport.eventLoop().schedule(this::connect, COME_BACK_SECONDS, TimeUnit.SECONDS);
    }

    private void answered(
            Behaviour.Edit edit, long sentAt, @Nullable EditOutcome outcome, @Nullable Throwable failure) {
        if (outcome == EditOutcome.ACCEPTED) {
            setting.ledger.accepted(edit, sentAt, System.nanoTime(), view == null ? "" : view.server());
        } else if (outcome != null) {
            setting.ledger.refused(outcome);
        } else if (!leaving && failure != null) {
            setting.errors.note("edit without an answer", failure.getMessage());
        }
    }
}
