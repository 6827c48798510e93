package io.gamemesh.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.gamemesh.coordinator.tls.CertificateAuthority;
import io.gamemesh.coordinator.tls.Leaf;
import io.gamemesh.coordinator.tls.LeafRequest;
import io.gamemesh.planner.coordinator.CoordinatorSettings;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.RegionPhase;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.ServerLoad;
import io.gamemesh.protocol.v1.ServerMessage;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoordinatorServerTest {

    private static final MeshKey MESH = new MeshKey("default", "demo");
    private static final String NAME = "gamemesh-coordinator.gamemesh-system.svc";

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority authority = CertificateAuthority.create("test", Instant.now(), random);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ControlPlaneMetrics metrics = new ControlPlaneMetrics(registry);
    private final ControlPlane controlPlane = new ControlPlane(CoordinatorSettings.DEFAULT, System::nanoTime, metrics);
    private final ObjectsInMemory objects = new ObjectsInMemory();
    private final Replica replica = new Replica();
    private final List<GameServer> servers = new ArrayList<>();

    private CoordinatorServer server;

    /** The replica under test: leads unless a test says who else does. */
    private static final class Replica implements Leadership {
        volatile boolean leading = true;
        volatile Optional<String> leader = Optional.empty();

        @Override
        public boolean leading() {
            return leading;
        }

        @Override
        public Optional<String> leaderAddress() {
            return leader;
        }
    }

    CoordinatorServerTest() throws Exception {
        server = start(StreamLimits.standard());
    }

    @BeforeEach
    void coordinateTheMesh() {
        controlPlane.actWhile(replica::leading);
        controlPlane.open(MESH, objects);
        controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));
        controlPlane.post(MESH, new Event.RegionsListed());
    }

    @AfterEach
    void close() {
        servers.forEach(GameServer::close);
        server.close();
        controlPlane.close();
    }

    @Test
    void givesARegisteredServerItsNumberAndThenTheRegion() throws Exception {
        GameServer first = connect("demo-0");

        first.register();

        CoordinatorMessage registered = expect(first, CoordinatorMessage::hasRegistered);
        assertThat(registered.getRegistered().getIncarnation()).isEqualTo(1);
        assertThat(registered.getTerm()).isEqualTo(1);
        CoordinatorMessage start = expect(first, CoordinatorMessage::hasStart);
        assertThat(objects.regions.values()).singleElement().satisfies(region -> {
            assertThat(region.status().authority()).isEqualTo(new ServerId("demo-0", 1));
            assertThat(region.status().epoch()).isEqualTo(start.getStart().getEpoch());
            assertThat(region.id().packed()).isEqualTo(start.getStart().getRegionId());
        });
    }

    @Test
    void recordsTheRegionAsActiveOnceTheServerSaysThatItActs() throws Exception {
        GameServer first = connect("demo-0");
        first.register();
        var start = expect(first, CoordinatorMessage::hasStart).getStart();

        first.send(ServerMessage.newBuilder()
                .setRegion(RegionReport.newBuilder()
                        .setRegionId(start.getRegionId())
                        .setEpoch(start.getEpoch())
                        .setState(RegionState.REGION_STATE_ACTING))
                .build());

        await().untilAsserted(() -> assertThat(objects.regions.values())
                .singleElement()
                .satisfies(region -> assertThat(region.status().phase()).isEqualTo(RegionPhase.ACTIVE)));
    }

    @Test
    void grantsALeaseForAHeartbeat() throws Exception {
        GameServer first = connect("demo-0");
        first.register();
        expect(first, CoordinatorMessage::hasRegistered);

        first.send(ServerMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder()
                        .setSequence(7)
                        .setLoad(ServerLoad.newBuilder().setPlayers(3)))
                .build());

        CoordinatorMessage lease = expect(first, CoordinatorMessage::hasLease);
        assertThat(lease.getLease().getHeartbeatSequence()).isEqualTo(7);
        assertThat(lease.getLease().getDurationMillis()).isEqualTo(2000);
    }

    @Test
    void grantsNothingOnceItsLeadHasRunOut() throws Exception {
        GameServer first = connect("demo-0");
        first.register();
        expect(first, CoordinatorMessage::hasRegistered);

        replica.leading = false;
        first.send(ServerMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setSequence(7))
                .build());

        assertThat(first.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(first.status().getDescription()).contains("has not renewed its lead");
        assertThat(first.first(CoordinatorMessage::hasLease)).isEmpty();
    }

    @Test
    void sendsCallersToTheLeader() throws Exception {
        replica.leading = false;
        replica.leader = Optional.of("10.0.0.9:9090");

        GameServer caller = connect("demo-0");

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(caller.trailer("gamemesh-leader")).contains("10.0.0.9:9090");
    }

    @Test
    void namesNoLeaderWhileNobodyLeads() throws Exception {
        replica.leading = false;

        GameServer caller = connect("demo-0");

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(caller.trailer("gamemesh-leader")).isEmpty();
    }

    @Test
    void refusesACallWithoutAToken() throws Exception {
        GameServer caller = track(new GameServer(server.port(), authority.certificatePem(), null));

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(caller.status().getDescription()).contains("authorization: Bearer");
        assertThat(refused(Status.Code.UNAUTHENTICATED)).isOne();
    }

    @Test
    void refusesATokenThatIsNobodys() throws Exception {
        GameServer caller = track(new GameServer(server.port(), authority.certificatePem(), "stranger"));

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(caller.status().getDescription()).doesNotContain("stranger");
    }

    @Test
    void asksAServerOfAnUnknownMeshToTryAgain() throws Exception {
        GameServer caller = track(new GameServer(server.port(), authority.certificatePem(), "other/other-0"));

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(caller.status().getDescription()).contains("default/other");
    }

    @Test
    void refusesAStreamThatDoesNotBeginWithRegister() throws Exception {
        GameServer caller = connect("demo-0");

        caller.send(ServerMessage.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build());

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(caller.status().getDescription()).contains("expected Register, got HEARTBEAT");
    }

    @Test
    void refusesASecondRegisterOnAStream() throws Exception {
        GameServer caller = connect("demo-0");

        caller.register();
        expect(caller, CoordinatorMessage::hasRegistered);
        caller.register();

        assertThat(caller.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void refusesAMessageOverTheLimitAndServesTheOthers() throws Exception {
        GameServer well = connect("demo-0");
        GameServer ill = connect("demo-1");

        ill.send(ServerMessage.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1000,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[2 << 20]))
                                        .build())
                        .build())
                .build());

        assertThat(ill.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        well.register();
        expect(well, CoordinatorMessage::hasRegistered);
    }

    @Test
    void closesAStreamOnWhichNobodyRegisters() throws Exception {
        server.close();
        server = start(
                new StreamLimits(1 << 20, 4, 16, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(5)));

        GameServer silent = connect("demo-0");

        assertThat(silent.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(silent.status().getDescription()).contains("no Register");
    }

    @Test
    void closesTheOldStreamOfAServerThatConnectsAgain() throws Exception {
        GameServer before = connect("demo-0");
        before.register();
        int number = expect(before, CoordinatorMessage::hasRegistered)
                .getRegistered()
                .getIncarnation();

        GameServer after = connect("demo-0");
        after.send(ServerMessage.newBuilder()
                .setRegister(Register.newBuilder()
                        .setIncarnation(number)
                        .setHighestTerm(1)
                        .setPeerAddress("10.0.0.1:9090")
                        .setInternalPlayerAddress("10.0.0.1:7777"))
                .build());

        assertThat(before.status().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(expect(after, CoordinatorMessage::hasRegistered)
                        .getRegistered()
                        .getIncarnation())
                .isEqualTo(number);
    }

    @Test
    void endsTheStreamsOfAMeshThatIsGone() throws Exception {
        GameServer caller = connect("demo-0");
        caller.register();
        expect(caller, CoordinatorMessage::hasRegistered);

        controlPlane.gone(MESH);

        assertThat(caller.status().getCode()).isIn(Status.Code.NOT_FOUND, Status.Code.UNAVAILABLE);
        await().untilAsserted(() ->
                assertThat(registry.find("gamemesh.mesh.regions").gauges()).isEmpty());
    }

    @Test
    void presentsARenewedCertificateToWhoeverComesNext() throws Exception {
        CertificateAuthority renewed = CertificateAuthority.create("renewed", Instant.now(), random);
        server.present(leaf(renewed));

        GameServer old = connect("demo-0");
        GameServer next = track(new GameServer(server.port(), renewed.certificatePem(), "demo/demo-0"));
        next.register();

        expect(next, CoordinatorMessage::hasRegistered);
        assertThat(old.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private CoordinatorServer start(StreamLimits limits) throws Exception {
        return CoordinatorServer.start(
                0, leaf(authority), controlPlane, replica, CoordinatorServerTest::authenticate, limits, metrics);
    }

    private Leaf leaf(CertificateAuthority issuer) {
        return issuer.issue(new LeafRequest(NAME, List.of(NAME), Duration.ofDays(1)), Instant.now());
    }

    /** Tokens here are MESH/POD. */
    private static Authentication authenticate(String token) {
        int slash = token.indexOf('/');
        return slash < 0
                ? new Authentication.Refused("the token is nobody's")
                : new Authentication.Accepted(new Caller(
                        new MeshKey("default", token.substring(0, slash)), token.substring(slash + 1), "uid"));
    }

    private GameServer connect(String pod) throws Exception {
        return track(new GameServer(server.port(), authority.certificatePem(), "demo/" + pod));
    }

    private GameServer track(GameServer caller) {
        servers.add(caller);
        return caller;
    }

    private double refused(Status.Code code) {
        return registry.counter("gamemesh.coordinator.calls.refused", "status", code.name())
                .count();
    }

    private static CoordinatorMessage expect(GameServer caller, Predicate<CoordinatorMessage> wanted) {
        return await().until(() -> caller.first(wanted), Optional::isPresent).orElseThrow();
    }
}
