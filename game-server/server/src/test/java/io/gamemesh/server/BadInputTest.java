package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameClientException;
import io.gamemesh.client.WorldView;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.server.RawClient.End;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers may get wrong: each gets its error, is counted, and costs a player who is there nothing. */
class BadInputTest {
    private static final int ROOM = 3;

    @TempDir
    Path directory;

    private TestMesh mesh;
    private GameClient witness;

    @BeforeEach
    void startAServerWithAPlayer() throws Exception {
        mesh = new TestMesh(
                directory,
                1,
                Map.of(
                        "gamemesh.server.max-players",
                        String.valueOf(ROOM),
                        "gamemesh.limits.handshake-timeout",
                        "5s",
                        "gamemesh.limits.inputs-per-second",
                        "100",
                        "gamemesh.world.generator",
                        "hills"));
        mesh.startAll(0);
        witness = mesh.join("witness", 0);
    }

    /** Whatever a test did, the witness goes on seeing the world, on the connection it has. */
    @AfterEach
    void theOthersNoticeNothing() {
        try {
            long before = snapshots();

            Eventually.within().until(() -> snapshots() > before + 5);

            assertThat(witness.statistics().join().reconnects()).isZero();
        } finally {
            mesh.close();
        }
    }

    private long snapshots() {
        return witness.inspect(WorldView::snapshot).join();
    }

    private RawClient connect() {
        return new RawClient(mesh.files, mesh.servers.getFirst().playerAddress());
    }

    private RawClient joined(String name) {
        RawClient client = connect();
        client.control(RawClient.frame(RawClient.hello(name)));
        Eventually.within().until(() -> client.received().stream().anyMatch(ToClient.Welcome.class::isInstance));
        return client;
    }

    private void assertRefused(End end, CloseCode code, String reason) {
        assertThat(end.code()).contains(code);
        assertThat(end.reason()).contains(reason);
        assertThat(mesh.refused(0, code.name().toLowerCase(Locale.ROOT))).isEqualTo(1);
    }

    @Test
    void refusesAMalformedDatagram() {
        try (RawClient client = joined("mallory")) {
            client.datagram(new byte[] {1, 2, 3});

            assertRefused(client.end(), CloseCode.MALFORMED, "Input acknowledges is 2");
        }
    }

    @Test
    void refusesAnOversizedMessage() {
        try (RawClient client = connect()) {
            client.control(new byte[] {(byte) 0x80, 1, 0, 1, 1});

            assertRefused(client.end(), CloseCode.TOO_LARGE, "expected at most " + Wire.MAX_MESSAGE_TO_SERVER);
        }
    }

    @Test
    void refusesAMessageThatIsNone() {
        try (RawClient client = connect()) {
            client.control(new byte[] {2, 0x3f, 0});

            assertThat(client.end().code()).contains(CloseCode.MALFORMED);
        }
    }

    @Test
    void refusesAnotherVersionOfTheProtocol() {
        byte[] hello = RawClient.frame(RawClient.hello("mallory"));
        // Length prefix, type, then the version.
        hello[2] = 9;
        try (RawClient client = connect()) {
            client.control(hello);

            assertRefused(client.end(), CloseCode.UNSUPPORTED_VERSION, "version is 9");
        }
    }

    @Test
    void refusesAnUnknownBlock() {
        try (RawClient client = connect()) {
            QuicStreamChannel control = client.control(RawClient.frame(RawClient.hello("mallory")));
            Eventually.within().until(() -> client.received().stream().anyMatch(ToClient.Welcome.class::isInstance));

            RawClient.write(control, RawClient.frame(new ToServer.BlockEdit(7, 0, 0, 0, 4000)));

            Eventually.within()
                    .untilAsserted(() -> assertThat(client.received())
                            .contains(new ToClient.EditResult(7, EditOutcome.UNKNOWN_BLOCK)));
            assertThat(mesh.refused(0, "edit-unknown_block")).isEqualTo(1);
        }
    }

    @Test
    void closesAHalfOpenConnection() {
        try (RawClient client = connect()) {
            assertRefused(client.end(), CloseCode.HANDSHAKE_TIMEOUT, "no Hello within 5000 ms");
        }
    }

    @Test
    void refusesEditsOfManyBlocksUnlessItIsConfigured() {
        GameClient ada = mesh.join("ada", 0);

        EditOutcome outcome =
                ada.fill(new EditShape.Box(0, 1, 0, 1, 1, 1), Blocks.BRICK).join();

        assertThat(outcome).isEqualTo(EditOutcome.NOT_ALLOWED);
        assertThat(mesh.refused(0, "edit-not_allowed")).isEqualTo(1);
    }

