package io.gamemesh.coordinator;

import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.CoordinatorGrpc;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A game server as the control plane sees it: a gRPC client with TLS and a token. */
final class GameServer implements StreamObserver<CoordinatorMessage>, AutoCloseable {

    final List<CoordinatorMessage> received = new CopyOnWriteArrayList<>();
    final CompletableFuture<Throwable> end = new CompletableFuture<>();

    private final ManagedChannel channel;
    private final StreamObserver<ServerMessage> stream;

    GameServer(int port, String authority, @Nullable String token) throws Exception {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .overrideAuthority("gamemesh-coordinator.gamemesh-system.svc")
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII)))
                        .build())
                .build();
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        stream = CoordinatorGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .connect(this);
    }

    void register() {
        send(ServerMessage.newBuilder()
                .setRegister(Register.newBuilder()
                        .setCapacity(Capacity.newBuilder().setMaxPlayers(60))
                        .setPeerAddress("10.0.0.1:9090")
                        .setInternalPlayerAddress("10.0.0.1:7777"))
                .build());
    }

    void send(ServerMessage message) {
        stream.onNext(message);
    }

    Optional<CoordinatorMessage> first(Predicate<CoordinatorMessage> wanted) {
        return received.stream().filter(wanted).findFirst();
    }

    Status status() {
        return Status.fromThrowable(ended());
    }

    Optional<String> trailer(String name) {
        Metadata trailers = Status.trailersFromThrowable(ended());
        return Optional.ofNullable(
                trailers == null ? null : trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    }

    private Throwable ended() {
        return end.copy().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void onNext(CoordinatorMessage message) {
        received.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(failure);
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK.asRuntimeException());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
