package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.client.ClientStatistics;
import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.Movement;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.sealed.PathMessage;
import io.gamemesh.protocol.sealed.SealedEnd;
import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real client and the real server, with a network between them that a test spoils. */
class SealedDatagramsTest {
    private static final int FOREIGN_PACKETS = 300;
    /** Of the servers of tests, or more. */
    private static final int MAX_TICK_RATE = 30;

    @TempDir
    Path directory;

    private TestMesh mesh;
    private UdpProxy network;
    private final List<GameClient> joined = new ArrayList<>();

    @BeforeEach
    void startAServer() throws Exception {
        start(Map.of());
    }

    private void start(Map<String, String> more) throws Exception {
        mesh = new TestMesh(directory, 1, more);
        mesh.startAll(0);
        network = new UdpProxy(mesh.servers.getFirst().playerAddress());
    }

    private void join() {
        joined.add(mesh.builder(0)
                .servers(new ServerAddress("127.0.0.1", network.port()))
                .name("ada")
                .connect()
                .orTimeout(20, TimeUnit.SECONDS)
                .join());
    }

    private GameClient ada() {
        return joined.getLast();
    }

    private void joinAndSeal() {
        join();
        awaitSealed();
    }

    @AfterEach
    void stop() {
        joined.forEach(GameClient::close);
        network.close();
        mesh.close();
    }

    private ClientStatistics statistics() {
        return ada().statistics().join();
    }

    /** Waits until everything goes sealed, both ways. */
    private void awaitSealed() {
        Eventually.within().untilAsserted(() -> {
            ada().resetStatistics();
            awaitSnapshots(3);
            ClientStatistics since = statistics();
            assertThat(since.sealedReceived()).isPositive().isEqualTo(since.datagramReceived());
            assertThat(since.sealedSent()).isPositive().isEqualTo(since.datagramSent());
        });
    }

    /** Waits until everything goes over QUIC, both ways. */
    private void awaitQuic() {
        Eventually.within().untilAsserted(() -> {
            ada().resetStatistics();
            awaitSnapshots(3);
            ClientStatistics since = statistics();
            assertThat(since.sealedReceived()).isZero();
            assertThat(since.sealedSent()).isZero();
        });
    }

    private void awaitSnapshots(int more) {
        long before = snapshots();
        Eventually.within().until(() -> snapshots() >= before + more);
    }

    private long snapshots() {
        return ada().inspect(WorldView::snapshot).join();
    }

    private void assertThatItPlays() {
        double before = ada().inspect(WorldView::x).join();

        ada().move(Movement.walk(4, 0));

        Eventually.within()
                .untilAsserted(
                        () -> assertThat(ada().inspect(WorldView::x).join()).isGreaterThan(before + 1));
        assertThat(statistics().reconnects()).isZero();
    }

    @Test
    void sealsDatagramsOnceTheyGetThrough() {
        join();

        awaitSealed();

        assertThatItPlays();
    }

    private double counted(String name) {
        return mesh.registries.getFirst().get(name).functionCounter().count();
    }

    @Test
    void countsTheirBytes() {
        joinAndSeal();
        double sentBefore = counted("bytes_sent");
        double receivedBefore = counted("bytes_received");
        ada().resetStatistics();

        awaitSnapshots(20);

        ClientStatistics since = statistics();
        assertThat(since.wireReceived()).isGreaterThan(since.sealedReceived());
        assertThat(since.wireSent()).isGreaterThan(since.sealedSent());
        Eventually.within().untilAsserted(() -> {
            assertThat(counted("bytes_sent") - sentBefore).isGreaterThanOrEqualTo((double) since.sealedReceived());
            assertThat(counted("bytes_received") - receivedBefore).isGreaterThanOrEqualTo((double) since.sealedSent());
        });
    }

    @Test
    void staysWithQuicWhereSealedPacketsAreLost() {
        network.loseSealed(true, true);
        join();
        Eventually.within().until(() -> network.kindsUp.contains(0x0a));

        assertThatItPlays();

        assertThat(statistics().sealedSent()).isZero();
        assertThat(statistics().sealedReceived()).isZero();
    }

