package io.gamemesh.server;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.protocol.id.RegionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** Servers of one mesh on loopback, with a coordinator that a test commands. Server N is incarnation N + 1. */
final class TestMesh implements AutoCloseable {
    static final String TLS_NAME = "demo.default.gamemesh";

    final MeshFiles files;
    final FakeCoordinator coordinator;
    final List<GameServer> servers = new ArrayList<>();
    final List<SimpleMeterRegistry> registries = new ArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<GameClient> clients = new ArrayList<>();

    TestMesh(Path directory, int count, Map<String, String> more) throws IOException, GeneralSecurityException {
        files = MeshFiles.in(directory, TLS_NAME);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("demo-" + i);
        }
        coordinator = new FakeCoordinator(files, names);
        for (int i = 0; i < count; i++) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            registries.add(registry);
            servers.add(new GameServer(
                    TestConfig.of(files, coordinator.port(), names.get(i), more), "test", registry, failures::add));
            int incarnation = i + 1;
            Eventually.within().until(() -> coordinator.has(incarnation));
        }
    }

    /** All eight regions round the origin. */
    static List<RegionId> regions() {
        List<RegionId> regions = new ArrayList<>();
        for (int cell = 0; cell < 8; cell++) {
            regions.add(RegionId.of(0, -(cell & 1), -(cell >> 1 & 1), -(cell >> 2 & 1)));
        }
        return regions;
    }

    /** Starts a region and waits until the map names its authority. */
    void start(int server, RegionId region, long epoch) {
        coordinator.start(server + 1, region, epoch);
        Eventually.within().until(() -> coordinator.authorityOf(region).equals("demo-" + server));
    }

    /** Starts all regions on one server. */
    void startAll(int server) {
        for (RegionId region : regions()) {
            start(server, region, 1);
        }
        mapKnown();
    }

    /** Starts the regions east of the middle on the first server, and those west of it on the second. */
    void startEastAndWest() {
        for (RegionId region : regions()) {
            start(region.x() < 0 ? 1 : 0, region, 1);
        }
        mapKnown();
    }

    /** Waits until every server has the coordinator's newest map. */
    void mapKnown() {
        Eventually.within().until(() -> servers.stream().allMatch(server -> server.leaves() >= coordinator.leaves()));
    }

    ServerAddress address(int server) {
        return new ServerAddress(
                "127.0.0.1", servers.get(server).playerAddress().getPort());
    }

    GameClient join(String name, int server) {
        return join(name, server, new GameListener() {});
    }

    GameClient join(String name, int server, GameListener listener) {
        GameClient client = builder(server)
                .name(name)
                .listener(listener)
                .connect()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        clients.add(client);
        return client;
    }

    GameClient.Builder builder(int server) {
        return GameClient.builder()
                .servers(address(server))
                .trust(List.of(authority()))
                .meshName("default", "demo")
                .giveUpAfter(Duration.ofSeconds(15));
    }

    private X509Certificate authority() {
        try (InputStream in = Files.newInputStream(files.ca())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException("the test's own certificate cannot be read", e);
        }
    }

    double refused(int server, String reason) {
        return registries.get(server).find("inputs_refused").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        clients.forEach(GameClient::close);
        servers.forEach(GameServer::close);
        coordinator.close();
        Assertions.assertThat(failures).isEmpty();
    }
}
