package io.gamemesh.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.gamemesh.cluster.ClusterTest;
import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Players;
import io.gamemesh.cluster.SuspendedOperator;
import io.gamemesh.cluster.TestCluster;
import io.gamemesh.cluster.TestNamespace;
import io.gamemesh.crd.v1alpha1.RegionStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Players who build while servers and operators fail; they play on from one test to the next. */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverIT {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration WITHOUT_OPERATOR = Duration.ofSeconds(20);
    private static final Duration TO_ARRIVE = Duration.ofSeconds(10);
    private static final int PLAYERS = 16;
    private static final int TICK_RATE = 20;

    private static final String WORLD = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: world
            spec:
              world:
                seed: 42
                bounds:
                  min: [-2048, -2048, -2048]
                  max: [2048, 2048, 2048]
              servers:
                replicas: 3
                tickRate: %d
                resources:
                  requests: {cpu: 100m, memory: 384Mi}
                  limits: {memory: 768Mi}
            """.formatted(TICK_RATE);

    private final TestCluster cluster;
    private final Mesh mesh;
    private final Players players;
    private final Failover failover;

    FailoverIT(TestCluster cluster, TestNamespace namespace) {
        this.cluster = cluster;
        this.mesh = Mesh.apply(namespace, WORLD);
        mesh.awaitReady(READY);
        this.players = Players.join(mesh, PLAYERS, "build", WARM_UP, Players.UNTIL_ASKED);
        this.failover = new Failover(mesh, players, PLAYERS);
    }

    @BeforeAll
    void letPlayersBuildForAWhile() {
        players.awaitCounting();
    }

    @AfterAll
    void letPlayersGo() {
        players.close();
    }

    @ParameterizedTest
    @EnumSource
    void playersGoOnElsewhereAndNothingTheyWereToldIsLost(Fault fault) {
        assumeThat(ServerProcess.canBeMade())
                .as("faults are made as root on the machine where the nodes run, with nsenter, tc and iptables")
                .isTrue();

        Failover.Outcome outcome = failover.run(fault);

        cluster.figures().record("failover_" + fault.name().toLowerCase(Locale.ROOT), outcome.lastBack());
        assertThat(outcome.back()).as("players of %s", outcome.victim()).isNotEmpty();
        assertThat(outcome.back()).as("who came back").doesNotContainValue(Failover.NOT_BACK);
        assertThat(outcome.edits()).as("edits that players were told are done").isPositive();
        assertThat(outcome.lost()).isEmpty();
        assertThat(stateLost()).isEmpty();
    }

    @Test
    void playersNoticeNothingWhenAllOperatorsAreKilled() {
        failover.awaitCalm();
        try (Players witnesses = Players.join(
                mesh,
                new Players.Group(
                        "witness-", PLAYERS, "border", Duration.ofSeconds(5), WARM_UP, Players.UNTIL_ASKED))) {
            witnesses.awaitCounting();

            try (SuspendedOperator _ = cluster.killOperators()) {
                Map<String, RegionStatus> regions = mesh.regions();
                await("regions to stay as they are")
                        .during(WITHOUT_OPERATOR)
                        .atMost(WITHOUT_OPERATOR.multipliedBy(2))
                        .until(() -> mesh.regions().equals(regions));
            }

            // Whoever is on the way to another server just now is none that has been lost.
            witnesses.awaitInTheWorld(TO_ARRIVE);
            Players.Report report = witnesses.leave();
            assertThat(report.metric("disconnects"))
                    .as("disconnects, of which the players say %s", report.failures())
                    .isZero();
            assertThat(report.metric("reconnects")).isZero();
        }
    }

    private Map<String, String> stateLost() {
        return mesh.regions().entrySet().stream()
                .flatMap(region -> region.getValue().conditions().stream()
                        .filter(condition -> condition.getType().equals("StateLost"))
                        .filter(condition -> condition.getStatus().equals("True"))
                        .map(condition -> Map.entry(region.getKey(), condition.getMessage())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
