package io.gamemesh.cluster;

import static io.gamemesh.cluster.PlayersAssert.assertNobodyIsLost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.gamemesh.crd.v1alpha1.ServerIncarnation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The number of servers, whoever chooses it: the operator, a user with {@code kubectl scale}, a HorizontalPodAutoscaler,
 * and two of them at once. One world is for players, a small one for the HorizontalPodAutoscaler; each test finds them
 * as ready as the one before has left them.
 */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScalingIT {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration SCALED = Duration.ofMinutes(4);
    private static final Duration SETTLED = Duration.ofMinutes(2);
    private static final Duration NOTICED = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(5);
    /** After so many have come so fast some are still being led to the new servers. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private static final String UNPULLABLE = "registry.invalid/no-such-server:1";
    private static final String SCALER = "by-cpu";
    /**
     * Players at the peak. Two cores just carry a hundred and fifty who all see each other, with their five servers and
     * the cluster, if the servers are native; the compilers of five on Java take what they need. So on few cores there are
     * fewer players, unless {@code -Dscaling.players=150} says otherwise.
     */
    private static final int PLAYERS =
            Integer.getInteger("scaling.players", Runtime.getRuntime().availableProcessors() < 8 ? 30 : 150);

    private static final int REGULARS = PLAYERS * 2 / 15;
    private static final int VISITORS = PLAYERS - REGULARS;
    private static final int PLAYERS_PER_SERVER = PLAYERS / 5;
    private static final String MEASURED = "\\d+ players, target " + PLAYERS_PER_SERVER + " a server; CPU .*";

    /** Of the targets only that of players can be missed: what the machine is doing besides must not decide here. */
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
              autoscaling:
                enabled: %s
                maxReplicas: 6
                playersPerServer: @target@
                cpuPercent: 100
                memoryPercent: 100
                tickRatePercent: 1
                scaleUpStabilizationSeconds: 5
                scaleDownStabilizationSeconds: 20
              servers:
                replicas: %d
                maxPlayers: 200
                resources:
                  requests: {cpu: 50m, memory: 256Mi}
                  limits: {cpu: "2", memory: 2Gi}
            """.replace("@target@", Integer.toString(PLAYERS_PER_SERVER));

    private static final String WITH_UNPULLABLE = """
                image: registry.invalid/no-such-server:1
            """;

    /** Its servers use more CPU than the target of the scaler beside it, a millicore, and less than the operator's. */
    private static final String SMALL = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: small
            spec:
              world:
                bounds:
                  min: [0, 0, 0]
                  max: [2048, 2048, 2048]
              autoscaling:
                enabled: %s
                maxReplicas: 4
                cpuPercent: 100
                memoryPercent: 100
                tickRatePercent: 1
              servers:
                resources:
                  requests: {cpu: 10m, memory: 256Mi}
                  limits: {cpu: "2", memory: 2Gi}
            """;

    private static final String WITH_ONE_SERVER = """
                replicas: 1
            """;

    private static final String HORIZONTAL_POD_AUTOSCALER = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: %s
            spec:
              scaleTargetRef: {apiVersion: gamemesh.io/v1alpha1, kind: GameMesh, name: small}
              minReplicas: 1
              maxReplicas: 3
              metrics:
                - type: Resource
                  resource:
                    name: cpu
                    target: {type: Utilization, averageUtilization: 10}
            """.formatted(SCALER);

    private final TestNamespace namespace;
    private final KubernetesClient client;
    private final Figures figures;
    private final Mesh mesh;
    private final boolean hasMetricsProgram;
    private final CompletableFuture<Void> metricsApi;

    ScalingIT(TestCluster cluster, TestNamespace namespace) {
        this.namespace = namespace;
        this.client = namespace.client();
        this.figures = cluster.figures();
        this.hasMetricsProgram = cluster.hasMetricsProgram();
        this.metricsApi = hasMetricsProgram
                ? CompletableFuture.runAsync(cluster::startMetricsApi)
                : CompletableFuture.completedFuture(null);
        this.mesh = Mesh.apply(namespace, WORLD.formatted(true, 3));
        mesh.awaitReady(READY);
    }

    @Test
    @Order(1)
    void followsPlayersUpAndDownAndLosesNobody() {
        Players.Group regulars =
                new Players.Group("regular-", REGULARS, "wander", SHORT, Duration.ofSeconds(2), Players.UNTIL_ASKED);
        Players.Group visitors = new Players.Group(
                "visitor-", VISITORS, "wander", Duration.ofSeconds(30), SETTLING, Players.UNTIL_ASKED);
        try (OwnerWatch watch = OwnerWatch.open(namespace, mesh);
                Players staying = Players.join(mesh, regulars)) {
            staying.awaitCounting();

            Instant coming = Instant.now();
            try (Players leaving = Players.join(mesh, visitors)) {
                mesh.awaitThat("five servers, all with regions", SCALED, any -> isReadyWith(any, 5));
                figures.record("players_to_five_servers", Duration.between(coming, Instant.now()));
                leaving.awaitCounting();
                assertNobodyIsLost(leaving, VISITORS);
            }
            Instant gone = Instant.now();
            mesh.awaitThat("three servers again", SCALED, any -> any.pods().size() == 3 && isReadyWith(any, 3));
            figures.record("players_gone_to_three_servers", Duration.between(gone, Instant.now()));
            assertNobodyIsLost(staying, REGULARS);

            assertThat(watch.violations()).isEmpty();
            assertThat(watch.deleted()).containsExactlyInAnyOrder("world-4", "world-3");
            assertThat(watch.owners()).contains("world-4", "world-3");
        }
        assertThat(mesh.events("ScalingUp"))
                .allSatisfy(message -> assertThat(message).matches("[34] -> [45] servers: " + MEASURED))
                .anySatisfy(message -> assertThat(message).contains("-> 5 servers"));
        assertThat(mesh.events("ScalingDown"))
                .allSatisfy(message -> assertThat(message).matches("[54] -> [43] servers: " + MEASURED))
                .anySatisfy(message -> assertThat(message).contains("-> 3 servers"));
        assertThat(mesh.events("ServerEmptied"))
                .anySatisfy(message -> assertThat(message).contains("world-4"))
                .anySatisfy(message -> assertThat(message).contains("world-3"));
        assertThat(mesh.condition("Autoscaling")).hasValueSatisfying(condition -> {
            assertThat(condition.getStatus()).isEqualTo("True");
            assertThat(condition.getReason()).isEqualTo("WithinLimits");
        });
    }

    @Test
    @Order(2)
    void refusesNumbersOutOfBoundsAndNamesThem() {
        assertThatThrownBy(() -> mesh.scale(0))
                .isInstanceOfSatisfying(KubernetesClientException.class, ScalingIT::refused);
        assertThatThrownBy(() -> mesh.scale(101))
                .isInstanceOfSatisfying(KubernetesClientException.class, ScalingIT::refused);
        assertThatThrownBy(() -> mesh.scale(7))
                .isInstanceOfSatisfying(KubernetesClientException.class, ScalingIT::refused)
                .hasMessageContaining("autoscaling.maxReplicas (6) must be at least servers.replicas (7)");
        assertThatThrownBy(() -> Mesh.apply(namespace, WORLD.formatted(true, 8)))
                .isInstanceOfSatisfying(KubernetesClientException.class, ScalingIT::refused)
                .hasMessageContaining("autoscaling.maxReplicas (6) must be at least servers.replicas (8)");

        assertThat(mesh.scale().getSpec().getReplicas()).isEqualTo(3);
    }

    @Test
    @Order(3)
    void isScaledByHandWithoutAutoscaling() {
        Mesh.apply(namespace, WORLD.formatted(false, 3));
        mesh.awaitThat("not to be scaled by itself", NOTICED, any -> autoscaling(any, "False", "Disabled"));

        mesh.scale(4);
        mesh.awaitThat("four servers", SETTLED, any -> isReadyWith(any, 4));
        mesh.scale(3);
        mesh.awaitThat("three servers", SETTLED, any -> any.pods().size() == 3 && isReadyWith(any, 3));

        assertThat(mesh.regionsByServer()).containsOnlyKeys("world-0", "world-1", "world-2");
    }

    @Test
    @Order(4)
    void losesNothingWhenTheImageOfNewServersCannotBePulled() {
        List<String> pods = uids();
        Players.Group group =
                new Players.Group("bot-", 20, "wander", SHORT, Duration.ofSeconds(2), Players.UNTIL_ASKED);
        try (Players players = Players.join(mesh, group)) {
            players.awaitCounting();
            Map<String, ServerIncarnation> authorities = authorities();

            Mesh.apply(namespace, WORLD.formatted(false, 4) + WITH_UNPULLABLE);
            mesh.awaitThat(
                    "Degraded to name the image",
                    NOTICED,
                    any -> any.condition("Degraded")
                            .filter(condition -> condition.getStatus().equals("True"))
                            .filter(condition -> condition.getMessage().contains(UNPULLABLE))
                            .isPresent());
            assertNobodyIsLost(players, 20);

            assertThat(authorities()).isEqualTo(authorities);
            assertThat(uids()).hasSize(4).containsAll(pods);
            assertThat(mesh.condition("Available"))
                    .hasValueSatisfying(
                            condition -> assertThat(condition.getStatus()).isEqualTo("True"));
        }
        Mesh.apply(namespace, WORLD.formatted(false, 3));
        mesh.awaitThat("the server without an image to be gone", SETTLED, any -> uids().equals(pods));
        mesh.awaitReady(SETTLED);
    }

    @Test
    @Order(5)
    void isScaledByAHorizontalPodAutoscaler() {
        assumeTrue(hasMetricsProgram, "without the metrics API a HorizontalPodAutoscaler sees nothing");
        Mesh small = Mesh.apply(namespace, SMALL.formatted(false) + WITH_ONE_SERVER);
        small.awaitReady(READY);
        metricsApi.join();
        String selector = Objects.requireNonNull(small.scale().getStatus().getSelector());
        assertThat(names(client.pods()
                        .inNamespace(namespace.name())
                        .withLabelSelector(selector)
                        .list()
                        .getItems()))
                .containsExactly("small-0");

        client.resource(HORIZONTAL_POD_AUTOSCALER).inNamespace(namespace.name()).create();

        small.awaitThat("two servers or more", SETTLED, any -> any.status().readyReplicas() >= 2);
        await("the HorizontalPodAutoscaler to be content")
                .atMost(NOTICED)
                .untilAsserted(() -> assertThat(scalerConditions())
                        .containsEntry("ScalingActive", "True")
                        .containsEntry("AbleToScale", "True"));
        assertThat(small.read())
                .hasValueSatisfying(present ->
                        assertThat(present.getSpec().servers().replicas()).isBetween(2, 3));
    }

    @Test
    @Order(6)
    void saysWhoElseScalesItUntilNobodyElseDoes() {
        assumeTrue(hasMetricsProgram, "the world of the test before was not made, for want of the metrics API");
        // Without servers.replicas, which is the other one's.
        Mesh small = Mesh.apply(namespace, SMALL.formatted(true));

        small.awaitThat(
                "a conflict that names who else scales it",
                NOTICED,
                any -> autoscaling(any, "False", "Conflict")
                        && any.condition("Autoscaling")
                                .orElseThrow()
                                .getMessage()
                                .contains(SCALER));
        scaler().delete();
        small.awaitThat("to be scaled by itself", NOTICED, any -> autoscaling(any, "True", "WithinLimits"));
    }

    private static void refused(KubernetesClientException refusal) {
        assertThat(refusal.getCode()).as(refusal.getMessage()).isEqualTo(422);
        assertThat(refusal).hasMessageContaining("replicas");
    }

    private static boolean isReadyWith(Mesh mesh, int servers) {
        return mesh.status().desiredReplicas() == servers
                && mesh.status().readyReplicas() == servers
                && mesh.regionsByServer().size() == servers;
    }

    private static boolean autoscaling(Mesh mesh, String status, String reason) {
        return mesh.condition("Autoscaling")
                .filter(condition -> condition.getStatus().equals(status))
                .filter(condition -> condition.getReason().equals(reason))
                .isPresent();
    }

    private List<String> uids() {
        return mesh.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    private static List<String> names(List<Pod> pods) {
        return pods.stream().map(Pod::getMetadata).map(ObjectMeta::getName).toList();
    }

    private Map<String, ServerIncarnation> authorities() {
        Map<String, ServerIncarnation> authorities = new TreeMap<>();
        mesh.regions()
                .forEach((name, region) ->
                        authorities.put(name, Objects.requireNonNull(region.authority(), () -> name + ": " + region)));
        return authorities;
    }

    private Resource<HorizontalPodAutoscaler> scaler() {
        return client.autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(namespace.name())
                .withName(SCALER);
    }

    private Map<String, String> scalerConditions() {
        return Optional.ofNullable(scaler().get())
                .map(HorizontalPodAutoscaler::getStatus)
                .map(HorizontalPodAutoscalerStatus::getConditions)
                .orElse(List.of())
                .stream()
                .collect(Collectors.toMap(
                        HorizontalPodAutoscalerCondition::getType, HorizontalPodAutoscalerCondition::getStatus));
    }
}
