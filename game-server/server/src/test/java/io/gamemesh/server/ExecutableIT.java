package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.Movement;
import io.gamemesh.client.RemoteEntity;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The native executable does what the tests of the classes have shown on a Java machine: what is loaded by name, bound
 * to native code or read from resources is what an executable can lack. The east belongs to server 0, the west to 1.
 */
class ExecutableIT {
    private static final String ISSUER = "https://login.example";
    private static final double BRISK = 6;

    @TempDir
    Path directory;

    private MeshFiles files;
    private FakeCoordinator coordinator;
    private final List<RunningExecutable> servers = new ArrayList<>();
    private final List<GameClient> clients = new ArrayList<>();

    @BeforeEach
    void prepareAMesh() throws Exception {
        files = MeshFiles.in(directory, TestMesh.TLS_NAME);
        coordinator = new FakeCoordinator(files, List.of("demo-0", "demo-1"));
    }

    @AfterEach
    void stop() {
        clients.forEach(GameClient::close);
        servers.forEach(RunningExecutable::close);
        coordinator.close();
    }

    private RunningExecutable start(Map<String, String> more) throws IOException {
        String name = "demo-" + servers.size();
        RunningExecutable server =
                new RunningExecutable(directory, name, TestConfig.keys(files, coordinator.port(), name, more));
        servers.add(server);
        int incarnation = servers.size();
        Eventually.within()
                .untilAsserted(() -> assertThat(coordinator.has(incarnation))
                        .as(server.log())
                        .isTrue());
        return server;
    }

    private void startRegions(int servers) {
        for (RegionId region : TestMesh.regions()) {
            int server = region.x() < 0 ? servers - 1 : 0;
            coordinator.start(server + 1, region, 1);
            Eventually.within().until(() -> coordinator.authorityOf(region).equals("demo-" + server));
        }
    }

    private ServerAddress address(int server) {
        return ServerAddress.parse(coordinator.member(server + 1).register.getInternalPlayerAddress());
    }

