package io.gamemesh.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.crd.v1alpha1.RegionStatus;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.server.store.PostgresCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A world that is kept in a PostgreSQL, and outlives all of its servers. The database runs on the machine of the test, on an
 * address that pods reach, since there is no image of one to be had everywhere.
 */
@ClusterTest
class StoreIT {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration SETTLED = Duration.ofMinutes(2);

    private static final String WORLD = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: kept
            spec:
              world:
                bounds:
                  min: [0, 0, 0]
                  max: [2048, 2048, 2048]
              servers:
                replicas: 2
                template:
                  spec:
            %s
              stores:
                postgres:
                  secretRef:
                    name: database
            """.formatted(KillablePod.podSpec().indent(10));

    @TempDir
    private Path folder;

    @Test
    void goesOnWithWhatPlayersBuiltAfterAllServersWereKilledAtOnce(TestNamespace namespace) throws IOException {
        try (PostgresCluster database = new PostgresCluster(address())) {
            Mesh mesh = apply(namespace, database);
            Place place = build(mesh);
            awaitStored(mesh);

            CompletableFuture.allOf(mesh.pods().stream()
                            .map(pod -> pod.getMetadata().getName())
                            .map(server -> CompletableFuture.runAsync(() -> mesh.kill(server)))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
            mesh.awaitThat("the region to say what it goes on from", SETTLED, StoreIT::isRestored);
            mesh.awaitReady(SETTLED);

            try (GameClient bob = join(mesh, "bob")) {
                mesh.awaitThat(
                        "the block to be there",
                        Duration.ofSeconds(30),
                        any -> bob.inspect(view -> view.block(place.x(), place.y(), place.z()))
                                .join()
                                .equals(OptionalInt.of(Blocks.BRICK)));
            }
            mesh.delete();
            mesh.awaitThat("it to be gone", SETTLED, any -> any.read().isEmpty());
        }
    }

    private record Place(int x, int y, int z) {}

    private Mesh apply(TestNamespace namespace, PostgresCluster database) throws IOException {
        Path secret = database.secret(folder);
        SecretBuilder builder =
                new SecretBuilder().withNewMetadata().withName("database").endMetadata();
        for (String key : List.of("url", "username", "password")) {
            builder.addToStringData(key, Files.readString(secret.resolve(key)).strip());
        }
        namespace
                .client()
                .resource(builder.build())
                .inNamespace(namespace.name())
                .create();
        namespace
                .client()
                .resource(KillablePod.configMap())
                .inNamespace(namespace.name())
                .create();
        Mesh mesh = Mesh.apply(namespace, WORLD);
        mesh.awaitReady(READY);
        return mesh;
    }

    private static Place build(Mesh mesh) {
        try (GameClient ada = join(mesh, "ada")) {
            Place place = ada.inspect(view -> new Place(
                            (int) Math.floor(view.x()) + 2,
                            (int) Math.floor(view.y()) + 3,
                            (int) Math.floor(view.z()) + 2))
                    .join();
            assertThat(ada.edit(place.x(), place.y(), place.z(), Blocks.BRICK)
                            .orTimeout(30, TimeUnit.SECONDS)
                            .join())
                    .isEqualTo(EditOutcome.ACCEPTED);
            return place;
        }
    }

    /**
     * What a backup has was acknowledged. The store has it once a batch that was begun since is written: there may be one
     * under way, and a snapshot, before that.
     */
    private static void awaitStored(Mesh mesh) {
        double writes = writes(mesh);
        mesh.awaitThat("a batch to be begun and stored", SETTLED, any -> writes(any) >= writes + 3);
    }

    private static double writes(Mesh mesh) {
        return mesh.scrape().values().stream()
                .mapToDouble(samples -> samples.values().getOrDefault("store_write_seconds_count", 0.0))
                .sum();
    }

    private static boolean isRestored(Mesh mesh) {
        return mesh.regions().values().stream()
                .map(RegionStatus::conditions)
                .allMatch(conditions -> conditions.stream()
                        .filter(condition -> condition.getType().equals("StateLost"))
                        .filter(condition -> condition.getStatus().equals("True"))
                        .map(Condition::getReason)
                        .anyMatch("RestoredFromStore"::equals));
    }

    private static GameClient join(Mesh mesh, String name) {
        return GameClient.builder()
                .servers(mesh.playerAddresses().stream()
                        .map(ServerAddress::parse)
                        .toList())
                .trust(List.of(certificate(mesh.certificateAuthority())))
                .meshName(mesh.namespace(), mesh.name())
                .name(name)
                .connect()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException("the mesh's certificate authority is no certificate", e);
        }
    }

    /** One that pods can reach: of the machine, and not of loopback. */
    private static InetAddress address() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(StoreIT::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this machine has no IPv4 address but that of loopback,"
                        + " expected one that pods can reach a database at"));
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException _) {
            return false;
        }
    }
}
