package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.Movement;
import io.gamemesh.client.RemoteEntity;
import io.gamemesh.client.WorldView;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.terrain.SectionForm;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.server.metrics.MessageKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Players on one server, over real QUIC with the real client. */
class PlayTest {
    @TempDir
    Path directory;

    private TestMesh mesh;

    @BeforeEach
    void startAServerWithAllRegions() throws Exception {
        mesh = new TestMesh(
                directory,
                1,
                Map.of("gamemesh.limits.bulk-edit-blocks", "4096", "gamemesh.world.starting-items", "1:10"));
        mesh.startAll(0);
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    private static List<String> names(GameClient client) {
        return client.inspect(
                        view -> view.entities().stream().map(RemoteEntity::name).toList())
                .join();
    }

    private static double x(GameClient client) {
        return client.inspect(WorldView::x).join();
    }

    private static long snapshots(GameClient client) {
        return client.inspect(WorldView::snapshot).join();
    }

    private static OptionalInt block(GameClient client, int x, int y, int z) {
        return client.inspect(view -> view.block(x, y, z)).join();
    }

    @Test
    void showsPlayersToEachOther() {
        GameClient ada = mesh.join("ada", 0);
        GameClient bob = mesh.join("bob", 0);

        Eventually.within().untilAsserted(() -> {
            assertThat(names(ada)).contains("bob");
            assertThat(names(bob)).contains("ada");
        });
    }

    private static ItemCounts items(GameClient client) {
        return client.inspect(WorldView::items).join().orElse(ItemCounts.NONE);
    }

    private static long entity(GameClient client) {
        return client.inspect(WorldView::entityId).join();
    }

    @Test
    void onePlayerTakesWhatAnotherHasThrownAway() {
        GameClient ada = mesh.join("ada", 0);
        GameClient bob = mesh.join("bob", 0);
        Eventually.within().untilAsserted(() -> assertThat(items(ada)).isEqualTo(ItemCounts.of(1, 10)));
        Eventually.within().untilAsserted(() -> assertThat(items(bob)).isEqualTo(ItemCounts.of(1, 10)));

        assertThat(ada.drop(1, 4, 0, 0, 0).join()).isEqualTo(ItemOutcome.DONE);
        assertThat(items(ada)).isEqualTo(ItemCounts.of(1, 6));
        Eventually.within().untilAsserted(() -> assertThat(lying(bob)).hasSize(1));

        assertThat(bob.pickUp(lying(bob).getFirst()).join()).isEqualTo(ItemOutcome.DONE);
        assertThat(items(bob)).isEqualTo(ItemCounts.of(1, 14));
    }

    /** The items that a client sees and has been told what they are. */
    private static List<Long> lying(GameClient client) {
        return client.inspect(view -> view.entities().stream()
                        .filter(entity -> entity.item().isPresent())
                        .map(RemoteEntity::id)
                        .toList())
                .join();
    }

    @Test
    void twoPlayersExchangeWhatTheyCarry() {
        Queue<ToClient.TradeOffered> offers = new ConcurrentLinkedQueue<>();
        GameClient ada = mesh.join("ada", 0);
        GameClient bob = mesh.join("bob", 0, new GameListener() {
            @Override
            public void tradeOffered(WorldView world, ToClient.TradeOffered offer) {
                offers.add(offer);
            }
        });
        Eventually.within().untilAsserted(() -> assertThat(names(ada)).contains("bob"));

        CompletableFuture<ItemOutcome> offer = ada.offerTrade(entity(bob), ItemCounts.of(1, 3), ItemCounts.of(1, 1));
        Eventually.within().untilAsserted(() -> assertThat(offers).hasSize(1));

        assertThat(bob.answerTrade(offers.element().trade(), true).join()).isEqualTo(ItemOutcome.DONE);
        assertThat(offer.join()).isEqualTo(ItemOutcome.DONE);
        assertThat(items(ada)).isEqualTo(ItemCounts.of(1, 8));
        assertThat(items(bob)).isEqualTo(ItemCounts.of(1, 12));
    }

    @Test
    void placesNewcomersApart() {
        List<GameClient> newcomers = IntStream.range(0, 4)
                .mapToObj(i -> mesh.join("newcomer" + i, 0))
                .toList();

        List<Double> distances = newcomers.stream()
                .map(each ->
                        each.inspect(view -> Math.hypot(view.x(), view.z())).join())
                .toList();

        // One after the other from the middle of the spiral, without a gap: after a gap, two would share a place too
        // early.
        for (int i = 0; i < 4; i++) {
            assertThat(distances.get(i)).as("newcomer %d", i).isCloseTo(3 * Math.sqrt(i), within(0.1));
        }
    }

    @Test
    void showsTheGroundOnWhichAPlayerComes() {
        GameClient ada = mesh.join("ada", 0);
        int x = (int) Math.floor(x(ada));
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) - 1;
        int z = (int) Math.floor(ada.inspect(WorldView::z).join());

        Eventually.within().untilAsserted(() -> assertThat(block(ada, x, y, z)).isPresent());
    }

