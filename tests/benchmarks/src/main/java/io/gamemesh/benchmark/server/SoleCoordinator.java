package io.gamemesh.benchmark.server;

import io.gamemesh.coordinator.tls.Leaf;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.Advertise;
import io.gamemesh.protocol.v1.CoordinatorGrpc;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.DrainComplete;
import io.gamemesh.protocol.v1.LeafEntry;
import io.gamemesh.protocol.v1.LeafMap;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.protocol.v1.ServerRef;
import io.gamemesh.protocol.v1.StartRegion;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Gives all regions to the one server that registers, over the service's real protocol. What the
 * server costs is measured, not who coordinates it.
 */
final class SoleCoordinator implements AutoCloseable {
    private static final int HEARTBEAT_MILLIS = 1000;
    private static final int LEASE_MILLIS = 2000;
    private static final int TERM = 1;

    private final List<RegionId> regions;
    private final Server server;
    private final CompletableFuture<String> players = new CompletableFuture<>();

    SoleCoordinator(Leaf leaf, List<RegionId> regions) {
        this.regions = regions;
        try {
            server = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            TlsServerCredentials.create(stream(leaf.certificatePem()), stream(leaf.keyPem())))
                    .directExecutor()
                    .addService(new Service())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    int port() {
        return server.getPort();
    }

    /** Where players connect, once the server acts for all regions. */
    CompletableFuture<String> players() {
        return players;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Service extends CoordinatorGrpc.CoordinatorImplBase {
        @Override
        public StreamObserver<ServerMessage> connect(StreamObserver<CoordinatorMessage> answers) {
            return new Conversation(answers);
        }
    }

    private final class Conversation implements StreamObserver<ServerMessage> {
        private final ServerRef self =
                ServerRef.newBuilder().setName("gamemesh-0").setIncarnation(1).build();
        private final StreamObserver<CoordinatorMessage> answers;
        private final Map<Long, LeafEntry> leaves = new LinkedHashMap<>();
        private Register register = Register.getDefaultInstance();

        private Conversation(StreamObserver<CoordinatorMessage> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(ServerMessage message) {
            switch (message.getBodyCase()) {
                case REGISTER -> registered(message.getRegister());
                case HEARTBEAT ->
                    say(CoordinatorMessage.newBuilder()
                            .setLease(LeaseGrant.newBuilder()
                                    .setHeartbeatSequence(message.getHeartbeat().getSequence())
                                    .setDurationMillis(LEASE_MILLIS)));
                case REGION -> {
                    if (message.getRegion().getState() == RegionState.REGION_STATE_ACTING) {
                        acting(
                                message.getRegion().getRegionId(),
                                message.getRegion().getEpoch());
                    }
                }
                case DRAINING ->
                    say(CoordinatorMessage.newBuilder().setDrainComplete(DrainComplete.getDefaultInstance()));
                default -> {}
            }
        }

        private void registered(Register register) {
            this.register = register;
            say(CoordinatorMessage.newBuilder()
                    .setRegistered(Registered.newBuilder().setIncarnation(1).setHeartbeatMillis(HEARTBEAT_MILLIS)));
            say(CoordinatorMessage.newBuilder()
                    .setAdvertise(Advertise.newBuilder().setPlayerAddress(register.getInternalPlayerAddress())));
            for (RegionId region : regions) {
                say(CoordinatorMessage.newBuilder()
                        .setStart(StartRegion.newBuilder()
                                .setRegionId(region.packed())
                                .setEpoch(1)));
            }
        }

        private void acting(long region, long epoch) {
            leaves.put(
                    region,
                    LeafEntry.newBuilder()
                            .setRegionId(region)
                            .setAuthority(self)
                            .setEpoch(epoch)
                            .setPlayerAddress(register.getInternalPlayerAddress())
                            .setInternalPlayerAddress(register.getInternalPlayerAddress())
                            .setPeerAddress(register.getPeerAddress())
                            .build());
            say(CoordinatorMessage.newBuilder()
                    .setLeafMap(LeafMap.newBuilder()
                            .setVersion(leaves.size())
                            .setFull(true)
                            .addAllEntries(leaves.values())));
            if (leaves.size() == regions.size()) {
                players.complete(register.getInternalPlayerAddress());
            }
        }

        private void say(CoordinatorMessage.Builder message) {
            answers.onNext(message.setTerm(TERM).build());
        }

        @Override
        public void onError(Throwable failure) {
            players.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }
}
