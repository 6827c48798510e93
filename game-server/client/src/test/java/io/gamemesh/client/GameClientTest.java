package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.gamemesh.client.TestServer.Player;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.wire.BlockChanges;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GameClientTest {

    private static final String NAME = "demo.default.gamemesh";
    private static final long HERE = RegionId.of(0, 0, 0, 0).packed();
    private static final long EAST = RegionId.of(0, 1, 0, 0).packed();
    private static final long WEST = RegionId.of(0, -1, 0, 0).packed();
    private static final Bytes TICKET = Bytes.copyOf(new byte[] {1, 2, 3});

    private final TestAuthority authority = new TestAuthority();
    private final ClientTransport transport =
            ClientTransport.open(List.of(authority.certificate()), "default", "demo", 1);
    private final List<TestServer> servers = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        transport.close();
        servers.forEach(TestServer::close);
    }

    @Test
    void joinsWithItsNameAndSeesWhatTheSnapshotsSay() throws Exception {
        TestServer server = server("one", (player, message) -> {
            if (message instanceof ToServer.Hello) {
                player.send(servers.getFirst().welcome(WEST, 2000));
                player.send(new ToClient.EntityInfo(7, 1, "Ada"));
            }
        });

        GameClient client = join(server);
        server.players.getFirst().sendSnapshot(WEST, 1, 2040, 7, 8);

        await().until(() -> client.inspect(world -> world.entities().size()).get() == 2);
        assertThat(server.players.getFirst().hello().name()).isEqualTo("Grace");
        assertThat(client.inspect(WorldView::x).get()).isEqualTo(-8.0);
        assertThat(client.inspect(world -> String.valueOf(world.entity(7))).get())
                .isEqualTo("Ada at (-7.00, 0.00, 0.00)");
    }

    @Test
    void forgetsAnEntityThatACompleteSnapshotDoesNotHave() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);
        Player player = server.players.getFirst();
        player.sendSnapshot(HERE, 1, 0, 7, 8);
        await().until(() -> client.inspect(world -> world.entities().size()).get() == 2);

        player.sendSnapshot(HERE, 2, 0, 8);

        await().until(() -> client.inspect(world -> world.entities().size()).get() == 1);
        assertThat(client.inspect(world -> world.entity(7) == null).get()).isTrue();
    }

    @Test
    void ignoresASnapshotThatComesLate() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);
        Player player = server.players.getFirst();
        player.sendSnapshot(HERE, 10, 50);
        await().until(() -> client.inspect(WorldView::x).get() == 50);

        player.sendSnapshot(HERE, 9, 40);
        player.sendSnapshot(HERE, 11, 51);

        await().until(() -> client.inspect(WorldView::x).get() == 51);
        assertThat(client.statistics().get().snapshots()).isEqualTo(2);
    }

    @Test
    void goesToWhomTheStandbyNamesWhenItsServerFallsSilent() throws Exception {
        TestServer first = welcoming("one");
        TestServer third = welcoming("three");
        TestServer second = server("two", (player, message) -> {
            if (message instanceof ToServer.Hello) {
                player.send(new ToClient.Redirect(third.address().toString(), TICKET, RedirectReason.ELSEWHERE));
            }
        });
        GameClient client = join(first);

        first.players.getFirst().send(new ToClient.Standby(second.address().toString()));

        await().until(() -> client.inspect(WorldView::server).get().equals("three"));
        assertThat(second.players).isNotEmpty();
        assertThat(events).as("it was never without a server").noneMatch(event -> event.startsWith("lost"));
    }

    @Test
    void tellsWhichOfItsInputsASnapshotShowsTheEffectOf() throws Exception {
        TestServer server = welcoming("one");
        List<Long> made = new CopyOnWriteArrayList<>();
        GameListener listener = new GameListener() {
            @Override
            public void inputDone(WorldView world, long madeNanos) {
                made.add(madeNanos);
            }
        };
        GameClient client = builder(server).listener(listener).connect().get(10, TimeUnit.SECONDS);
        Player player = server.players.getFirst();
        long before = System.nanoTime();
        int earlier = player.inputs.size();
        await().until(() -> player.inputs.size() > earlier + 2);

        player.sendSnapshot(HERE, 7, 0);
        player.lastInput = player.inputs.getLast().inputs().getFirst().sequence();
        player.sendSnapshot(HERE, 8, 0);
        player.sendSnapshot(HERE, 9, 0);
        await().until(() -> client.statistics().get().snapshots() == 3);

        assertThat(made)
                .singleElement()
                .satisfies(at -> assertThat(at - before).isBetween(0L, System.nanoTime() - before));
    }

    @Test
    void sendsItsMovementWithThePreviousInputsRepeated() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        client.move(Movement.walk(2, 0));

        Player player = server.players.getFirst();
        await().until(() -> !player.inputs.isEmpty()
                && player.inputs.getLast().inputs().stream().allMatch(input -> input.moveX() == 256)
                && player.inputs.getLast().inputs().size() == 3);
    }

    /** A server whose player carries something, and that answers only what it is told to. */
    private TestServer trading(String name, long lastRequest, ToClient.Control... then) {
        int index = servers.size();
        return server(name, (player, message) -> {
            if (message instanceof ToServer.Hello) {
                TestServer server = servers.get(index);
                player.send(server.agreed(server.welcome(HERE, 0), Wire.ITEMS));
                player.send(new ToClient.Inventory(lastRequest, ItemCounts.of(1, 10)));
                for (ToClient.Control each : then) {
                    player.send(each);
                }
            }
        });
    }

    private static ItemCounts items(GameClient client) throws Exception {
        return client.inspect(WorldView::items).get().orElse(ItemCounts.NONE);
    }

    @Test
    void numbersItsRequestsAfterThoseOfItsEarlierSessions() throws Exception {
        TestServer server = trading("one", 41);
        GameClient client = join(server);
        Player player = server.players.getFirst();
        await().until(() -> items(client).equals(ItemCounts.of(1, 10)));

        CompletableFuture<ItemOutcome> outcome = client.drop(1, 4, 0, 0, 5);

        await().until(() -> player.said.contains(new ToServer.DropItem(42, 1, 4, 0, 0, 640)));
        player.send(new ToClient.Inventory(42, ItemCounts.of(1, 6)));
        player.send(new ToClient.ItemResult(42, ItemOutcome.DONE));
        assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(ItemOutcome.DONE);
        assertThat(items(client)).isEqualTo(ItemCounts.of(1, 6));
    }

    @Test
    void asksAgainWhatWasNotAnsweredAndWaitsOnForAnOffer() throws Exception {
        TestServer second = trading("two", 2, new ToClient.ItemResult(2, ItemOutcome.REPEATED));
        TestServer first = trading("one", 0);
        GameClient client = join(first);
        await().until(() -> !items(client).isEmpty());
        CompletableFuture<ItemOutcome> drop = client.drop(1, 4, 0, 0, 0);
        CompletableFuture<ItemOutcome> offer = client.offerTrade(7, ItemCounts.of(1, 1), ItemCounts.NONE);
        await().until(() -> first.players.getFirst().said.stream().anyMatch(ToServer.OfferTrade.class::isInstance));

        first.players
                .getFirst()
                .send(new ToClient.Redirect(second.address().toString(), TICKET, ToClient.RedirectReason.CROSSED));

        await().until(() -> !second.players.isEmpty()
                && second.players
                        .getFirst()
                        .said
                        .contains(new ToServer.OfferTrade(2, 7, ItemCounts.of(1, 1), ItemCounts.NONE)));
        Player player = second.players.getFirst();
        assertThat(player.said).contains(new ToServer.DropItem(1, 1, 4, 0, 0, 0));
        player.send(new ToClient.ItemResult(1, ItemOutcome.REPEATED));
        assertThat(drop.get(5, TimeUnit.SECONDS)).isEqualTo(ItemOutcome.REPEATED);
        assertThat(offer).isNotDone();
        player.send(new ToClient.ItemResult(2, ItemOutcome.DECLINED));
        assertThat(offer.get(5, TimeUnit.SECONDS)).isEqualTo(ItemOutcome.DECLINED);
    }

    @Test
    void asksNothingAboutItemsOfAServerThatKnowsOfNone() throws Exception {
        GameClient client = join(welcoming("one"));

        assertThat(client.pickUp(7))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("may know of no items");
    }

    @Test
    void tellsOfOffersAndOfWhatLiesThere() throws Exception {
        ToClient.TradeOffered offered = new ToClient.TradeOffered(5, 8, ItemCounts.of(2, 1), ItemCounts.of(1, 3));
        TestServer server = trading("one", 0, offered, new ToClient.TradeEnded(5), new ToClient.ItemInfo(7, 2, 9));
        List<Object> told = new CopyOnWriteArrayList<>();
        GameClient client = builder(server)
                .listener(new GameListener() {
                    @Override
                    public void tradeOffered(WorldView world, ToClient.TradeOffered offer) {
                        told.add(offer);
                    }

                    @Override
                    public void tradeEnded(WorldView world, long trade) {
                        told.add(trade);
                    }
                })
                .connect()
                .get(5, TimeUnit.SECONDS);

        server.players.getFirst().sendSnapshot(HERE, 1, 0, 7);

        await().until(() -> told.equals(List.of(offered, 5L)));
        await().until(() -> client.inspect(world -> world.entity(7) != null).get());
        await().untilAsserted(() -> assertThat(client.inspect(
                                world -> Objects.requireNonNull(world.entity(7)).item())
                        .get())
                .contains(new ToClient.ItemInfo(7, 2, 9)));
    }

    @Test
    void knowsTheBlocksThatItWasSentAndTheirChanges() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        server.players
                .getFirst()
                .sendTerrain(
                        new ToClient.Section(0, -1, 0, new SectionEncoder().uniform(1)),
                        new ToClient.BlocksChanged(BlockChanges.ofOne(3, -4, 5, 0)));

        await().until(() -> client.inspect(world -> world.block(3, -4, 5)).get().equals(OptionalInt.of(0)));
        assertThat(client.inspect(world -> world.block(4, -4, 5)).get()).hasValue(1);
        assertThat(client.inspect(world -> world.block(3, 4, 5)).get()).isEmpty();
    }

    @Test
    void leavesAServerWhoseTerrainCannotBeDecodedAsThePlayerComesThere() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        List<ToClient.Terrain> sections = new ArrayList<>();
        for (int y = -2; y <= 1; y++) {
            sections.add(new ToClient.Section(0, y, 0, Bytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})));
        }
        server.players.getFirst().sendTerrain(sections.toArray(ToClient.Terrain[]::new));

        await().until(() -> client.statistics().get().reconnects() > 0
                || client.statistics().get().malformed() > 0);
    }

    /** It is on a stream of its own, so what is sent after the welcome may come before it. */
    @Test
    void keepsTerrainThatOvertakesTheWelcome() throws Exception {
        TestServer server = server("one", (player, message) -> {
            if (message instanceof ToServer.Hello) {
                player.sendTerrain(new ToClient.Section(0, -1, 0, new SectionEncoder().uniform(1)));
                player.send(servers.getFirst().welcome(HERE, 0));
            }
        });

        GameClient client = join(server);

        await().until(() -> client.inspect(world -> world.block(3, -4, 5)).get().equals(OptionalInt.of(1)));
    }

    @Test
    void isToldWhatBecameOfAnEdit() throws Exception {
        TestServer server = server("one", (player, message) -> {
            switch (message) {
                case ToServer.Hello _ -> player.send(servers.getFirst().welcome(HERE, 0));
                case ToServer.BlockEdit edit ->
                    player.send(new ToClient.EditResult(
                            edit.request(), edit.block() == 9 ? EditOutcome.UNKNOWN_BLOCK : EditOutcome.ACCEPTED));
                default -> {}
            }
        });
        GameClient client = join(server);

        CompletableFuture<EditOutcome> good = client.edit(1, 2, 3, 1);
        CompletableFuture<EditOutcome> bad = client.edit(1, 2, 3, 9);

        assertThat(good.get(5, TimeUnit.SECONDS)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(bad.get(5, TimeUnit.SECONDS)).isEqualTo(EditOutcome.UNKNOWN_BLOCK);
    }

    @Test
    void measuresARoundTrip() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        Duration roundTrip = client.ping().get(5, TimeUnit.SECONDS);

        assertThat(roundTrip).isPositive();
        await().until(() -> client.statistics().get().wireReceived() > 0);
    }

    @Test
    void isLedToTheServerThatActsForWhereItJoins() throws Exception {
        TestServer second = welcoming("two");
        TestServer first = server("one", (player, message) -> {
            if (message instanceof ToServer.Hello) {
                player.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.ELSEWHERE));
            }
        });

        GameClient client = join(first);

        assertThat(client.inspect(WorldView::server).get()).isEqualTo("two");
        assertThat(second.players.getFirst().hello().ticket()).contains(TICKET);
        await().until(() -> first.players.getFirst().left.equals(List.of(CloseCode.NO_ERROR)));
    }

    @Test
    void leavesTheOldServerOnlyWhenTheNextHasLetItIn() throws Exception {
        TestServer second = server("two", (_, _) -> {});
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));
        await().until(() ->
                !second.players.isEmpty() && !second.players.getFirst().said.isEmpty());

        before.sendSnapshot(HERE, 5, 77);
        await().until(() -> client.inspect(WorldView::x).get() == 77);
        assertThat(before.left).isEmpty();
        second.players.getFirst().send(second.welcome(WEST, 0));

        // The server may see the old connection end before the listener is told of the new one.
        await().until(() -> events.contains("changed to two: CROSSED"));
        await().until(() -> before.left.equals(List.of(CloseCode.NO_ERROR)));
        assertThat(before.said).noneMatch(ToServer.Goodbye.class::isInstance);
        assertThat(events).containsExactly("joined", "changed to two: CROSSED");
        assertThat(client.statistics().get().redirects()).isEqualTo(1);
    }

    private static ToClient.Welcome ahead(TestServer server) {
        ToClient.Welcome welcome = server.welcome(HERE, 0);
        return new ToClient.Welcome(
                welcome.version(),
                Wire.AHEAD,
                welcome.server(),
                welcome.playerId(),
                welcome.entityId(),
                true,
                welcome.tickRate(),
                welcome.viewRadius(),
                welcome.seed(),
                welcome.generator(),
                welcome.regionSize(),
                welcome.blocks(),
                welcome.region(),
                welcome.position());
    }

    /** One that welcomes whoever connects ahead as such. */
    private TestServer awaiting(String name) {
        TestServer[] made = new TestServer[1];
        made[0] = server(name, (player, message) -> {
            if (message instanceof ToServer.Hello hello) {
                boolean marked = (hello.capabilities() & Wire.AHEAD) != 0;
                player.send(marked ? ahead(made[0]) : made[0].welcome(HERE, 0));
            }
        });
        return made[0];
    }

    private Player connectedAhead(TestServer from, TestServer to) {
        from.players.getFirst().send(new ToClient.Prepare(to.address().toString(), TICKET));
        await().until(() -> !to.players.isEmpty() && !to.players.getFirst().said.isEmpty());
        return to.players.getFirst();
    }

    /** One that has stood by for longer than a second is given the time to show the player. */
    private static void showUntilAheadHasStoodBy(Player here) {
        AtomicLong tick = new AtomicLong(5);
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            here.sendSnapshot(HERE, tick.incrementAndGet(), 77);
            return tick.get() == 30;
        });
    }

    @Test
    void isHandedOverByTheFirstSnapshotOfAServerThatItIsConnectedAheadTo() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        Player after = connectedAhead(first, second);
        before.sendSnapshot(HERE, 5, 77);
        await().until(() -> client.inspect(WorldView::x).get() == 77);
        assertThat(after.hello().ticket()).contains(TICKET);
        assertThat(client.inspect(WorldView::server).get()).isEqualTo("one");
        assertThat(after.inputs).isEmpty();
        long sent = before.inputs.getLast().inputs().getFirst().sequence();

        after.sendSnapshot(WEST, 9, 2040);

        await().until(() -> events.contains("changed to two: CROSSED"));
        assertThat(client.inspect(WorldView::x).get()).isEqualTo(-8.0);
        await().until(() -> !after.inputs.isEmpty());
        // Counted on, and all repeated of which the new server has not said that it is done.
        List<InputDatagram.Input> repeated = after.inputs.getFirst().inputs();
        assertThat(repeated)
                .hasSize((int) Math.min(Wire.MAX_INPUTS, repeated.getFirst().sequence()));
        assertThat(after.inputs.getFirst().inputs().getFirst().sequence()).isGreaterThan(sent);
        assertThat(before.left).isEmpty();
        assertThat(client.statistics().get().redirects()).isEqualTo(1);
        assertThat(client.statistics().get().crossing().betweenServers()).isEqualTo(1);
    }

    @Test
    void isHandedOverWithARegionThatMovesToWhereItIsConnectedAhead() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        Player after = connectedAhead(first, second);
        showUntilAheadHasStoodBy(before);

        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.MOVED));
        client.ping().get(5, TimeUnit.SECONDS);
        after.sendSnapshot(HERE, 40, 78);

        await().until(() -> events.contains("changed to two: MOVED"));
        assertThat(client.inspect(WorldView::x).get()).isEqualTo(78.0);
        assertThat(second.players).hasSize(1);
    }

    @Test
    void comesBackOverTheConnectionThatItHasLeft() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        Player after = connectedAhead(first, second);
        before.sendSnapshot(HERE, 5, 1);
        await().until(() -> client.inspect(WorldView::x).get() == 1);
        after.sendSnapshot(WEST, 9, 2040);
        await().until(() -> events.contains("changed to two: CROSSED"));

        // What the first server still says is of the stay that is over, until there is another.
        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));
        after.sendSnapshot(WEST, 10, 2041);
        await().until(() -> client.inspect(WorldView::x).get() == -7.0);
        before.sendSnapshot(EAST, 12, 5);

        await().until(() -> events.contains("changed to one: CROSSED"));
        assertThat(first.players).hasSize(1);
        assertThat(second.players).hasSize(1);
        assertThat(events).containsExactly("joined", "changed to two: CROSSED", "changed to one: CROSSED");
    }

    /** As when the first snapshots of two servers overtake each other. */
    @Test
    void listensToTheServerThatSpeaksWhenTheOneThatItWasHandedOverToDoesNot() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        Player after = connectedAhead(first, second);
        before.sendSnapshot(HERE, 5, 1);
        await().until(() -> client.inspect(WorldView::x).get() == 1);
        after.sendSnapshot(WEST, 9, 2040);
        await().until(() -> events.contains("changed to two: CROSSED"));

        AtomicLong tick = new AtomicLong(5);
        await().until(() -> {
            before.sendSnapshot(HERE, tick.incrementAndGet(), 2);
            return events.contains("changed to one: CROSSED");
        });

        assertThat(client.inspect(WorldView::server).get()).isEqualTo("one");
    }

    @Test
    void followsTheRedirectWhenItIsNotShownWhereItIsConnectedAhead() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player after = connectedAhead(first, second);

        first.players
                .getFirst()
                .send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));

        await().until(() -> events.contains("changed to two: CROSSED"));
        assertThat(client.inspect(WorldView::server).get()).isEqualTo("two");
        assertThat(second.players).hasSize(2);
        await().until(() -> after.left.equals(List.of(CloseCode.NO_ERROR)));
    }

    /** As when a server whose player has gone says nothing, as it has nothing to say, and then answers a ping. */
    @Test
    void followsTheRedirectWhateverTheServerThatItHasLeftSaysOfItself() throws Exception {
        TestServer first = welcoming("one");
        AtomicReference<TestServer> made = new AtomicReference<>();
        TestServer second = server("two", (player, message) -> {
            if (message instanceof ToServer.Hello hello) {
                if ((hello.capabilities() & Wire.AHEAD) != 0) {
                    player.send(ahead(made.get()));
                } else {
                    first.players.getFirst().send(new ToClient.Pong(0));
                    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
                            .execute(() -> player.send(made.get().welcome(HERE, 0)));
                }
            }
        });
        made.set(second);
        GameClient client = join(first);
        Player before = first.players.getFirst();
        before.send(new ToClient.Standby(second.address().toString()));
        connectedAhead(first, second);
        showUntilAheadHasStoodBy(before);

        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));

        await().until(() -> events.contains("changed to two: CROSSED"));
        assertThat(client.inspect(WorldView::server).get()).isEqualTo("two");
    }

    @Test
    void goesToWhomTheStandbyNamesWhenTheServerThatItHasCrossedToGoesAtOnce() throws Exception {
        TestServer third = welcoming("three");
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        Player after = connectedAhead(first, second);
        after.send(new ToClient.Standby(third.address().toString()));
        showUntilAheadHasStoodBy(before);

        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));
        client.ping().get(5, TimeUnit.SECONDS);
        after.send(new ToClient.Disconnect(CloseCode.NOT_READY, "is about to end"));

        await().until(() -> events.contains("changed to three: CROSSED"));
        assertThat(third.players.getFirst().hello().ticket()).contains(TICKET);
        assertThat(events).as("it was never without a server").noneMatch(event -> event.startsWith("lost"));
    }

    @Test
    void asksAnotherServerWhoHasThePlayerWhenTheOneOfARedirectCannotBeReached() throws Exception {
        TestServer gone = welcoming("gone");
        TestServer first = welcoming("one");
        TestServer third = welcoming("three");
        TestServer second = server("two", (player, message) -> {
            if (message instanceof ToServer.Hello hello && hello.ticket().isPresent()) {
                player.send(new ToClient.Redirect(third.address().toString(), TICKET, RedirectReason.ELSEWHERE));
            }
        });
        GameClient client = builder(first, second)
                .connectTimeout(Duration.ofMillis(300))
                .connect()
                .get(10, TimeUnit.SECONDS);
        gone.die();

        first.players.getFirst().send(new ToClient.Redirect(gone.address().toString(), TICKET, RedirectReason.MOVED));

        await().until(() -> events.contains("changed to three: MOVED"));
        assertThat(client.inspect(WorldView::server).get()).isEqualTo("three");
    }

    @Test
    void staysWithTheServerThatShowsThePlayerAgainAndForgetsTheRedirect() throws Exception {
        TestServer second = server("two", (_, _) -> {});
        TestServer first = welcoming("one");
        GameClient client =
                builder(first).connectTimeout(Duration.ofSeconds(30)).connect().get(10, TimeUnit.SECONDS);
        Player before = first.players.getFirst();
        before.sendSnapshot(HERE, 5, 77);
        await().until(() -> client.inspect(WorldView::x).get() == 77);
        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));
        await().until(() ->
                !second.players.isEmpty() && !second.players.getFirst().said.isEmpty());

        before.sendSnapshot(EAST, 9, 5);

        await().until(() -> second.players.getFirst().left.equals(List.of(CloseCode.NO_ERROR)));
        assertThat(client.inspect(WorldView::server).get()).isEqualTo("one");
        assertThat(events).containsExactly("joined");
    }

    @Test
    void leavesAServerThatAnswersAndShowsNothing() throws Exception {
        TestServer second = welcoming("two");
        TestServer first = welcoming("one");
        GameClient client = builder(first, second).connect().get(10, TimeUnit.SECONDS);
        TestServer at = client.inspect(WorldView::server).get().equals("one") ? first : second;
        TestServer other = at == first ? second : first;

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            at.players.getFirst().send(new ToClient.Pong(0));
            return !other.players.isEmpty();
        });

        await().until(() -> events.equals(List.of("joined", "lost", "rejoined")));
    }

    @Test
    void goesOnWhereItIsWhenAServerThatItIsConnectedAheadToGoes() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player after = connectedAhead(first, second);

        after.send(new ToClient.Disconnect(CloseCode.SHUTTING_DOWN, "restarts"));
        await().until(() -> !after.left.isEmpty());
        first.players.getFirst().sendSnapshot(HERE, 6, 66);

        await().until(() -> client.inspect(WorldView::x).get() == 66);
        assertThat(events).containsExactly("joined");
    }

    @Test
    void saysGoodbyeWhereverItIsConnected() throws Exception {
        TestServer second = awaiting("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player after = connectedAhead(first, second);

        client.close();

        client.ended().get(10, TimeUnit.SECONDS);
        assertThat(first.players.getFirst().said).anyMatch(ToServer.Goodbye.class::isInstance);
        assertThat(after.said).anyMatch(ToServer.Goodbye.class::isInstance);
    }

    @Test
    void staysWhereItIsWhenTheServerOfARedirectCannotBeReached() throws Exception {
        TestServer gone = welcoming("gone");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        gone.die();

        first.players.getFirst().send(new ToClient.Redirect(gone.address().toString(), TICKET, RedirectReason.CROSSED));
        first.players.getFirst().send(new ToClient.RegionChanged(HERE));
        first.players.getFirst().sendSnapshot(HERE, 6, 66);

        await().until(() -> client.inspect(WorldView::x).get() == 66);
        assertThat(first.players.getFirst().left).isEmpty();
        assertThat(client.ended()).isNotDone();
    }

    @Test
    void rejoinsElsewhereWithItsLastTicketWhenItsServerHasDied() throws Exception {
        TestServer one = welcoming("one");
        TestServer two = welcoming("two");
        GameClient client = builder(one, two).connect().get(10, TimeUnit.SECONDS);
        boolean atOne = client.inspect(WorldView::server).get().equals("one");
        TestServer home = atOne ? one : two;
        TestServer other = atOne ? two : one;
        home.players.getFirst().send(new ToClient.Ticket(TICKET));
        client.ping().get(5, TimeUnit.SECONDS);

        home.die();

        await().atMost(Duration.ofSeconds(20)).until(() -> events.contains("rejoined"));
        assertThat(other.players.getFirst().hello().ticket()).contains(TICKET);
        assertThat(events).containsExactly("joined", "lost", "rejoined");
        assertThat(client.statistics().get().reconnects()).isEqualTo(1);
    }

    @Test
    void comesBackAtOnceWhenItsServerShutsDown() throws Exception {
        TestServer first = welcoming("one");
        GameClient client = join(first);

        first.players.getFirst().close(CloseCode.SHUTTING_DOWN, "the server stops");

        await().until(() -> events.contains("rejoined"));
        assertThat(first.players).hasSize(2);
        assertThat(client.ended()).isNotDone();
    }

    @Test
    void asksAgainForAnEditThatItsServerDidNotAnswer() throws Exception {
        List<Long> asked = new CopyOnWriteArrayList<>();
        TestServer server = server("one", (player, message) -> {
            switch (message) {
                case ToServer.Hello _ -> player.send(servers.getFirst().welcome(HERE, 0));
                case ToServer.BlockEdit edit -> {
                    asked.add(edit.request());
                    if (asked.size() == 1) {
                        player.close(CloseCode.SHUTTING_DOWN, "before it could answer");
                    } else {
                        player.send(new ToClient.EditResult(edit.request(), EditOutcome.ACCEPTED));
                    }
                }
                default -> {}
            }
        });
        GameClient client = join(server);

        CompletableFuture<EditOutcome> outcome = client.edit(0, 0, 0, 1);

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void asksTheNextServerAgainInTheOrderInWhichItAsked() throws Exception {
        TestServer second = welcoming("two");
        TestServer first = welcoming("one");
        GameClient client = join(first);
        Player before = first.players.getFirst();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<EditOutcome> _ = client.edit(i, 0, 0, 1);
        }
        await().until(() -> before.said.stream()
                        .filter(ToServer.BlockEdit.class::isInstance)
                        .count()
                == 20);

        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));

        await().until(() -> events.contains("changed to two: CROSSED"));
        Player after = second.players.getFirst();
        await().until(() ->
                after.said.stream().filter(ToServer.BlockEdit.class::isInstance).count() == 20);
        assertThat(after.said)
                .filteredOn(ToServer.BlockEdit.class::isInstance)
                .extracting(message -> ((ToServer.BlockEdit) message).x())
                .isSorted();
    }

    @Test
    void dropsATicketThatIsNotTaken() throws Exception {
        TestServer server = server("one", (player, message) -> {
            if (message instanceof ToServer.Hello hello) {
                if (hello.ticket().isPresent()) {
                    player.close(CloseCode.BAD_TICKET, "expired");
                } else {
                    player.send(servers.getFirst().welcome(HERE, 0));
                }
            }
        });
        join(server);
        Player first = server.players.getFirst();
        first.send(new ToClient.Ticket(TICKET));
        first.close(CloseCode.SHUTTING_DOWN, "the server stops");

        await().until(() -> events.contains("rejoined"));

        assertThat(server.players).hasSize(3);
    }

    @Test
    void endsWithTheServersReasonWhenItIsKicked() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        server.players.getFirst().close(CloseCode.KICKED, "for good reason");

        GameClientException why = client.ended().get(5, TimeUnit.SECONDS);
        assertThat(why.code()).contains(CloseCode.KICKED);
        assertThat(why).hasMessage("KICKED: for good reason");
        assertThat(events).containsExactly("joined", "ended");
    }

    @Test
    void leavesOnceItIsToldToAndDoesNotWaitUntilItIsClosed() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);
        Player player = server.players.getFirst();

        player.send(new ToClient.Disconnect(CloseCode.KICKED, "for good reason"));

        assertThat(client.ended().get(20, TimeUnit.SECONDS)).hasMessage("KICKED: for good reason");
        await().untilAsserted(() -> assertThat(player.left).containsExactly(CloseCode.NO_ERROR));
    }

    @Test
    void doesNotJoinAServerThatSpeaksAnotherVersion() {
        TestServer server = server("one", (player, _) -> player.close(CloseCode.UNSUPPORTED_VERSION, "speaks 2"));

        GameClientException why = refused(builder(server).connect());

        assertThat(why.code()).contains(CloseCode.UNSUPPORTED_VERSION);
    }

    @Test
    void givesUpOnAFullServerAfterAWhile() {
        TestServer server = server("one", (player, _) -> player.close(CloseCode.SERVER_FULL, "60 of 60 players"));

        GameClientException why =
                refused(builder(server).giveUpAfter(Duration.ofSeconds(3)).connect());

        assertThat(why.code()).contains(CloseCode.SERVER_FULL);
        assertThat(why).hasMessageContaining("gave up after PT3S: 60 of 60 players");
        assertThat(server.players).hasSizeGreaterThan(1);
    }

    @Test
    void givesUpOnServersThatLeadItInACircle() {
        TestServer server = server("one", (player, message) -> {
            if (message instanceof ToServer.Hello) {
                player.send(new ToClient.Redirect(
                        servers.getFirst().address().toString(), TICKET, RedirectReason.ELSEWHERE));
            }
        });

        GameClientException why =
                refused(builder(server).giveUpAfter(Duration.ofMillis(500)).connect());

        assertThat(why).hasMessageContaining("gave up after PT0.5S: redirected from server to server");
    }

    @Test
    void doesNotTrustAServerOfAnotherMesh() {
        TestServer server = new TestServer("one", authority.identity("other.default.gamemesh"), (_, _) -> {});
        servers.add(server);

        GameClientException why = refused(builder(server).connect());

        assertThat(why).hasMessageContaining("not to be trusted").hasMessageContaining("expected " + NAME);
    }

    @Test
    void doesNotTrustAServerOfAnotherAuthority() {
        TestServer server = new TestServer("one", new TestAuthority().identity(NAME), (_, _) -> {});
        servers.add(server);

        GameClientException why = refused(builder(server).connect());

        assertThat(why).hasMessageContaining("not to be trusted");
    }

    @Test
    void leavesAServerThatBreaksTheProtocolAndSaysWhy() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);
        Player first = server.players.getFirst();

        first.sendDatagram(ByteBuffer.wrap(new byte[] {99}));

        await().until(() -> first.left.equals(List.of(CloseCode.MALFORMED)));
        await().until(() -> events.contains("rejoined"));
        assertThat(client.statistics().get().malformed()).isEqualTo(1);
    }

    @Test
    void saysGoodbyeWhenItLeavesForGood() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        client.close();

        await().until(() -> server.players.getFirst().said.stream().anyMatch(ToServer.Goodbye.class::isInstance));
        await().until(() -> !server.players.getFirst().left.isEmpty());
    }

    @Test
    void isNotThrownOutByItselfWhenItIsRedirectedBackToItsServer() throws Exception {
        TestServer only = server("one", (player, message) -> {
            if (message instanceof ToServer.Hello && servers.getFirst().players.size() == 1) {
                player.send(servers.getFirst().welcome(HERE, 0));
            }
        });
        TestServer second = server("two", (player, message) -> {
            if (message instanceof ToServer.Hello) {
                player.send(new ToClient.Redirect(only.address().toString(), TICKET, RedirectReason.MOVED));
            }
        });
        join(only);
        TestServer.Player before = only.players.getFirst();
        before.send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.MOVED));
        await().until(() ->
                only.players.size() == 2 && !only.players.getLast().said.isEmpty());

        before.send(new ToClient.Disconnect(CloseCode.REPLACED, "the same player has connected again"));
        await().until(() -> !before.left.isEmpty());
        only.players.getLast().send(only.welcome(HERE, 0));

        await().until(() -> events.size() == 2);
        assertThat(events).containsExactly("joined", "changed to one: MOVED");
    }

    @Test
    void saysGoodbyeToTheServerThatItIsRedirectedToAsWell() throws Exception {
        TestServer second = server("two", (_, _) -> {});
        TestServer first = welcoming("one");
        GameClient client = join(first);
        first.players
                .getFirst()
                .send(new ToClient.Redirect(second.address().toString(), TICKET, RedirectReason.CROSSED));
        await().until(() ->
                !second.players.isEmpty() && !second.players.getFirst().said.isEmpty());

        client.close();

        assertThat(client.ended().get(5, TimeUnit.SECONDS)).hasMessage("NO_ERROR: left");
        assertThat(first.players.getFirst().said).anyMatch(ToServer.Goodbye.class::isInstance);
        assertThat(second.players.getFirst().said).anyMatch(ToServer.Goodbye.class::isInstance);
        assertThat(events).containsExactly("joined", "ended");
    }

    @Test
    void tellsItsEndOnceWhenItLeaves() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        client.close();
        client.close();

        assertThat(client.ended().get(5, TimeUnit.SECONDS)).hasMessage("NO_ERROR: left");
        client.resetStatistics();
        client.statistics().get(5, TimeUnit.SECONDS);
        assertThat(events).containsExactly("joined", "ended");
    }

    @Test
    void canBeClosedAndAskedWhenItsTransportHasBeenClosed() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);
        transport.close();

        client.close();

        assertThat(client.inspect(WorldView::x))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("the client has ended");
        assertThat(client.statistics()).isCompletedExceptionally();
        assertThat(client.edit(0, 0, 0, 1)).isCompletedExceptionally();
    }

    @Test
    void endsWithAllThatIsUnderWayWhenItsTransportIsClosed() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);
        CompletableFuture<EditOutcome> outcome = client.edit(0, 0, 0, 1);

        transport.close();

        assertThat(client.ended().get(5, TimeUnit.SECONDS)).hasMessageContaining("the transport is closed");
        assertThat(outcome)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(GameClientException.class);
        assertThat(events).containsExactly("joined", "ended");
    }

    @Test
    void doesNotJoinWhenItsTransportIsClosedMeanwhile() {
        TestServer silent = server("one", (_, _) -> {});
        CompletableFuture<GameClient> joining = builder(silent).connect();
        await().until(() -> !silent.players.isEmpty());

        transport.close();

        assertThat(refused(joining)).hasMessageContaining("the transport is closed");
    }

    @Test
    void doesNotJoinOverATransportThatIsClosed() {
        TestServer server = welcoming("one");
        transport.close();

        GameClientException why = refused(builder(server).connect());

        assertThat(why).hasMessageContaining("the transport is closed");
    }

    @Test
    void failsAnEditThatIsUnderWayWhenItLeaves() throws Exception {
        TestServer server = welcoming("one");
        GameClient client = join(server);

        CompletableFuture<EditOutcome> outcome = client.edit(0, 0, 0, 1);
        client.close();

        assertThat(outcome)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(GameClientException.class)
                .withMessageContaining("left");
    }

    @Test
    void failsAnEditWithoutAnAnswerAfterAWhile() throws Exception {
        TestServer server = welcoming("one");
        GameClient client =
                builder(server).editTimeout(Duration.ofMillis(10)).connect().get(10, TimeUnit.SECONDS);

        CompletableFuture<EditOutcome> outcome = client.edit(1, 2, 3, 1);

        assertThat(outcome)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("no answer to BlockEdit[request=0, x=1, y=2, z=3, block=1] within PT0.01S");
    }

    @Test
    void refusesATokenThatIsTooLong() {
        GameClient.Builder builder = GameClient.builder()
                .transport(transport)
                .servers(new ServerAddress("127.0.0.1", 7777))
                .token("x".repeat(Wire.MAX_TOKEN + 1));

        assertThatIllegalArgumentException()
                .isThrownBy(builder::connect)
                .withMessage("the token has 16385 bytes, expected up to 16384");
    }

    @Test
    void sharesOneSocketAmongManyClients() throws Exception {
        TestServer server = welcoming("one");
        List<CompletableFuture<GameClient>> joining = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            joining.add(builder(server).connect());
        }
        for (CompletableFuture<GameClient> each : joining) {
            each.get(20, TimeUnit.SECONDS);
        }

        for (int i = 0; i < 30; i++) {
            server.players.get(i).sendSnapshot(HERE, 1, i + 1);
        }

        List<Double> positions = new ArrayList<>();
        for (CompletableFuture<GameClient> each : joining) {
            GameClient client = each.get();
            await().until(() -> client.inspect(WorldView::x).get() > 0);
            positions.add(client.inspect(WorldView::x).get());
        }
        assertThat(positions).doesNotHaveDuplicates().hasSize(30);
    }

    private TestServer server(String name, BiConsumer<Player, ToServer> script) {
        TestServer server = new TestServer(name, authority.identity(NAME), script);
        servers.add(server);
        return server;
    }

    private TestServer welcoming(String name) {
        int index = servers.size();
        return server(name, (player, message) -> {
            switch (message) {
                case ToServer.Hello _ -> player.send(servers.get(index).welcome(HERE, 0));
                case ToServer.Ping ping -> player.send(new ToClient.Pong(ping.nonce()));
                default -> {}
            }
        });
    }

    private GameClient join(TestServer server) throws Exception {
        return builder(server).connect().get(10, TimeUnit.SECONDS);
    }

    private GameClient.Builder builder(TestServer... known) {
        return GameClient.builder()
                .transport(transport)
                .servers(List.of(known).stream().map(TestServer::address).toList())
                .name("Grace")
                .listener(new GameListener() {
                    @Override
                    public void joined(WorldView world) {
                        events.add("joined");
                    }

                    @Override
                    public void serverChanged(
                            WorldView world, ServerAddress from, ServerAddress to, RedirectReason why) {
                        events.add("changed to " + world.server() + ": " + why);
                    }

                    @Override
                    public void connectionLost(String reason) {
                        events.add("lost");
                    }

                    @Override
                    public void rejoined(WorldView world, ServerAddress at) {
                        events.add("rejoined");
                    }

                    @Override
                    public void ended(GameClientException why) {
                        events.add("ended");
                    }
                });
    }

    private static GameClientException refused(CompletableFuture<GameClient> joining) {
        try {
            joining.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            assertThat(e).hasCauseInstanceOf(GameClientException.class);
            return (GameClientException) Objects.requireNonNull(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it joined");
    }
}