    @Test
    void movesAPlayerAsItWants() {
        GameClient ada = mesh.join("ada", 0);
        double before = x(ada);

        ada.move(Movement.walk(4, 0));

        Eventually.within().untilAsserted(() -> assertThat(x(ada)).isGreaterThan(before + 3));
    }

    @Test
    void showsAnEditToOthers() {
        GameClient ada = mesh.join("ada", 0);
        GameClient bob = mesh.join("bob", 0);
        int x = (int) Math.floor(x(ada)) + 2;
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) - 1;
        int z = (int) Math.floor(ada.inspect(WorldView::z).join());
        Eventually.within().untilAsserted(() -> assertThat(block(bob, x, y, z)).isPresent());

        EditOutcome outcome = ada.edit(x, y, z, Blocks.BRICK).join();

        assertThat(outcome).isEqualTo(EditOutcome.ACCEPTED);
        Eventually.within()
                .untilAsserted(() -> assertThat(block(bob, x, y, z)).isEqualTo(OptionalInt.of(Blocks.BRICK)));
    }

    /** So far from the border, which is at 0, that what is built there lies in one region. */
    private static int inside(int coordinate) {
        return coordinate < 0 ? Math.min(coordinate, -16) : Math.max(coordinate, 16);
    }

    /** A session begins without blocks for edits of many, and is given them by and by. */
    private static EditOutcome onceThereIsRoom(Supplier<CompletableFuture<EditOutcome>> edit) {
        AtomicReference<EditOutcome> outcome = new AtomicReference<>();
        Eventually.within().untilAsserted(() -> {
            outcome.set(edit.get().join());
            assertThat(outcome).doesNotHaveValue(EditOutcome.RATE_LIMITED);
        });
        return outcome.get();
    }

    @Test
    void makesEditsOfManyBlocksAndTellsEverybody() {
        GameClient ada = mesh.join("ada", 0);
        GameClient bob = mesh.join("bob", 0);
        int x = inside((int) Math.floor(x(ada)));
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) + 4;
        int z = inside((int) Math.floor(ada.inspect(WorldView::z).join()));
        Eventually.within()
                .untilAsserted(() -> assertThat(block(bob, x, y + 8, z)).isPresent());

        EditOutcome filled = onceThereIsRoom(() -> ada.fill(new EditShape.Box(x - 4, y, z - 4, 8, 8, 8), Blocks.BRICK));
        EditOutcome replaced =
                onceThereIsRoom(() -> ada.replace(new EditShape.Sphere(x, y + 4, z, 3), Blocks.BRICK, Blocks.GLASS));
        EditOutcome tooMany = ada.fill(new EditShape.Box(x - 4, y, z - 4, 16, 16, 17), Blocks.STONE)
                .join();

        assertThat(filled).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(replaced).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(tooMany).isEqualTo(EditOutcome.NOT_ALLOWED);
        Eventually.within().untilAsserted(() -> {
            assertThat(block(bob, x - 4, y, z - 4)).hasValue(Blocks.BRICK);
            assertThat(block(bob, x, y + 7, z)).hasValue(Blocks.GLASS);
            assertThat(block(bob, x + 4, y, z)).hasValue(Blocks.AIR);
        });
        assertThat(mesh.refused(0, "edit-not_allowed")).isEqualTo(1);
    }

    @Test
    void takesBackWhatAPlayerHasDone() {
        GameClient ada = mesh.join("ada", 0);
        GameClient bob = mesh.join("bob", 0);
        int x = inside((int) Math.floor(x(ada)));
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) + 4;
        int z = inside((int) Math.floor(ada.inspect(WorldView::z).join()));
        Eventually.within().untilAsserted(() -> assertThat(block(bob, x, y, z)).isPresent());
        assertThat(onceThereIsRoom(() -> ada.fill(new EditShape.Sphere(x, y + 4, z, 3), Blocks.BRICK)))
                .isEqualTo(EditOutcome.ACCEPTED);
        Eventually.within()
                .untilAsserted(() -> assertThat(block(bob, x, y + 4, z)).hasValue(Blocks.BRICK));

        EditOutcome undone = onceThereIsRoom(ada::undo);
        EditOutcome again = ada.undo().join();

        assertThat(undone).isEqualTo(EditOutcome.ACCEPTED);
        assertThat(again).isEqualTo(EditOutcome.NOTHING_TO_UNDO);
        Eventually.within()
                .untilAsserted(() -> assertThat(block(bob, x, y + 4, z)).hasValue(Blocks.AIR));
    }

    private static final class Told implements GameListener {
        private final Queue<ToClient.Terrain> terrain = new ConcurrentLinkedQueue<>();

        @Override
        public void terrain(WorldView world, ToClient.Terrain message) {
            terrain.add(message);
        }

        List<SectionForm> forms() {
            return terrain.stream()
                    .filter(ToClient.Section.class::isInstance)
                    .map(message -> SectionForm.of(((ToClient.Section) message).blocks()))
                    .toList();
        }
    }

    @Test
    void tellsAClientWithTheGeneratorOfEditsAlone() throws Exception {
        GameClient ada = mesh.join("ada", 0);
        int x = (int) Math.floor(x(ada)) + 2;
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) - 1;
        int z = (int) Math.floor(ada.inspect(WorldView::z).join());
        assertThat(ada.edit(x, y, z, Blocks.BRICK).join()).isEqualTo(EditOutcome.ACCEPTED);
        Told with = new Told();
        Told without = new Told();

        GameClient bob = mesh.join("bob", 0, with);
        GameClient cyd = mesh.builder(0)
                .name("cyd")
                .listener(without)
                .generate(false)
                .connect()
                .get(20, TimeUnit.SECONDS);

        try (cyd) {
            Eventually.within().untilAsserted(() -> {
                assertThat(block(bob, x, y, z)).hasValue(Blocks.BRICK);
                assertThat(block(cyd, x, y, z)).hasValue(Blocks.BRICK);
                assertThat(block(bob, x, y - 1, z)).isEqualTo(block(cyd, x, y - 1, z));
            });
            assertThat(with.forms()).isNotEmpty().allMatch(SectionForm::needsGenerator);
            assertThat(without.forms()).isNotEmpty().noneMatch(SectionForm::needsGenerator);
            Eventually.within().untilAsserted(() -> {
                assertThat(sent("messages_sent", "section_edits")).isPositive().isEqualTo((double)
                        with.forms().size());
                assertThat(sent("message_bytes_sent", "section_edits"))
                        .isBetween(1.0, sent("message_bytes_sent", "terrain"));
            });
        }
    }

    private double sent(String name, String kind) {
        return mesh.registries
                .getFirst()
                .get(name)
                .tag("kind", kind)
                .functionCounter()
                .count();
    }

    @Test
    void countsWhatEachPlayerIsSentByKind() {
        mesh.join("ada", 0);
        mesh.join("bob", 0);

        Eventually.within()
                .untilAsserted(() -> assertThat(
                                mesh.servers.getFirst().playerFigures().join())
                        .hasSize(2)
                        .allSatisfy(player -> {
                            assertThat(player.name()).isIn("ada", "bob");
                            assertThat(player.sentRate()).isPositive();
                            assertThat(player.kinds())
                                    .filteredOn(of -> of.kind() == MessageKind.SNAPSHOT)
                                    .allMatch(of -> of.sentMessages() > 0 && of.sentBytes() > of.sentMessages());
                            assertThat(player.kinds())
                                    .filteredOn(of -> of.kind() == MessageKind.TERRAIN)
                                    .allMatch(of -> of.sentBytes() > 0);
                            assertThat(player.kinds())
                                    .filteredOn(of -> of.kind() == MessageKind.INPUT)
                                    .allMatch(of -> of.receivedBytes() > 0 && of.sentBytes() == 0);
                        }));
    }

    @Test
    void saysWhatItIsToTheCoordinator() throws Exception {
        mesh.join("ada", 0);

        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.coordinator.member(1).heartbeat)
                        .isNotNull()
                        .satisfies(heartbeat -> {
                            assertThat(heartbeat.getLoad().getPlayers()).isEqualTo(1);
                            assertThat(heartbeat.getLoad().getMemory()).isBetween(0.001, 1.0);
                            assertThat(heartbeat.getRegionsList()).hasSize(8);
                        }));
        assertThat(mesh.coordinator.tokens()).contains("Bearer token-of-a-pod");
        assertThat(Files.readString(mesh.files.terminationLog("demo-0"))).isEqualTo("gamemesh-incarnation=1\n");
    }

    @Test
    void goesOnWithoutACoordinator() {
        GameClient ada = mesh.join("ada", 0);
        mesh.coordinator.close();
        long before = snapshots(ada);

        GameClient bob = mesh.join("bob", 0);

        Eventually.within().untilAsserted(() -> {
            assertThat(snapshots(ada)).isGreaterThan(before + 20);
            assertThat(names(bob)).contains("ada");
        });
    }
}
