package io.gamemesh.coordinator;

import io.gamemesh.coordinator.tls.Leaf;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's gRPC server: TLS 1.3 with a certificate that can be changed while it runs. Every replica runs one;
 * those that do not lead send callers on.
 */
public final class CoordinatorServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorServer.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Server server;
    private final AdvancedTlsX509KeyManager certificate;
    private final ScheduledExecutorService timer;
    private final ExecutorService calls;

    private CoordinatorServer(
            Server server,
            AdvancedTlsX509KeyManager certificate,
            ScheduledExecutorService timer,
            ExecutorService calls) {
        this.server = server;
        this.certificate = certificate;
        this.timer = timer;
        this.calls = calls;
    }

    /**
     * Starts the server.
     *
     * @param port          the TCP port on all addresses; 0 for any
     * @param leaf          its certificate
     * @param controlPlane  where streams go
     * @param leadership    whether this replica leads
     * @param authenticator who may call
     * @param limits        what callers may do
     * @param metrics       what is counted
     * @return the running server
     * @throws IOException if the port is taken
     */
    public static CoordinatorServer start(
            int port,
            Leaf leaf,
            ControlPlane controlPlane,
            Leadership leadership,
            Authenticator authenticator,
            StreamLimits limits,
            ControlPlaneMetrics metrics)
            throws IOException {
        AdvancedTlsX509KeyManager certificate = new AdvancedTlsX509KeyManager();
        present(certificate, leaf);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("coordinator-timer").daemon().factory());
        ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("coordinator-call-", 0).factory());
        CoordinatorService service = new CoordinatorService(controlPlane, limits, timer, metrics);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(port))
                .sslContext(tls(certificate))
                .executor(calls)
                .handshakeTimeout(5, TimeUnit.SECONDS)
                .maxInboundMessageSize(limits.messageBytes())
                .maxInboundMetadataSize(16 << 10)
                .maxConcurrentCallsPerConnection(limits.streamsPerConnection())
                .keepAliveTime(limits.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(limits.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .maxConnectionIdle(1, TimeUnit.MINUTES)
                .addService(ServerInterceptors.interceptForward(
                        service,
                        new LeaderInterceptor(leadership, metrics),
                        new AuthenticationInterceptor(authenticator, metrics, new RefusalLog(System::nanoTime))))
                .build()
                .start();
        LOG.atInfo().addKeyValue("port", server.getPort()).log("control plane listens");
        return new CoordinatorServer(server, certificate, timer, calls);
    }

    /**
     * Returns the port.
     *
     * @return the TCP port that the server listens on
     */
    public int port() {
        return server.getPort();
    }

    /**
     * Presents another certificate from the next handshake on; open connections stay.
     *
     * @param leaf the certificate
     */
    public void present(Leaf leaf) {
        present(certificate, leaf);
    }

    /** Stops taking calls, gives open ones two seconds, and ends the rest. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            timer.shutdownNow();
            calls.shutdown();
        }
    }

    private static void present(AdvancedTlsX509KeyManager certificate, Leaf leaf) {
        certificate.updateIdentityCredentials(new X509Certificate[] {leaf.certificate()}, leaf.key());
    }

    private static SslContext tls(AdvancedTlsX509KeyManager certificate) throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(certificate), SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
    }
}
