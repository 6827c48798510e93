package io.gamemesh.cluster;

import static io.gamemesh.cluster.PlayersAssert.assertNobodyIsLost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gamemesh.bundle.Bundle;
import io.gamemesh.bundle.Release;
import io.gamemesh.crd.v1alpha1.GameMeshStatus;
import io.gamemesh.crd.v1alpha1.ServerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The operator as the Operator Lifecycle Manager installs, upgrades and uninstalls it, with a world under it that people
 * play in. The tests are the steps of one story, so each begins with what the one before it has left.
 */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OlmIT {

    private static final Duration INSTALLED = Duration.ofMinutes(4);
    // OLM gives up after five minutes in any case. The Deployment's own deadline comes sooner, but Kubernetes may lose
    // sight of it when OLM writes the Deployment's labels at the same moment.
    private static final Duration FAILED = Duration.ofMinutes(6);
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration SETTLED = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final String NO_SUCH_IMAGE = "registry.invalid/gamemesh/operator:0.3.0";

    private final TestCluster cluster;
    private final TestNamespace namespace;
    private final Mesh mesh;

    private @Nullable SuspendedOperator suspended;
    private @Nullable Olm olm;

    OlmIT(TestCluster cluster, TestNamespace namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.mesh = Mesh.named(namespace, "demo");
    }

    @BeforeAll
    void startsTheLifecycleManagerInPlaceOfTheOperator() {
        Optional<Path> programs = cluster.lifecycleManager();
        assumeTrue(
                programs.isPresent(),
                "without OLM's programs there is nothing to install with: install Go, and run ./mesh test, or set"
                        + " gamemesh.olm to what tests/cluster/olm/tools processes prints");
        assumeFalse(Olm.isInstalled(cluster), "the cluster has a lifecycle manager of its own");
        suspended = cluster.suspendOperator();
        olm = Olm.start(cluster, namespace, programs.orElseThrow());
    }

    @AfterAll
    void putsTheOperatorBack() {
        try {
            if (olm != null) {
                olm.close();
            }
        } finally {
            if (suspended != null) {
                suspended.close();
            }
        }
    }

    @Test
    @Order(1)
    void installsFromTheCatalogByASubscription() {
        olm().offer(first());

        olm().subscribe();

        olm().awaitInstalled(first(), INSTALLED);
        awaitLeaderOf(first());
    }

    @Test
    @Order(2)
    void playersJoinASampleWorldUnderIt() throws IOException {
        assertThat(olm().phase(first())).contains("Succeeded");

        Mesh.apply(namespace, Files.readString(TestCluster.project().resolve("crds/samples/demo.yaml")));

        mesh.awaitReady(READY);
        try (Players players = Players.join(mesh, 20, "wander", SHORT, Players.UNTIL_ASKED)) {
            players.awaitCounting();
            assertNobodyIsLost(players, 20);
        }
    }

    @Test
    @Order(3)
    void upgradesThroughTheChannelWhileTheyPlay() {
        assertThat(olm().phase(first())).contains("Succeeded");
        Map<String, Integer> processes = processes();
        long term = term();
        try (Players players = Players.join(mesh, 20, "wander", SHORT, Players.UNTIL_ASKED)) {
            players.awaitCounting();

            olm().offer(first(), second());

            olm().awaitInstalled(second(), INSTALLED);
            awaitLeaderOf(second());
            mesh.awaitThat("a command of the new version", SETTLED, any -> term() > term);
            assertNobodyIsLost(players, 20);
        }
        mesh.awaitReady(SETTLED);
        assertThat(processes()).isEqualTo(processes);
        assertThat(stateLost()).isZero();
    }

    @Test
    @Order(4)
    void reportsAnUpgradeThatFailsAndLosesNothing() {
        assertThat(olm().phase(second())).contains("Succeeded");
        Map<String, Integer> processes = processes();
        Map<String, String> pods = olm().versionsOfPods();
        Bundle broken = version("0.3.0", "0.2.0", NO_SUCH_IMAGE).withDeployment("", "progressDeadlineSeconds", 20);
        try (Players players = Players.join(mesh, 20, "wander", SHORT, Players.UNTIL_ASKED)) {
            players.awaitCounting();

            olm().offer(first(), second(), broken);

            assertThat(olm().awaitFailed(broken, FAILED))
                    .containsAnyOf("\"gamemesh-operator\" exceeded its progress deadline", "install timeout");
            assertThat(olm().whyPodsWait(broken))
                    .isNotEmpty()
                    .allSatisfy(reason -> assertThat(reason).isIn("ErrImagePull", "ImagePullBackOff"));
            assertNobodyIsLost(players, 20);
        }
        assertThat(olm().versionsOfPods())
                .as("the pods of the version before go on")
                .containsAllEntriesOf(pods);
        assertThat(cluster.leader(namespace.name()))
                .hasValueSatisfying(leader -> assertThat(pods).containsKey(leader));
        mesh.awaitReady(SETTLED);
        assertThat(processes()).isEqualTo(processes);
        assertThat(stateLost()).isZero();
    }

    @Test
    @Order(5)
    void leavesDefinitionsAndWorldsWhenItIsUninstalled() {
        assertThat(mesh.read()).isPresent();
        Map<String, Integer> processes = processes();
        int regions = mesh.regions().size();
        try (Players players = Players.join(mesh, 20, "wander", SHORT, Players.UNTIL_ASKED)) {
            players.awaitCounting();

            olm().uninstall();

            assertNobodyIsLost(players, 20);
        }
        assertThat(mesh.read())
                .hasValueSatisfying(world ->
                        assertThat(world.getMetadata().getDeletionTimestamp()).isNull());
        assertThat(mesh.regions()).hasSize(regions);
        assertThat(processes()).isEqualTo(processes);
        try (Players players = Players.join(mesh, 20, "wander", SHORT, Players.UNTIL_ASKED)) {
            players.awaitCounting();
            assertNobodyIsLost(players, 20);
        }
    }

    @Test
    @Order(6)
    void takesUpItsWorldsWhereTheyAreWhenItIsInstalledAgain() {
        assertThat(mesh.read()).isPresent();
        assertThat(olm().versionsOfPods()).isEmpty();
        Map<String, Integer> processes = processes();
        long term = term();
        // The version that does not work has been withdrawn.
        olm().offer(first(), second());

        olm().subscribe();

        olm().awaitInstalled(second(), INSTALLED);
        mesh.awaitThat("a command of the operator that is back", SETTLED, any -> term() > term);
        mesh.awaitReady(SETTLED);
        assertThat(processes()).isEqualTo(processes);
        assertThat(stateLost()).isZero();
        mesh.delete();
        mesh.awaitThat(
                "everything of it to be gone",
                SETTLED,
                any -> any.read().isEmpty() && any.objects().isEmpty());
    }

    private void awaitLeaderOf(Bundle version) {
        await("an operator of %s to lead".formatted(version.name()))
                .atMost(SETTLED)
                .pollInterval(Duration.ofMillis(250))
                .until(
                        () -> cluster.leader(namespace.name())
                                .map(leader -> olm().versionsOfPods().get(leader)),
                        leading -> leading.equals(Optional.of(version.version())));
    }

    private Map<String, Integer> processes() {
        return mesh.status().servers().stream()
                .collect(Collectors.toMap(
                        ServerStatus::name, server -> Objects.requireNonNull(server.incarnation(), server.name())));
    }

    private long term() {
        GameMeshStatus status = mesh.status();
        return status.coordinator() == null ? 0 : status.coordinator().term();
    }

    private long stateLost() {
        return mesh.regions().values().stream()
                .filter(region -> region.conditions().stream()
                        .anyMatch(condition -> condition.getType().equals("StateLost")))
                .count();
    }

    private Bundle first() {
        return version("0.1.0", null, operator().image());
    }

    private Bundle second() {
        return version("0.2.0", "0.1.0", operator().image());
    }

    private Bundle version(String version, @Nullable String replaces, String image) {
        return Bundle.read(TestCluster.project().resolve("olm-bundle/bundle"))
                .release(new Release(
                        version,
                        Optional.ofNullable(replaces),
                        image,
                        operator().serverImage()));
    }

    private SuspendedOperator operator() {
        return Objects.requireNonNull(suspended);
    }

    private Olm olm() {
        return Objects.requireNonNull(olm);
    }
}
