package io.gamemesh.benchmark.server;

import io.gamemesh.coordinator.tls.CertificateAuthority;
import io.gamemesh.coordinator.tls.Leaf;
import io.gamemesh.coordinator.tls.LeafRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files that a game server finds in its pod, in a folder of their own on this machine, made as the operator makes them. */
final class Pod implements AutoCloseable {
    static final String MESH = "bench";
    static final String NAMESPACE = "default";

    private static final int TICKET_KEY_BYTES = 32;
    private static final String TLS_NAME = MESH + "." + NAMESPACE + ".gamemesh";

    private final Path folder;
    private final Leaf coordinator;

    Pod() {
        SecureRandom random = new SecureRandom();
        CertificateAuthority authority = CertificateAuthority.create("benchmark", Instant.now(), random);
        coordinator = authority.issue(
                new LeafRequest("coordinator", List.of("localhost"), Duration.ofDays(1)), Instant.now());
        Leaf server = authority.issue(new LeafRequest("server", List.of(TLS_NAME), Duration.ofDays(1)), Instant.now());
        byte[] ticketKey = new byte[TICKET_KEY_BYTES];
        random.nextBytes(ticketKey);
        try {
            folder = Files.createTempDirectory("gamemesh-pod");
            Files.writeString(authority(), authority.certificatePem());
            Files.writeString(folder.resolve("tls.crt"), server.certificatePem());
            Files.writeString(folder.resolve("tls.key"), server.keyPem());
            Files.write(folder.resolve("ticket.key"), ticketKey);
            Files.writeString(folder.resolve("token"), "token");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What players trust. */
    Path authority() {
        return folder.resolve("ca.crt");
    }

    /** The coordinator's certificate. */
    Leaf coordinator() {
        return coordinator;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Writes the configuration that says the same as a mesh's ConfigMap, with free ports. */
    Path configuration(Setting setting, int coordinatorPort, int httpPort, int managementPort) {
        String more = setting.more().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
        try {
            return Files.writeString(file("gamemesh.properties"), """
                    gamemesh.mesh.name=%1$s
                    gamemesh.mesh.namespace=%2$s
                    gamemesh.coordinator.endpoint=localhost:%3$d
                    gamemesh.coordinator.token-file=%4$s/token
                    gamemesh.coordinator.ca-file=%4$s/ca.crt
                    gamemesh.security.directory=%4$s
                    gamemesh.server.termination-log=%4$s/termination-log
                    gamemesh.server.address=127.0.0.1
                    gamemesh.server.drain-deadline=1s
                    gamemesh.world.seed=42
                    gamemesh.world.bounds=%6$s
                    gamemesh.listen.host=127.0.0.1
                    gamemesh.listen.player-port=0
                    gamemesh.listen.query-port=0
                    gamemesh.listen.peer-port=0
                    quarkus.http.host=127.0.0.1
                    quarkus.http.port=%5$d
                    quarkus.management.host=127.0.0.1
                    quarkus.management.port=%7$d
                    %8$s
                    """.formatted(
                    MESH, NAMESPACE, coordinatorPort, folder, httpPort, setting.bounds(), managementPort, more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
