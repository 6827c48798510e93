package io.gamemesh.server;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.Advertise;
import io.gamemesh.protocol.v1.BackupRef;
import io.gamemesh.protocol.v1.ConfigureRegion;
import io.gamemesh.protocol.v1.CoordinatorGrpc;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.DrainComplete;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.LeafEntry;
import io.gamemesh.protocol.v1.LeafMap;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.MoveRegion;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ReleaseRegion;
import io.gamemesh.protocol.v1.ResumeRegion;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.protocol.v1.ServerRef;
import io.gamemesh.protocol.v1.StartRegion;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator that does what a test tells it, over the real gRPC service with TLS and tokens. It decides nothing by
 * itself but the answers to Register, heartbeats and reports of acting.
 */
final class FakeCoordinator implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> TOKEN = Context.key("token");

    /** One server as the coordinator sees it. */
    static final class Member {
        final ServerRef ref;
        final Register register;
        volatile StreamObserver<CoordinatorMessage> stream;
        volatile @Nullable Heartbeat heartbeat;
        boolean gone;

        private Member(ServerRef ref, Register register, StreamObserver<CoordinatorMessage> stream) {
            this.ref = ref;
            this.register = register;
            this.stream = stream;
        }
    }

    private final Server server;
    private final Map<Integer, Member> members = new LinkedHashMap<>();
    private final Map<Long, LeafEntry> leaves = new LinkedHashMap<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<RegionReport> reports = new CopyOnWriteArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Integer, String> detours = new HashMap<>();
    private final long term = 1;
    private int lastIncarnation;
    private long mapVersion;
    private boolean draining;
    private @Nullable StartRegion startAtOnce;

    /** @param names of the servers, in the order in which they are going to register */
    FakeCoordinator(MeshFiles files, List<String> names) throws IOException {
        this.names.addAll(names);
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        TlsServerCredentials.create(
                                files.certificate("coordinator").toFile(),
                                files.key("coordinator").toFile()))
                .directExecutor()
                .intercept(new TokenSeen())
                .addService(new Service())
                .build()
                .start();
    }

    private static final class TokenSeen implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String token = headers.get(AUTHORIZATION);
            return Contexts.interceptCall(
                    Context.current().withValue(TOKEN, token == null ? "" : token), call, headers, next);
        }
    }

    private final class Service extends CoordinatorGrpc.CoordinatorImplBase {
        @Override
        public StreamObserver<ServerMessage> connect(StreamObserver<CoordinatorMessage> answers) {
            tokens.add(TOKEN.get());
            return new StreamObserver<>() {
                private @Nullable Member member;

                @Override
                public void onNext(ServerMessage message) {
                    synchronized (FakeCoordinator.this) {
                        if (message.hasRegister()) {
                            member = registered(message.getRegister(), answers);
                        } else if (member != null) {
                            received(member, message);
                        }
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    synchronized (FakeCoordinator.this) {
                        if (member != null) {
                            member.gone = true;
                        }
                    }
                }

                @Override
                public void onCompleted() {
                    synchronized (FakeCoordinator.this) {
                        if (member != null) {
                            member.gone = true;
                        }
                        answers.onCompleted();
                    }
                }
            };
        }
    }

    private Member registered(Register register, StreamObserver<CoordinatorMessage> answers) {
        int incarnation = register.getIncarnation() == 0 ? ++lastIncarnation : register.getIncarnation();
        Member before = members.get(incarnation);
        String name = before != null ? before.ref.getName() : names.get(incarnation - 1);
        Member member = new Member(
                ServerRef.newBuilder().setName(name).setIncarnation(incarnation).build(), register, answers);
        members.put(incarnation, member);
        send(
                member,
                CoordinatorMessage.newBuilder()
                        .setRegistered(Registered.newBuilder()
                                .setIncarnation(incarnation)
                                .setHeartbeatMillis(200)));
        if (startAtOnce != null) {
            send(member, CoordinatorMessage.newBuilder().setStart(startAtOnce));
        }
        send(
                member,
                CoordinatorMessage.newBuilder()
                        .setAdvertise(Advertise.newBuilder().setPlayerAddress(register.getInternalPlayerAddress())));
        send(member, CoordinatorMessage.newBuilder().setLeafMap(map()));
        return member;
    }

    private void received(Member member, ServerMessage message) {
        switch (message.getBodyCase()) {
            case HEARTBEAT -> {
                member.heartbeat = message.getHeartbeat();
                send(
                        member,
                        CoordinatorMessage.newBuilder()
                                .setLease(LeaseGrant.newBuilder()
                                        .setHeartbeatSequence(
                                                message.getHeartbeat().getSequence())
                                        .setDurationMillis(2000)));
            }
            case REGION -> reported(member, message.getRegion());
            case DRAINING -> {
                draining = true;
                boolean empty = leaves.values().stream()
                        .noneMatch(leaf -> leaf.getAuthority().equals(member.ref));
                if (empty) {
                    send(member, CoordinatorMessage.newBuilder().setDrainComplete(DrainComplete.getDefaultInstance()));
                }
            }
            default -> {}
        }
    }

    private void reported(Member member, RegionReport report) {
        reports.add(report);
        if (report.getState() == RegionState.REGION_STATE_ACTING) {
            leaves.put(report.getRegionId(), leaf(member, report));
            broadcast();
        } else if (report.getState() == RegionState.REGION_STATE_RELEASED && draining) {
            boolean empty = leaves.values().stream()
                    .noneMatch(leaf -> leaf.getAuthority().equals(member.ref) && leaf.getEpoch() > report.getEpoch());
            if (empty) {
                send(member, CoordinatorMessage.newBuilder().setDrainComplete(DrainComplete.getDefaultInstance()));
            }
        }
    }

    private LeafEntry leaf(Member member, RegionReport report) {
        return LeafEntry.newBuilder()
                .setRegionId(report.getRegionId())
                .setAuthority(member.ref)
                .setEpoch(report.getEpoch())
                .setPlayerAddress(member.register.getInternalPlayerAddress())
                .setInternalPlayerAddress(member.register.getInternalPlayerAddress())
                .setPeerAddress(peerAddress(member))
                .build();
    }

    private String peerAddress(Member member) {
        return detours.getOrDefault(member.ref.getIncarnation(), member.register.getPeerAddress());
    }

    private LeafMap map() {
        return LeafMap.newBuilder()
                .setVersion(++mapVersion)
                .setFull(true)
                .addAllEntries(leaves.values())
                .build();
    }

    private void broadcast() {
        LeafMap map = map();
        members.values()
                .forEach(member -> send(member, CoordinatorMessage.newBuilder().setLeafMap(map)));
    }

    private void send(Member member, CoordinatorMessage.Builder message) {
        if (!member.gone) {
            member.stream.onNext(message.setTerm(term).build());
        }
    }

    // What tests tell it.

    int port() {
        return server.getPort();
    }

    List<String> tokens() {
        return tokens;
    }

    List<RegionReport> reports() {
        return reports;
    }

    synchronized boolean has(int incarnation) {
        return members.containsKey(incarnation);
    }

    synchronized Member member(int incarnation) {
        Member member = members.get(incarnation);
        if (member == null) {
            throw new IllegalStateException("no server has incarnation " + incarnation);
        }
        return member;
    }

    /** True once the stream of that server has ended. */
    synchronized boolean hasLost(int incarnation) {
        return member(incarnation).gone;
    }

    synchronized boolean draining() {
        return draining;
    }

    /** Says that the process is dead, and hears nothing more from it. */
    synchronized void dismiss(int incarnation) {
        Member member = member(incarnation);
        member.gone = true;
        member.stream.onError(Status.PERMISSION_DENIED
                .withDescription("process is known dead: it must end")
                .asRuntimeException());
    }

    synchronized void start(int incarnation, RegionId region, long epoch) {
        send(
                member(incarnation),
                CoordinatorMessage.newBuilder()
                        .setStart(StartRegion.newBuilder()
                                .setRegionId(region.packed())
                                .setEpoch(epoch)));
    }

    /** Each server that registers is told to start this region right away, before it has said anything else. */
    synchronized void startAtOnce(RegionId region, long epoch) {
        startAtOnce = StartRegion.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .build();
    }

    synchronized void move(RegionId region, long epoch, int from, int to, long offered) {
        Register target = member(to).register;
        MoveRegion.Builder move = moveOf(target.getPeerAddress(), region, epoch, to, offered)
                .setTargetPlayerAddress(target.getInternalPlayerAddress())
                .setTargetInternalPlayerAddress(target.getInternalPlayerAddress());
        send(member(from), CoordinatorMessage.newBuilder().setMove(move));
    }

    /** A move for which the source is to call the target at {@code address}, and of which players are not told before. */
    synchronized void moveBy(String address, RegionId region, long epoch, int from, int to, long offered) {
        send(member(from), CoordinatorMessage.newBuilder().setMove(moveOf(address, region, epoch, to, offered)));
    }

    private MoveRegion.Builder moveOf(String address, RegionId region, long epoch, int to, long offered) {
        return MoveRegion.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setTarget(member(to).ref)
                .setTargetPeerAddress(address)
                .setOfferedEpoch(offered);
    }

    /** Peers are told this address of a server from now on. */
    synchronized void detour(int incarnation, String peerAddress) {
        detours.put(incarnation, peerAddress);
    }

    /** The region has this one backup, not listed as in sync; or with {@code backup} 0 none. */
    synchronized void configure(RegionId region, long epoch, int authority, long configuration, int backup) {
        ConfigureRegion.Builder configure = ConfigureRegion.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setConfiguration(configuration);
        if (backup != 0) {
            configure.addBackups(
                    BackupRef.newBuilder().setServer(member(backup).ref).setPeerAddress(peerAddress(member(backup))));
        }
        send(member(authority), CoordinatorMessage.newBuilder().setConfigure(configure));
    }

    synchronized void resume(int incarnation, RegionId region, long epoch) {
        send(
                member(incarnation),
                CoordinatorMessage.newBuilder()
                        .setResume(ResumeRegion.newBuilder()
                                .setRegionId(region.packed())
                                .setEpoch(epoch)));
    }

    synchronized void release(int incarnation, RegionId region, long epoch) {
        send(
                member(incarnation),
                CoordinatorMessage.newBuilder()
                        .setRelease(ReleaseRegion.newBuilder()
                                .setRegionId(region.packed())
                                .setEpoch(epoch)));
    }

    /** How many regions have an authority. */
    synchronized int leaves() {
        return leaves.size();
    }

    /** The server that the map names for a region; empty if none. */
    synchronized String authorityOf(RegionId region) {
        LeafEntry leaf = leaves.get(region.packed());
        return leaf == null ? "" : leaf.getAuthority().getName();
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
