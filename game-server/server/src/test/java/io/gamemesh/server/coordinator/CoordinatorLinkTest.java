package io.gamemesh.server.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.v1.CoordinatorGrpc;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.server.MeshFiles;
import io.gamemesh.server.ServerConfig;
import io.gamemesh.server.net.EventLoops;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the leader among real operators on loopback. */
class CoordinatorLinkTest {
    private static final Metadata.Key<String> LEADER =
            Metadata.Key.of("gamemesh-leader", Metadata.ASCII_STRING_MARSHALLER);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final EventLoops loops = new EventLoops(20);
    private final List<Operator> operators = new ArrayList<>();
    private final List<CoordinatorLink> links = new ArrayList<>();
    private final List<CoordinatorMessage> received = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private MeshFiles files;

    private record Config(String endpoint, Duration heartbeat, Path caFile, Path tokenFile)
            implements ServerConfig.Coordinator {}

    /** An operator that leads, or says who does. */
    private static final class Operator extends CoordinatorGrpc.CoordinatorImplBase {
        private final Server server;
        private final List<StreamObserver<CoordinatorMessage>> streams = new CopyOnWriteArrayList<>();
        private volatile String leader = "";

        private Operator(MeshFiles files, int port) throws IOException {
            server = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            TlsServerCredentials.create(
                                    files.certificate("coordinator").toFile(),
                                    files.key("coordinator").toFile()))
                    .addService(this)
                    .build()
                    .start();
        }

        private String address() {
            return "127.0.0.1:" + server.getPort();
        }

        @Override
        public StreamObserver<ServerMessage> connect(StreamObserver<CoordinatorMessage> answers) {
            if (!leader.isEmpty()) {
                Metadata trailers = new Metadata();
                trailers.put(LEADER, leader);
                answers.onError(Status.FAILED_PRECONDITION.asRuntimeException(trailers));
            }
            return new StreamObserver<>() {
                @Override
                public void onNext(ServerMessage message) {
                    streams.add(answers);
                    answers.onNext(CoordinatorMessage.newBuilder()
                            .setTerm(server.getPort())
                            .setRegistered(Registered.newBuilder().setIncarnation(1))
                            .build());
                }

                @Override
                public void onError(Throwable failure) {
                    streams.remove(answers);
                }

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }
    }

    @BeforeEach
    void makeCertificates() throws IOException {
        files = MeshFiles.in(directory, "demo.default.gamemesh");
    }

    @AfterEach
    void stop() {
        links.forEach(link -> executor.execute(link::close));
        executor.shutdown();
        operators.forEach(operator -> operator.server.shutdownNow());
        loops.close();
    }

    private Operator operator(int port) throws IOException {
        Operator operator = new Operator(files, port);
        operators.add(operator);
        return operator;
    }

    private void connect(int port) {
        Config config = new Config("localhost:" + port, Duration.ofSeconds(1), files.ca(), files.token());
        CoordinatorLink[] own = new CoordinatorLink[1];
        CoordinatorLink link =
                new CoordinatorLink(config, loops, executor, Runnable::run, new CoordinatorLink.Listener() {
                    @Override
                    public void connected() {
                        own[0].send(ServerMessage.newBuilder()
                                .setRegister(Register.getDefaultInstance())
                                .build());
                    }

                    @Override
                    public void received(CoordinatorMessage message) {
                        received.add(message);
                    }

                    @Override
                    public void disconnected() {}

                    @Override
                    public void dismissed(String reason) {}
                });
        own[0] = link;
        links.add(link);
        link.start();
    }

    private void awaitWordFrom(Operator operator) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> received.stream().anyMatch(message -> message.getTerm() == operator.server.getPort()));
    }

    @Test
    void goesWhereTheLeaderIsSaidToBe() throws IOException {
        Operator leader = operator(0);
        Operator follower = operator(0);
        follower.leader = leader.address();

        connect(follower.server.getPort());

        awaitWordFrom(leader);
    }

    @Test
    void asksAgainUntilSomebodyLeads() throws IOException {
        Operator operator = operator(0);
        operator.leader = operator.address();
        connect(operator.server.getPort());
        Awaitility.await().pollDelay(Duration.ofMillis(300)).until(received::isEmpty);

        operator.leader = "";

        awaitWordFrom(operator);
    }

    @Test
    void comesBackAfterTheLeaderHasGone() throws IOException, InterruptedException {
        Operator first = operator(0);
        int port = first.server.getPort();
        connect(port);
        awaitWordFrom(first);
        first.server.shutdownNow().awaitTermination();
        received.clear();

        Operator next = operator(port);

        awaitWordFrom(next);
    }

    @Test
    void leavesALeaderThatFallsSilent() throws IOException {
        Operator silent = operator(0);
        connect(silent.server.getPort());

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received.size() >= 2);

        assertThat(received)
                .allSatisfy(message -> assertThat(message.hasRegistered()).isTrue());
    }
}
