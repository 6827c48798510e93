package io.gamemesh.server.tls;

import io.gamemesh.protocol.wire.Wire;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The files of the mesh's secret. The leaf certificate signs for this server towards players and peers alike; peers are
 * checked against the mesh's own authority. Thread-safe.
 *
 * @param directory holds {@code tls.crt}, {@code tls.key}, {@code ca.crt} and {@code ticket.key}
 */
public record MeshCertificates(Path directory) {
    private static final String TLS_1_3 = "TLSv1.3";
    private static final int TICKET_KEY_BYTES = 32;

    /**
     * What signs tickets, {@value #TICKET_KEY_BYTES} bytes.
     *
     * @throws IOException if the file is missing or of another length
     */
    public byte[] ticketKey() throws IOException {
        Path file = directory.resolve("ticket.key");
        byte[] key = Files.readAllBytes(file);
        if (key.length != TICKET_KEY_BYTES) {
            throw new IOException("ticket key " + file + " has " + key.length + " bytes, expected " + TICKET_KEY_BYTES
                    + ": let the operator make the mesh's secret anew");
        }
        return key;
    }

    /**
     * For the players' port. Holds the certificate as it is now.
     *
     * @throws IllegalArgumentException if a file is missing or not PEM
     */
    QuicSslContext quic() {
        return QuicSslContextBuilder.forServer(file("tls.key"), null, file("tls.crt"))
                .applicationProtocols(Wire.ALPN)
                .build();
    }

    /**
     * For the peers' port: mutual TLS, the leaf renewed in place.
     *
     * @param reloads runs the check for a renewed certificate
     * @throws IOException if a file cannot be read
     * @throws GeneralSecurityException if a file is no certificate or key
     */
    public SslContext peerServer(ScheduledExecutorService reloads) throws IOException, GeneralSecurityException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(identity(reloads)))
                .trustManager(file("ca.crt"))
                .clientAuth(ClientAuth.REQUIRE)
                .protocols(TLS_1_3)
                .build();
    }

    /**
     * For calling peers: mutual TLS, the leaf renewed in place.
     *
     * @param reloads runs the check for a renewed certificate
     * @throws IOException if a file cannot be read
     * @throws GeneralSecurityException if a file is no certificate or key
     */
    public SslContext peerClient(ScheduledExecutorService reloads) throws IOException, GeneralSecurityException {
        return GrpcSslContexts.forClient()
                .keyManager(identity(reloads))
                .trustManager(file("ca.crt"))
                .protocols(TLS_1_3)
                .build();
    }

    private AdvancedTlsX509KeyManager identity(ScheduledExecutorService reloads)
            throws IOException, GeneralSecurityException {
        AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
        // Never closed: it lives as long as the process, and so does the executor that it runs on.
        AdvancedTlsX509KeyManager.Closeable _ =
                identity.updateIdentityCredentials(file("tls.crt"), file("tls.key"), 1, TimeUnit.MINUTES, reloads);
        return identity;
    }

    private File file(String name) {
        return directory.resolve(name).toFile();
    }
}
