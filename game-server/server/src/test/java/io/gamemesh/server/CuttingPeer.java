package io.gamemesh.server;

import io.gamemesh.protocol.v1.PeerGrpc;
import io.gamemesh.protocol.v1.RegionAccepted;
import io.gamemesh.protocol.v1.RegionChunk;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer with the mesh's certificate that a source takes for its target. It takes a region's state whole, hands it on to
 * the real target if there is one, and once that has it cuts the connection: the source never gets an answer.
 */
final class CuttingPeer extends PeerGrpc.PeerImplBase implements AutoCloseable {
    private final Server server;
    private final @Nullable ManagedChannel target;

    /** @param target the port of the real target; empty to keep the state from it */
    CuttingPeer(MeshFiles files, OptionalInt target) throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        TlsServerCredentials.newBuilder()
                                .keyManager(
                                        files.certificate("secret/tls").toFile(),
                                        files.key("secret/tls").toFile())
                                .trustManager(files.ca().toFile())
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(this)
                .build()
                .start();
        this.target = target.isEmpty() ? null : channel(files, target.getAsInt());
    }

    private static ManagedChannel channel(MeshFiles files, int port) throws IOException {
        return Grpc.newChannelBuilderForAddress(
                        "127.0.0.1",
                        port,
                        TlsChannelCredentials.newBuilder()
                                .keyManager(
                                        files.certificate("secret/tls").toFile(),
                                        files.key("secret/tls").toFile())
                                .trustManager(files.ca().toFile())
                                .build())
                .overrideAuthority(TestMesh.TLS_NAME)
                .build();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public StreamObserver<RegionChunk> transferRegion(StreamObserver<RegionAccepted> answers) {
        List<RegionChunk> chunks = new CopyOnWriteArrayList<>();
        return new StreamObserver<>() {
            @Override
            public void onNext(RegionChunk chunk) {
                chunks.add(chunk);
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError("the source gave up before its state was whole", failure);
            }

            @Override
            public void onCompleted() {
                handOn(chunks);
            }
        };
    }

    private void handOn(List<RegionChunk> chunks) {
        if (target == null) {
            server.shutdownNow();
            return;
        }
        StreamObserver<RegionChunk> next = PeerGrpc.newStub(target).transferRegion(new StreamObserver<>() {
            @Override
            public void onNext(RegionAccepted accepted) {
                server.shutdownNow();
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError("the target did not take the region", failure);
            }

            @Override
            public void onCompleted() {}
        });
        chunks.forEach(next::onNext);
        next.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
            if (target != null) {
                target.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