    private GameClient.Builder builder(String name) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(files.ca())) {
            return GameClient.builder()
                    .servers(address(0))
                    .trust(List.of((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in)))
                    .meshName("default", "demo")
                    .giveUpAfter(Duration.ofSeconds(15))
                    .name(name);
        }
    }

    private GameClient join(GameClient.Builder builder) {
        GameClient client = builder.connect().orTimeout(20, TimeUnit.SECONDS).join();
        clients.add(client);
        return client;
    }

    private static double x(GameClient client) {
        return client.inspect(WorldView::x).join();
    }

    private static List<String> names(GameClient client) {
        return client.inspect(
                        view -> view.entities().stream().map(RemoteEntity::name).toList())
                .join();
    }

    @Test
    void isReadyAndSaysWhatItIs() throws Exception {
        RunningExecutable server = start(Map.of());
        startRegions(1);

        assertThat(server.http("/ready").statusCode()).isEqualTo(200);
        assertThat(server.http("/health").statusCode()).isEqualTo(200);
        assertThat(server.management("/metrics").body())
                .contains("server_fps_avg", "tick_duration_ms_bucket", "tick_duration_ms{quantile=\"0.99\"")
                .contains("active_regions 8.0");
        assertThat(coordinator.member(1).register.getCapacity().getMemoryBytes())
                .isPositive();
        assertThat(Files.readString(files.terminationLog("demo-0"))).isEqualTo("gamemesh-incarnation=1\n");
    }

    @Test
    void reportsTheMemoryAndCpuThatItTakes() throws Exception {
        start(Map.of());
        startRegions(1);

        Eventually.within()
                .untilAsserted(() -> assertThat(coordinator.member(1).heartbeat)
                        .isNotNull()
                        .satisfies(heartbeat -> {
                            assertThat(heartbeat.getLoad().getMemory()).isBetween(0.0001, 1.0);
                            assertThat(heartbeat.getLoad().getCpu()).isBetween(0.0001, 1.5);
                            assertThat(heartbeat.getRegionsList()).hasSize(8);
                        }));
    }

    @Test
    void answersQueries() throws Exception {
        int port = RunningExecutable.freePort();
        start(Map.of("gamemesh.listen.query-port", Integer.toString(port)));

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"server\":\"demo-0\"");
        }
    }

    @Test
    void letsPlayersSeeEachOtherAndBuild() throws Exception {
        start(Map.of("gamemesh.world.generator", "hills"));
        startRegions(1);

        GameClient ada = join(builder("ada"));
        GameClient bob = join(builder("bob"));
        Eventually.within().untilAsserted(() -> assertThat(names(ada)).contains("bob"));
        int x = (int) Math.floor(x(ada)) + 2;
        int y = (int) Math.floor(ada.inspect(WorldView::y).join()) - 1;
        int z = (int) Math.floor(ada.inspect(WorldView::z).join());
        Eventually.within()
                .untilAsserted(() -> assertThat(
                                bob.inspect(view -> view.block(x, y, z)).join())
                        .isPresent());

        assertThat(ada.edit(x, y, z, Blocks.BRICK).join()).isEqualTo(EditOutcome.ACCEPTED);
        Eventually.within()
                .untilAsserted(() -> assertThat(
                                bob.inspect(view -> view.block(x, y, z)).join())
                        .hasValue(Blocks.BRICK));
    }

    @Test
    void handsPlayersAndRegionsToEachOther() throws Exception {
        start(Map.of());
        start(Map.of());
        startRegions(2);
        List<RedirectReason> travels = new CopyOnWriteArrayList<>();
        GameClient ada = join(builder("ada").listener(new GameListener() {
            @Override
            public void serverChanged(WorldView world, ServerAddress from, ServerAddress to, RedirectReason why) {
                travels.add(why);
            }
        }));
        travels.clear();

        boolean east = x(ada) >= 0;
        ada.move(Movement.walk(east ? -BRISK : BRISK, 0));
        Eventually.within()
                .untilAsserted(() -> assertThat(travels)
                        .as(servers.getFirst().log() + servers.getLast().log())
                        .contains(RedirectReason.CROSSED));
        ada.move(Movement.STILL);

        int here = east ? 2 : 1;
        for (RegionId region : TestMesh.regions()) {
            if (coordinator.authorityOf(region).equals("demo-" + (here - 1))) {
                coordinator.move(region, 1, here, 3 - here, 2);
                Eventually.within()
                        .untilAsserted(() -> assertThat(coordinator.authorityOf(region))
                                .as(servers.getFirst().log() + servers.getLast().log())
                                .isEqualTo("demo-" + (2 - here)));
            }
        }
        Eventually.within()
                .untilAsserted(
                        () -> assertThat(ada.inspect(WorldView::server).join()).isEqualTo("demo-" + (2 - here)));
    }

    @Test
    void knowsPlayersByTheirTokens() throws Exception {
        PublicJsonWebKey rsa = RsaJwkGenerator.generateJwk(2048);
        PublicJsonWebKey elliptic = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        PublicJsonWebKey edwards = OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519);
        Path keys = directory.resolve("jwks.json");
        Files.writeString(keys, new JsonWebKeySet(rsa, elliptic, edwards).toJson());
        Map<String, String> jwt = new HashMap<>();
        jwt.put("gamemesh.security.players", "JWT");
        jwt.put("gamemesh.security.jwt.issuer", ISSUER);
        jwt.put("gamemesh.security.jwt.audience", "demo");
        jwt.put("gamemesh.security.jwt.jwks-file", keys.toString());
        start(jwt);
        startRegions(1);

        GameClient first = join(builder("rsa").token(token(rsa, AlgorithmIdentifiers.RSA_USING_SHA256)));
        join(builder("ec").token(token(elliptic, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)));
        join(builder("ed").token(token(edwards, AlgorithmIdentifiers.EDDSA)));

        Eventually.within().untilAsserted(() -> assertThat(names(first)).contains("ec", "ed"));
    }

    private static String token(PublicJsonWebKey signer, String algorithm) throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience("demo");
        claims.setSubject("player of " + algorithm);
        claims.setExpirationTimeMinutesInTheFuture(5);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(signer.getPrivateKey());
        signature.setAlgorithmHeaderValue(algorithm);
        return signature.getCompactSerialization();
    }

    @Test
    void handsItsRegionsOverAndEndsOnSigterm() throws Exception {
        RunningExecutable server = start(Map.of());
        Eventually.within()
                .untilAsserted(() -> assertThat(coordinator.member(1).heartbeat)
                        .as(server.log())
                        .isNotNull());

        int status = server.terminate();

        assertThat(status).as(server.log()).isIn(0, 128 + 15);
        Eventually.within()
                .untilAsserted(() ->
                        assertThat(coordinator.draining()).as(server.log()).isTrue());
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() throws Exception {
        RunningExecutable server = new RunningExecutable(
                directory,
                "demo-0",
                TestConfig.keys(files, coordinator.port(), "demo-0", Map.of("gamemesh.world.generator", "swamp")));
        servers.add(server);

        assertThat(server.exitStatus()).isNotZero();
        assertThat(server.log()).contains("'swamp'").contains("[flat, hills]");
    }

    @Test
    void endsWhenItsHeapIsFull() throws Exception {
        String tooLong = "x".repeat(64 << 20);
        Map<String, String> keys =
                TestConfig.keys(files, coordinator.port(), "demo-0", Map.of("gamemesh.mesh.name", tooLong));

        RunningExecutable server = new RunningExecutable(directory, "demo-0", keys, "-XX:MaxRAM=64m");
        servers.add(server);

        assertThat(server.exitStatus()).as(server.log()).isEqualTo(3);
        assertThat(server.log()).contains("Terminating due to java.lang.OutOfMemoryError");
    }
}