    @Test
    void staysWithQuicWhereAnswersAreLost() {
        network.loseSealed(false, true);
        join();
        Eventually.within().until(() -> network.kindsDown.contains(0x0a));

        assertThatItPlays();

        assertThat(statistics().sealedSent()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void fallsBackWhenSealedPacketsStopArrivingAndComesBackWhenTheyDo(boolean up, boolean down) {
        joinAndSeal();

        network.loseSealed(up, down);

        awaitQuic();
        assertThatItPlays();

        network.loseSealed(false, false);

        awaitSealed();
        assertThat(statistics().reconnects()).isZero();
    }

    @Test
    void fallsBackWhereOnlyProbesGetThrough() {
        joinAndSeal();

        network.loseSealedDatagramsUp();

        awaitQuic();
        assertThatItPlays();
    }

    /** Who is slow, or cut off for a moment, is not helped by packets that cost more. */
    @Test
    void staysSealedWhereNothingAtAllCameForAWhile() throws InterruptedException {
        joinAndSeal();
        ada().resetStatistics();

        network.loseAll(true, true);
        // For longer than it takes to find sealed packets blocked, and for less than a connection lives in silence.
        Thread.sleep(2500);
        network.loseAll(false, false);

        awaitSnapshots(30);
        ClientStatistics since = statistics();
        assertThat(since.sealedSent()).isPositive().isEqualTo(since.datagramSent());
        assertThat(since.sealedReceived()).isPositive().isEqualTo(since.datagramReceived());
        assertThatItPlays();
    }

    /** Where most packets are lost, those that are not sealed may be so one after the other. */
    @Test
    void livesOnSealedPacketsWhenQuicIsSilentForLong() {
        joinAndSeal();

        network.loseQuic();

        long silent = ClientTransport.IDLE_TIMEOUT.toSeconds() + 2;
        awaitSnapshots((int) silent * MAX_TICK_RATE);
        assertThatItPlays();

        network.loseSealed(false, false);

        assertThat(ada().ping()).as("an answer over QUIC").succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(statistics().reconnects()).isZero();
    }

    @Test
    void isForgottenByAServerThatHearsNothingAtAll() {
        joinAndSeal();

        network.loseAll(true, false);

        Eventually.within()
                .until(() ->
                        mesh.registries.getFirst().get("active_players").gauge().value() == 0);
    }

    @Test
    void goesOnToAnotherAddress() {
        joinAndSeal();

        network.rebind();
        ada().resetStatistics();

        awaitSealed();
        assertThatItPlays();
        assertThat(ada().ping()).as("an answer over QUIC").succeedsWithin(10, TimeUnit.SECONDS);
    }

    /** Who has seen a packet knows which connection it names, and nothing else. */
    @Test
    void sendsQuicOnlyToItsClientWhoeverElseNamesTheConnection() throws Exception {
        network.loseSealed(true, true);
        join();
        awaitQuic();
        try (DatagramSocket stranger = UdpProxy.socket()) {
            sayOften(stranger, network.latestQuicUp, mesh.servers.getFirst().playerAddress());

            assertThat(bytesReceived(stranger)).isZero();
        }
        assertThat(mesh.refused(0, "quic-unproven-address")).isEqualTo(FOREIGN_PACKETS);
        assertThatItPlays();
    }

    @Test
    void answersItsServerWhoeverElseNamesTheConnection() throws Exception {
        network.loseSealed(true, true);
        join();
        awaitQuic();
        try (DatagramSocket stranger = UdpProxy.socket()) {
            // As long as the server is heard, the client is hardly ever wrong for longer than it has nothing to say.
            network.loseAll(false, true);
            sayOften(stranger, network.latestQuicDown, network.client());

            assertThat(bytesReceived(stranger)).isZero();
        }
        network.loseSealed(true, true);
        assertThatItPlays();
    }

    /** Sends packets that name the connection which this one is of, and are of nobody who is at either of its ends. */
    private static void sayOften(DatagramSocket stranger, byte @Nullable [] genuine, SocketAddress to)
            throws IOException, InterruptedException {
        byte[] packet = new byte[100];
        System.arraycopy(Objects.requireNonNull(genuine), 0, packet, 0, 21);
        for (int i = 0; i < FOREIGN_PACKETS; i++) {
            stranger.send(new DatagramPacket(packet, packet.length, to));
            Thread.sleep(1);
        }
    }

    @Test
    void sendsNoMoreThanItGotToAnAddressThatIsNotProven() throws IOException {
        joinAndSeal();
        try (DatagramSocket stranger = UdpProxy.socket()) {
            network.divertOne(stranger);
            awaitSnapshots(20);

            stranger.setSoTimeout(300);
            DatagramPacket probe = new DatagramPacket(new byte[2048], 2048);
            stranger.receive(probe);

            assertThat(probe.getData()[0] & 0xff).as("a path message").isEqualTo(0x0a);
            assertThat(probe.getLength()).isLessThanOrEqualTo(Objects.requireNonNull(network.latestSealed).length);
            assertThatThrownBy(() -> stranger.receive(probe)).isInstanceOf(SocketTimeoutException.class);
        }
        awaitSealed();
    }

    /** Of a client who says that it is somebody else, and seals what is shorter than what the server might say to it. */
    @ParameterizedTest
    @CsvSource({"false, 0", "false, 1", "false, 8", "false, 9", "true, 0", "true, 1", "true, 8", "true, 9"})
    void sendsNoMoreThanItGotHoweverLittleThatIs(boolean path, int payload) throws IOException {
        InetSocketAddress server = mesh.servers.getFirst().playerAddress();
        try (RawClient mallory = new RawClient(mesh.files, server);
                DatagramSocket victim = UdpProxy.socket()) {
            SealedEnd keys = SealedEnd.ofClient(sealedKeys(mallory));
            byte[] packet = new byte[SealedPacket.MAX_BYTES];
            new PathMessage(PathMessage.Kind.PROBE, 1).write(packet);
            int sent = keys.seal(packet, payload, path);

            victim.send(new DatagramPacket(packet, sent, server));

            assertThat(bytesReceived(victim)).isLessThanOrEqualTo(sent);
        }
    }

    private static ToClient.SealedKeys sealedKeys(RawClient client) {
        client.control(RawClient.frame(new ToServer.Hello(
                Wire.VERSION, Wire.SEALED, ToServer.Network.CLUSTER, "mallory", Optional.empty(), Optional.empty())));
        Eventually.within().until(() -> client.received().stream().anyMatch(ToClient.SealedKeys.class::isInstance));
        return client.received().stream()
                .filter(ToClient.SealedKeys.class::isInstance)
                .map(ToClient.SealedKeys.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** All that comes until nothing has come for a while. */
    private static int bytesReceived(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(300);
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        int bytes = 0;
        while (true) {
            try {
                packet.setLength(2048);
                socket.receive(packet);
                bytes += packet.getLength();
            } catch (SocketTimeoutException e) {
                return bytes;
            }
        }
    }

    @Test
    void changesItsKeysWithoutLosingAnything() throws Exception {
        stop();
        start(Map.of("gamemesh.limits.rekey-after", "200ms"));
        joinAndSeal();

        Eventually.within().untilAsserted(() -> {
            assertThat(network.kindsUp).contains(0x08, 0x09);
            assertThat(network.kindsDown).contains(0x08, 0x09);
        });

        assertThatItPlays();
        assertThat(statistics().sealedDropped()).isZero();
        assertThat(mesh.refused(0, "sealed-unknown-key")).isZero();
        assertThat(mesh.refused(0, "sealed-forged")).isZero();
    }

    @Test
    void takesDoubledPacketsOnce() {
        network.doubleAll();
        joinAndSeal();

        Eventually.within().until(() -> mesh.refused(0, "sealed-replayed") > 10);

        assertThatItPlays();
        awaitSealed();
    }

    @Test
    void dropsAndCountsWhatIsNotItsPlayers() {
        joinAndSeal();
        byte[] genuine = Objects.requireNonNull(network.latestSealed);
        byte[] forged = genuine.clone();
        forged[7] = 1;
        byte[] foreign = genuine.clone();
        foreign[2] ^= 1;
        byte[] otherKey = genuine.clone();
        otherKey[0] ^= 1;

        for (int i = 0; i < 5; i++) {
            network.inject(forged);
            network.inject(foreign);
            network.inject(otherKey);
            network.inject(genuine);
            network.inject(Arrays.copyOf(genuine, 22));
        }

        Eventually.within().untilAsserted(() -> {
            assertThat(mesh.refused(0, "sealed-forged")).isEqualTo(5);
            assertThat(mesh.refused(0, "sealed-unknown-connection")).isEqualTo(5);
            assertThat(mesh.refused(0, "sealed-unknown-key")).isEqualTo(5);
            assertThat(mesh.refused(0, "sealed-replayed")).isEqualTo(5);
            assertThat(mesh.refused(0, "sealed-missized")).isEqualTo(5);
        });
        assertThat(mesh.registries.getFirst().counter("packets_dropped").count())
                .isGreaterThanOrEqualTo(25);
        awaitSealed();
        assertThatItPlays();
    }
}
