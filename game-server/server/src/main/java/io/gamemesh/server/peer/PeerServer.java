package io.gamemesh.server.peer;

import io.gamemesh.protocol.v1.PeerGrpc;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.RegionAccepted;
import io.gamemesh.protocol.v1.RegionChunk;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.net.EventLoops;
import io.gamemesh.server.replication.BackupHost;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The peers' port: gRPC with mutual TLS. Thread-safe. */
public final class PeerServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PeerServer.class);
    /** A chunk is at most 256 KiB; a tick's edits or ghosts are less. */
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private static final int MAX_CALLS_PER_CONNECTION = 64;
    private static final int MAX_METADATA_BYTES = 8192;
    private static final int KEEP_ALIVE_SECONDS = 5;

    private final Server server;

    /**
     * Opens the port.
     *
     * @param executor a single thread, on which all call-backs run
     * @param regions takes what is said to regions, on that executor
     * @param receiver takes whole regions
     * @param backups takes logs of regions
     * @throws IOException if the port cannot be bound
     */
    public PeerServer(
            EventLoops loops,
            InetSocketAddress address,
            SslContext tls,
            String tlsName,
            PeerIdentity identity,
            ServerMetrics metrics,
            Executor executor,
            Consumer<PeerMessage> regions,
            RegionReceiver receiver,
            BackupHost backups)
            throws IOException {
        server = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(loops.control())
                .workerEventLoopGroup(loops.control())
                .channelType(loops.serverChannel())
                .sslContext(tls)
                .executor(executor)
                .intercept(new PeerCertificateCheck(tlsName, metrics))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(new Service(identity, metrics, regions, receiver, backups))
                .build()
                .start();
    }

    private static final class Service extends PeerGrpc.PeerImplBase {
        private final PeerIdentity identity;
        private final ServerMetrics metrics;
        private final Consumer<PeerMessage> regions;
        private final RegionReceiver receiver;
        private final BackupHost backups;

        private Service(
                PeerIdentity identity,
                ServerMetrics metrics,
                Consumer<PeerMessage> regions,
                RegionReceiver receiver,
                BackupHost backups) {
            this.identity = identity;
            this.metrics = metrics;
            this.regions = regions;
            this.receiver = receiver;
            this.backups = backups;
        }

        @Override
        public StreamObserver<PeerMessage> link(StreamObserver<PeerMessage> answers) {
            return new IncomingLink(answers);
        }

        @Override
        public StreamObserver<RegionChunk> transferRegion(StreamObserver<RegionAccepted> answers) {
            return receiver.begin((ServerCallStreamObserver<RegionAccepted>) answers);
        }

        @Override
        public StreamObserver<ReplicationMessage> replicate(StreamObserver<ReplicationReply> answers) {
            return backups.begin((ServerCallStreamObserver<ReplicationReply>) answers);
        }

        private final class IncomingLink implements StreamObserver<PeerMessage> {
            private final StreamObserver<PeerMessage> answers;
            private String from = "";
            private boolean ended;

            private IncomingLink(StreamObserver<PeerMessage> answers) {
                this.answers = answers;
            }

            @Override
            public void onNext(PeerMessage message) {
                if (ended) {
                    return;
                }
                if (from.isEmpty() || message.hasHello()) {
                    hello(message);
                } else {
                    regions.accept(message);
                }
            }

            private void hello(PeerMessage message) {
                Optional<String> objection = identity.objection(message);
                Optional<PeerMessage> own = identity.hello();
                if (objection.isPresent()) {
                    metrics.refused("peer-hello");
                    end(Status.INVALID_ARGUMENT.withDescription(objection.get()));
                } else if (own.isEmpty()) {
                    end(Status.UNAVAILABLE.withDescription("this server has no incarnation yet, try again"));
                } else {
                    from = message.getHello().getServer().getName() + "#"
                            + message.getHello().getServer().getIncarnation();
                    answers.onNext(own.get());
                }
            }

            private void end(Status status) {
                ended = true;
                answers.onError(status.asRuntimeException());
            }

            @Override
            public void onError(Throwable failure) {
                LOG.debugf("The link from %s ended: %s", from, failure.getMessage());
            }

            @Override
            public void onCompleted() {
                if (!ended) {
                    answers.onCompleted();
                }
            }
        }
    }

    /** The port as bound. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
