package io.gamemesh.cluster.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.cluster.ClusterTest;
import io.gamemesh.cluster.TestNamespace;
import io.gamemesh.crd.v1alpha1.Backup;
import io.gamemesh.crd.v1alpha1.Bounds;
import io.gamemesh.crd.v1alpha1.Cell;
import io.gamemesh.crd.v1alpha1.CoordinatorStatus;
import io.gamemesh.crd.v1alpha1.Endpoints;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshStatus;
import io.gamemesh.crd.v1alpha1.Position;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.crd.v1alpha1.RegionPhase;
import io.gamemesh.crd.v1alpha1.RegionSpec;
import io.gamemesh.crd.v1alpha1.RegionStatus;
import io.gamemesh.crd.v1alpha1.ServerIncarnation;
import io.gamemesh.crd.v1alpha1.ServerPhase;
import io.gamemesh.crd.v1alpha1.ServerStatus;
import io.gamemesh.crd.v1alpha1.Summary;
import io.gamemesh.crd.v1alpha1.Transfer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API server keeps a whole status as the model writes it, and {@code kubectl get} shows what matters of it. */
@ClusterTest(operator = false)
class StatusIT {

    private static final List<Condition> READY = List.of(new ConditionBuilder()
            .withType("Ready")
            .withStatus("True")
            .withReason("AllRegionsActive")
            .withMessage("")
            .withLastTransitionTime("2026-01-01T00:00:00Z")
            .withObservedGeneration(1L)
            .build());

    private static CopiedDefinitions definitions;

    @BeforeAll
    static void install(TestNamespace namespace) {
        definitions = CopiedDefinitions.install(namespace);
    }

    @AfterAll
    static void takeAway() {
        definitions.close();
    }

    @Test
    void keepsTheStatusOfARegionAndShowsIt(TestNamespace namespace) throws Exception {
        RegionStatus status = new RegionStatus()
                .toBuilder()
                        .observedGeneration(1L)
                        .phase(RegionPhase.MOVING)
                        .authority(new ServerIncarnation("demo-2", 7))
                        .backups(List.of(new Backup("demo-1", 3, true), new Backup("demo-0", 16_777_215, false)))
                        .next(new ServerIncarnation("demo-0", 16_777_215))
                        .epoch(12)
                        .highestEpoch(1L << 62)
                        .players(17)
                        .entities(40)
                        .load(137)
                        .lastTransfer(new Transfer("2026-01-01T00:00:00Z", "demo-1", "demo-2", "Rebalance", 4L))
                        .conditions(READY)
                        .build();
        Region region = new Region();
        region.setMetadata(new ObjectMetaBuilder().withName("demo-d0-x0-y0-zn1").build());
        region.setSpec(new RegionSpec(
                "demo",
                0,
                new Cell(0, 0, -1),
                new Bounds(new Position(0, 0, -2048), new Position(2048, 2048, 0)),
                null,
                null));
        definitions.resource(region).create();

        region.setStatus(status);
        definitions.resource(region).updateStatus();

        assertThat(stored(region).getStatus()).isEqualTo(status);
        assertThat(row(namespace, "regions"))
                .containsExactly(
                        "Name: demo-d0-x0-y0-zn1",
                        "Phase: Moving",
                        "Authority: demo-2",
                        "Backup: demo-1",
                        "Epoch: 12",
                        "Players: 17",
                        "Load%: 137");
    }

    @Test
    void keepsTheStatusOfAMeshAndShowsIt(TestNamespace namespace) throws Exception {
        GameMeshStatus status = new GameMeshStatus()
                .toBuilder()
                        .observedGeneration(1L)
                        .conditions(READY)
                        .replicas(3)
                        .readyReplicas(2)
                        .desiredReplicas(3)
                        .selector("app.kubernetes.io/instance=demo")
                        .players(20)
                        .regions(8)
                        .readyRegions(7)
                        .tickRate(19)
                        .summary(new Summary("2/3", "7/8"))
                        .endpoints(new Endpoints("192.0.2.1:30777", "demo-query.default.svc:7778"))
                        .coordinator(new CoordinatorStatus(5, 16_777_215, 40, List.of(7)))
                        .servers(List.of(new ServerStatus(
                                "demo-0", 4, ServerPhase.READY, "192.0.2.1:30777", "10.0.0.1:7777", 20, 7, 35)))
                        .build();
        GameMesh mesh = new GameMesh();
        mesh.setMetadata(new ObjectMetaBuilder().withName("demo").build());
        definitions.resource(mesh).create();

        mesh.setStatus(status);
        definitions.resource(mesh).updateStatus();

        assertThat(stored(mesh).getStatus()).isEqualTo(status);
        assertThat(row(namespace, "gamemeshes"))
                .containsExactly(
                        "Name: demo", "Ready: True", "Servers: 2/3", "Players: 20", "Regions: 7/8", "Tick rate: 19");
    }

    private static <T extends HasMetadata> T stored(T resource) {
        GenericKubernetesResource stored = definitions.resource(resource).get();
        stored.setApiVersion(resource.getApiVersion());
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) resource.getClass();
        return Serialization.unmarshal(Serialization.asYaml(stored), type);
    }

    /** The first row of the table that {@code kubectl get} asks for, without the columns of {@code -o wide} and the age. */
    private static List<String> row(TestNamespace namespace, String plural) throws Exception {
        KubernetesClient client = namespace.client();
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri(URI.create("%sapis/%s/namespaces/%s/%s"
                        .formatted(client.getMasterUrl(), definitions.apiVersion(), namespace.name(), plural)))
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .build();
        String answer =
                http.sendAsync(request, String.class).get(10, TimeUnit.SECONDS).body();
        JsonNode table = Serialization.unmarshal(answer, JsonNode.class);
        JsonNode cells = table.path("rows").path(0).path("cells");
        var columns = table.path("columnDefinitions");
        return IntStream.range(0, columns.size())
                .filter(i -> columns.path(i).path("priority").asInt() == 0)
                .filter(i -> !columns.path(i).path("name").asText().equals("Age"))
                .mapToObj(i -> columns.path(i).path("name").asText() + ": "
                        + cells.path(i).asText())
                .toList();
    }
}
