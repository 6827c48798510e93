package io.gamemesh.benchmark.transport;

import io.gamemesh.coordinator.tls.CertificateAuthority;
import io.gamemesh.coordinator.tls.Leaf;
import io.gamemesh.coordinator.tls.LeafRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The certificate of the server, in a folder of its own. */
final class Files implements AutoCloseable {
    static final String TLS_NAME = "bench.default.gamemesh";

    private final Path folder;

    Files() {
        CertificateAuthority authority = CertificateAuthority.create("benchmark", Instant.now(), new SecureRandom());
        Leaf leaf = authority.issue(new LeafRequest("server", List.of(TLS_NAME), Duration.ofDays(1)), Instant.now());
        try {
            folder = java.nio.file.Files.createTempDirectory("gamemesh-transport");
            java.nio.file.Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
            java.nio.file.Files.writeString(folder.resolve("tls.crt"), leaf.certificatePem());
            java.nio.file.Files.writeString(folder.resolve("tls.key"), leaf.keyPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            for (String file : List.of("ca.crt", "tls.crt", "tls.key")) {
                java.nio.file.Files.delete(folder.resolve(file));
            }
            java.nio.file.Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