    @Test
    void refusesAJoinWhenItIsFull() {
        try (RawClient second = joined("second");
                RawClient third = joined("third");
                RawClient fourth = connect()) {
            fourth.control(RawClient.frame(RawClient.hello("fourth")));

            assertRefused(fourth.end(), CloseCode.SERVER_FULL, "its " + ROOM + " players");
            assertThat(second.received()).isNotEmpty();
            assertThat(third.received()).isNotEmpty();
        }
    }

    @Test
    void letsSomebodyInAgainOnceThereIsRoom() {
        try (RawClient second = joined("second")) {
            joined("third").close();
            Eventually.within().until(() -> mesh.servers.getFirst().status().players() == 2);

            try (RawClient fourth = joined("fourth")) {
                assertThat(fourth.received()).isNotEmpty();
                assertThat(second.received()).isNotEmpty();
            }
        }
    }

    @Test
    void refusesAForgedTicket() {
        try (RawClient client = connect()) {
            Optional<Bytes> ticket = Optional.of(Bytes.copyOf(new byte[120]));
            client.control(RawClient.frame(RawClient.hello("mallory", Optional.empty(), ticket)));

            assertRefused(client.end(), CloseCode.BAD_TICKET, "join without it");
        }
    }

    @Test
    void refusesASecondHello() {
        try (RawClient client = connect()) {
            QuicStreamChannel control = client.control(RawClient.frame(RawClient.hello("mallory")));

            RawClient.write(control, RawClient.frame(RawClient.hello("mallory")));

            assertRefused(client.end(), CloseCode.UNEXPECTED, "second Hello");
        }
    }

    @Test
    void refusesAnythingBeforeHello() {
        try (RawClient client = connect()) {
            client.control(RawClient.frame(new ToServer.Ping(1)));

            assertRefused(client.end(), CloseCode.UNEXPECTED, "before Hello");
        }
    }

    @Test
    void closesAConnectionWhoseClientStaysThoughToldToLeave() {
        try (RawClient client = connect()) {
            client.control(RawClient.frame(new ToServer.Ping(1)));

            End said = client.end();

            assertThat(client.received()).containsExactly(new ToClient.Disconnect(CloseCode.UNEXPECTED, said.reason()));
            assertThat(client.closed()).isEqualTo(said);
        }
    }

    @Test
    void refusesTheEndOfTheControlStream() throws Exception {
        try (RawClient client = connect()) {
            QuicStreamChannel control = client.control(RawClient.frame(RawClient.hello("mallory")));

            control.shutdownOutput().await(5, TimeUnit.SECONDS);

            assertRefused(client.end(), CloseCode.UNEXPECTED, "control stream ended");
        }
    }

    @Test
    void refusesTheResetOfTheControlStream() throws Exception {
        try (RawClient client = connect()) {
            QuicStreamChannel control = client.control(RawClient.frame(RawClient.hello("mallory")));

            control.shutdownOutput(7).await(5, TimeUnit.SECONDS);

            assertRefused(client.end(), CloseCode.UNEXPECTED, "control stream was reset");
        }
    }

    @Test
    void refusesAFlood() {
        try (RawClient client = connect()) {
            QuicStreamChannel control = client.control(RawClient.frame(RawClient.hello("mallory")));
            for (int i = 0; i < 300; i++) {
                ChannelFuture _ = control.write(Unpooled.wrappedBuffer(RawClient.frame(new ToServer.Ping(i))));
            }
            control.flush();

            assertRefused(client.end(), CloseCode.RATE_LIMITED, "more than 100");
        }
    }

    @Test
    void dropsPacketsThatAreNotQuicAndCountsThem() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] noise = new byte[300];
            for (int i = 0; i < 50; i++) {
                socket.send(new DatagramPacket(
                        noise, noise.length, mesh.servers.getFirst().playerAddress()));
            }
        }

        Eventually.within()
                .untilAsserted(() -> assertThat(mesh.refused(0, "not-quic")).isEqualTo(50));
    }

    @Test
    void keepsNamesApartWithoutStealing() {
        GameClient other = mesh.builder(0).name("witness").connect().join();
        try {
            long own = witness.inspect(WorldView::entityId).join();
            long others = other.inspect(WorldView::entityId).join();

            assertThat(others).isNotEqualTo(own);
        } finally {
            other.close();
        }
    }

    @Test
    void givesAPlayerBackToWhoeverHoldsItsKey() {
        GameClient first =
                mesh.builder(0).name("ada").token("a secret of ada's").connect().join();
        long entity = first.inspect(WorldView::entityId).join();

        GameClient second =
                mesh.builder(0).name("ada").token("a secret of ada's").connect().join();
        try {
            assertThat(second.inspect(WorldView::entityId).join()).isEqualTo(entity);
            GameClientException why =
                    first.ended().orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(why).hasMessageContaining("REPLACED");
        } catch (CompletionException e) {
            throw new AssertionError(e);
        } finally {
            second.close();
        }
    }
}
