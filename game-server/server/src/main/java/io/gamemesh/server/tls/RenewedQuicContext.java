package io.gamemesh.server.tls;

import io.netty.incubator.codec.quic.QuicSslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import org.jboss.logging.Logger;

/**
 * The players' TLS context, made anew when the leaf certificate has been renewed, so that new connections get the new
 * one while old ones live on. Thread-safe.
 */
public final class RenewedQuicContext {
    private static final Logger LOG = Logger.getLogger(RenewedQuicContext.class);

    private final MeshCertificates certificates;
    private volatile QuicSslContext context;
    private FileTime modified;

    /**
     * The context of the certificate that is there.
     *
     * @throws IOException if the certificate's file is missing
     */
    public RenewedQuicContext(MeshCertificates certificates) throws IOException {
        this.certificates = certificates;
        this.modified = modified();
        this.context = certificates.quic();
    }

    /** The context of the newest certificate that could be read. */
    public QuicSslContext current() {
        return context;
    }

    /** Looks whether the certificate has been renewed; called now and then, not for each connection. */
    public synchronized void check() {
        try {
            FileTime now = modified();
            if (!now.equals(modified)) {
                context = certificates.quic();
                modified = now;
                LOG.info("The players' certificate was renewed");
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf(
                    e,
                    "Cannot read the renewed certificate in %s: going on with the one before",
                    certificates.directory());
        }
    }

    private FileTime modified() throws IOException {
        return Files.getLastModifiedTime(certificates.directory().resolve("tls.crt"));
    }
}
