package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.gamemesh.crd.v1alpha1.AutoscalingSpec;
import io.gamemesh.crd.v1alpha1.Endpoints;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.crd.v1alpha1.GameMeshStatus;
import io.gamemesh.crd.v1alpha1.ServerStatus;
import io.gamemesh.crd.v1alpha1.Summary;
import io.gamemesh.operator.Conditions;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.MeshView.Replicas;
import io.gamemesh.planner.coordinator.MeshView.Server;
import io.gamemesh.planner.coordinator.MeshView.ServerPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeshStatusTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final Validity VALID = new Validity(List.of());

    private final GameMesh mesh = Meshes.read("defaults");
    private final List<String> scalers = new ArrayList<>();
    private final List<String> podScalers = new ArrayList<>();

    @BeforeEach
    void giveItAGeneration() {
        mesh.getMetadata().setGeneration(4L);
    }

    @Test
    void isReadyWhenAllServersAndRegionsAre() {
        GameMeshStatus status = status(pods(3, 3), view(8, 8, ready(0), ready(1), ready(2)));

        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Available").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Progressing").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Degraded").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Valid").getStatus()).isEqualTo("True");
        assertThat(status.summary()).isEqualTo(new Summary("3/3", "8/8"));
        assertThat(status.conditions())
                .allSatisfy(condition ->
                        assertThat(condition.getObservedGeneration()).isEqualTo(4));
        assertThat(status.observedGeneration()).isEqualTo(4);
    }

    @Test
    void saysWhatScalersNeed() {
        GameMeshStatus status = status(pods(2, 1), null);

        assertThat(status.replicas()).isEqualTo(2);
        assertThat(status.readyReplicas()).isEqualTo(1);
        assertThat(status.desiredReplicas()).isEqualTo(3);
        assertThat(status.selector())
                .isEqualTo("app.kubernetes.io/component=game-server,app.kubernetes.io/instance=demo,"
                        + "app.kubernetes.io/name=gamemesh");
    }

    @Test
    void wantsWhatTheCoordinatorWants() {
        GameMeshStatus status = status(pods(5, 5), view(new Replicas(4, 5, true, null), 8, 8, ready(0), ready(1)));

        assertThat(status.desiredReplicas()).isEqualTo(4);
        assertThat(condition(status, "Progressing").getMessage())
                .contains("1 pods are to go once their regions have been moved");
    }

    @Test
    void wantsNoFewerThanBeforeUntilTheCoordinatorLeads() {
        mesh.setStatus(new GameMeshStatus().toBuilder().desiredReplicas(5).build());

        assertThat(status(pods(5, 5), null).desiredReplicas()).isEqualTo(5);
    }

    @Test
    void wantsNoMoreThanBeforeThoughServersAreStillBeingEmptied() {
        mesh.setStatus(new GameMeshStatus().toBuilder().desiredReplicas(3).build());

        assertThat(status(pods(5, 5), null).desiredReplicas()).isEqualTo(3);
    }

    @Test
    void wantsWhatTheSpecSaysIfNobodyHasEverDecided() {
        assertThat(status(pods(5, 5), null).desiredReplicas()).isEqualTo(3);
    }

    @Test
    void doesNotSayThatTheMeshIsScaledWhileNobodyDecides() {
        enableAutoscaling();

        Condition autoscaling = condition(status(pods(3, 3), null), "Autoscaling");

        assertThat(autoscaling.getStatus()).isEqualTo("Unknown");
        assertThat(autoscaling.getReason()).isEqualTo("NotCoordinated");
    }

    @Test
    void saysHowManyServersAreWanted() {
        enableAutoscaling();

        GameMeshStatus status = status(pods(3, 3), view(8, 8, ready(0)));

        assertThat(condition(status, "Autoscaling").getReason()).isEqualTo("WithinLimits");
        assertThat(condition(status, "Autoscaling").getMessage()).isEqualTo("3 servers are wanted, of 3 to 10");
    }

    @Test
    void saysThatNobodyScalesTheMesh() {
        GameMeshStatus status = status(pods(3, 3), view(8, 8, ready(0)));

        assertThat(condition(status, "Autoscaling").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Autoscaling").getReason()).isEqualTo("Disabled");
    }

    @Test
    void saysThatMoreServersAreNeededThanThereMayBe() {
        enableAutoscaling();

        GameMeshStatus status = status(
                pods(3, 3), view(new Replicas(3, 3, true, "9 servers are needed, and there are 3"), 8, 8, ready(0)));

        assertThat(condition(status, "Autoscaling").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Autoscaling").getReason()).isEqualTo("AtMaximum");
        assertThat(condition(status, "Autoscaling").getMessage()).contains("9 servers are needed");
    }

    @Test
    void namesAnAutoscalerThatScalesTheStatefulSetWhetherThereIsAutoscalingOrNot() {
        podScalers.add("other");

        Condition without = condition(status(pods(3, 3), view(8, 8, ready(0))), "Autoscaling");
        enableAutoscaling();
        Condition with = condition(status(pods(3, 3), view(8, 8, ready(0))), "Autoscaling");

        assertThat(List.of(without, with)).allSatisfy(condition -> {
            assertThat(condition.getStatus()).isEqualTo("False");
            assertThat(condition.getReason()).isEqualTo("Conflict");
            assertThat(condition.getMessage())
                    .contains("HorizontalPodAutoscaler other")
                    .contains("scaleTargetRef has to be the GameMesh");
        });
    }

    @Test
    void namesAnAutoscalerThatScalesTheMeshToo() {
        enableAutoscaling();
        scalers.add("other");

        GameMeshStatus status = status(pods(3, 3), view(8, 8, ready(0)));

        assertThat(condition(status, "Autoscaling").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Autoscaling").getReason()).isEqualTo("Conflict");
        assertThat(condition(status, "Autoscaling").getMessage()).contains("HorizontalPodAutoscaler other");
    }

    private void enableAutoscaling() {
        GameMeshSpec spec = mesh.getSpec();
        mesh.setSpec(new GameMeshSpec(
                spec.world(),
                spec.servers(),
                new AutoscalingSpec(true, 10, 40, 70, 75, 97, 15, 300),
                spec.failover(),
                spec.load(),
                spec.stores(),
                spec.security(),
                spec.monitoring(),
                spec.deletionPolicy()));
    }

    @Test
    void isNotReadyWhileRegionsWaitForAnAuthority() {
        GameMeshStatus status = status(pods(3, 3), view(8, 5, ready(0), ready(1), ready(2)));

        assertThat(condition(status, "Ready").getReason()).isEqualTo("RegionsNotReady");
        assertThat(condition(status, "Ready").getMessage()).contains("5 of 8 regions");
        assertThat(condition(status, "Available").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Progressing").getStatus()).isEqualTo("True");
    }

    @Test
    void isNotReadyBeforeTheCoordinatorLeads() {
        GameMeshStatus status = status(pods(3, 3), null);

        assertThat(condition(status, "Ready").getReason()).isEqualTo("NotCoordinated");
        assertThat(condition(status, "Available").getStatus()).isEqualTo("False");
    }

    @Test
    void isDegradedByAServerThatIsSilentButNotKnownDead() {
        Server silent = server(2, ServerPhase.UNREACHABLE, 10, 0);

        GameMeshStatus status = status(pods(3, 2), view(8, 8, ready(0), ready(1), silent));

        assertThat(condition(status, "Degraded").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Degraded").getMessage()).contains("demo-2", "incarnation 3");
    }

    @Test
    void keepsRunningTheLastValidSpecAndSaysSo() {
        Validity invalid = new Validity(List.of("spec.servers.x: is wrong"));

        GameMeshStatus status = MeshStatus.of(
                mesh,
                new Observation(
                        invalid,
                        mesh.getSpec(),
                        pods(3, 3),
                        view(8, 8, ready(0), ready(1), ready(2)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                NOW);

        assertThat(condition(status, "Valid").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Valid").getMessage())
                .contains("spec.servers.x: is wrong", "the last valid spec keeps running");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
    }

    @Test
    void saysThatThereNeverWasAValidSpec() {
        Validity invalid = new Validity(List.of("spec.servers.x: is wrong"));

        GameMeshStatus status = MeshStatus.of(
                mesh,
                new Observation(invalid, null, null, null, List.of(), List.of(), List.of(), List.of(), List.of()),
                NOW);

        assertThat(condition(status, "Ready").getReason()).isEqualTo("Invalid");
    }

    @Test
    void namesADependentThatTheApiServerRefuses() {
        GameMeshStatus status = MeshStatus.of(
                mesh,
                new Observation(
                        VALID,
                        mesh.getSpec(),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of("Secret world-database does not exist"),
                        List.of("StatefulSet: is invalid")),
                NOW);

        assertThat(condition(status, "Degraded").getReason()).isEqualTo("WritesFailing");
        assertThat(condition(status, "Degraded").getMessage())
                .contains("StatefulSet: is invalid", "Secret world-database does not exist");
    }

    @Test
    void namesTheSecretWithoutWhichServersCannotGetIntoTheDatabase() {
        GameMeshStatus status = MeshStatus.of(
                mesh,
                new Observation(
                        VALID,
                        mesh.getSpec(),
                        pods(3, 0),
                        view(8, 8),
                        List.of("pod demo-0 cannot start"),
                        List.of(),
                        List.of(),
                        List.of("Secret world-database does not exist"),
                        List.of()),
                NOW);

        assertThat(condition(status, "Degraded").getReason()).isEqualTo("StoreSecretUnusable");
        assertThat(condition(status, "Degraded").getMessage())
                .startsWith("Secret world-database does not exist")
                .contains("pod demo-0 cannot start");
        assertThat(condition(status, "Valid").getStatus()).isEqualTo("True");
    }

    @Test
    void keepsTheTransitionTimeOfAConditionThatStays() {
        GameMeshStatus before = status(pods(0, 0), null);
        mesh.setStatus(before);

        GameMeshStatus after = MeshStatus.of(
                mesh,
                new Observation(
                        VALID,
                        mesh.getSpec(),
                        pods(3, 3),
                        view(8, 8, ready(0), ready(1), ready(2)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                NOW.plusSeconds(60));

        assertThat(condition(after, "Valid").getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(condition(after, "Ready").getLastTransitionTime()).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void writesALoadAgainOnlyWhenItHasMoved() {
        mesh.setStatus(status(pods(1, 1), view(1, 1, server(0, ServerPhase.READY, 50, 5))));

        GameMeshStatus little = status(pods(1, 1), view(1, 1, server(0, ServerPhase.READY, 55, 5)));
        GameMeshStatus much = status(pods(1, 1), view(1, 1, server(0, ServerPhase.READY, 61, 5)));

        assertThat(little.servers())
                .singleElement()
                .extracting(ServerStatus::load)
                .isEqualTo(50);
        assertThat(much.servers())
                .singleElement()
                .extracting(ServerStatus::load)
                .isEqualTo(61);
    }

    @Test
    void showsOneServerANameThoughAnOldProcessIsStillKnown() {
        Server dead = new Server("demo-0", 1, ServerPhase.TERMINATED, "node", "", "", 0, 0, 0, 0);
        Server next = new Server("demo-0", 4, ServerPhase.READY, "node", "1.2.3.4:30000", "", 2, 1, 10, 5);

        GameMeshStatus status = status(pods(1, 1), view(1, 1, dead, next));

        assertThat(status.servers()).singleElement().satisfies(server -> {
            assertThat(server.incarnation()).isEqualTo(4);
            assertThat(server.address()).isEqualTo("1.2.3.4:30000");
        });
        assertThat(status.endpoints()).isEqualTo(new Endpoints("1.2.3.4:30000", "demo-query.default.svc:7778"));
    }

    @Test
    void showsTheTickRateOfTheSlowestRegionInWholeTicks() {
        GameMeshStatus status = status(pods(3, 3), view(8, 8, ready(0)));

        assertThat(status.tickRate()).isEqualTo(20);
    }

    @Test
    void neverNamesWhatTheCoordinatorOwns() {
        assertThat(status(pods(3, 3), null).coordinator()).isNull();
    }

    @Test
    void asksForPodsOfAnOlderRevisionToBeRenewed() {
        GameMeshStatus status = status(changed(3, 1), view(8, 8, ready(0), ready(1), ready(2)));

        assertThat(condition(status, "Progressing").getMessage())
                .contains("2 pods are of an older revision: delete them one by one");
    }

    @Test
    void doesNotAskForTheOnlyServerToBeDeleted() {
        GameMeshStatus status = status(changed(1, 0), view(8, 8, ready(0)));

        assertThat(condition(status, "Progressing").getMessage())
                .contains("the only pod is of an older revision: add a server before you delete it");
    }

    private static StatefulSet changed(int pods, int renewed) {
        return new StatefulSetBuilder()
                .withNewStatus()
                .withReplicas(pods)
                .withReadyReplicas(pods)
                .withCurrentRevision("demo-1")
                .withUpdateRevision("demo-2")
                .withUpdatedReplicas(renewed)
                .endStatus()
                .build();
    }

    private GameMeshStatus status(@Nullable StatefulSet pods, @Nullable MeshView view) {
        return MeshStatus.of(
                mesh,
                new Observation(
                        VALID, mesh.getSpec(), pods, view, List.of(), scalers, podScalers, List.of(), List.of()),
                NOW);
    }

    private static StatefulSet pods(int replicas, int ready) {
        return new StatefulSetBuilder()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .withNewStatus()
                .withReplicas(replicas)
                .withReadyReplicas(ready)
                .endStatus()
                .build();
    }

    private static Server ready(int ordinal) {
        return server(ordinal, ServerPhase.READY, 10, 5);
    }

    private static Server server(int ordinal, ServerPhase phase, int load, int tick) {
        return new Server(
                "demo-" + ordinal, ordinal + 1, phase, "node", "10.0.0.1:3000" + ordinal, "", 1, 3, load, tick);
    }

    private static MeshView view(int regions, int readyRegions, Server... servers) {
        return view(new Replicas(3, 3, true, null), regions, readyRegions, servers);
    }

    private static MeshView view(Replicas replicas, int regions, int readyRegions, Server... servers) {
        return new MeshView(
                true, 1, 3, replicas, List.of(servers), regions, regions, readyRegions, 0, 3, 3, 19.6, 0, 0, 0);
    }

    private static Condition condition(GameMeshStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow();
    }
}
