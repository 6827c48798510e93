package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.ServersSpec;
import io.gamemesh.planner.MeshSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshPodsTest {

    private static final MeshKey MESH = new MeshKey("games", "demo");
    private static final StatefulSet SERVERS = new StatefulSetBuilder()
            .withNewMetadata()
            .withNamespace("games")
            .withName("demo")
            .withUid("set")
            .endMetadata()
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"demo-0", "demo-7", "demo-10", "demo-99"})
    void recognisesThePodsOfTheMeshsStatefulSet(String name) {
        Pod pod = pod(name, "StatefulSet", "demo", "set", true);

        assertThat(MeshPods.faultOf(pod, MESH, SERVERS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "demo-",
                "demo-00",
                "demo-07",
                "demo-100",
                "demo-99999999",
                "x-99999999",
                "demo-0-copy",
                "demo--1",
                "demo-1-2",
                "other-0",
                "demo-99999999999999999999"
            })
    void refusesANameThatNoServerHas(String name) {
        Pod pod = pod(name, "StatefulSet", "demo", "set", true);

        assertThat(MeshPods.faultOf(pod, MESH, SERVERS))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("pod games/" + name + " ")
                        .contains("games/demo")
                        .contains("expected demo-0 to demo-99"));
    }

    @Test
    void refusesAPodThatIsNotControlledByTheMeshsStatefulSet() {
        Pod ownerless = new PodBuilder(pod("demo-0", "StatefulSet", "demo", "set", true))
                .editMetadata()
                .withOwnerReferences()
                .endMetadata()
                .build();

        assertThat(MeshPods.faultOf(ownerless, MESH, SERVERS))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("pod games/demo-0 ")
                        .contains("expected the controller StatefulSet games/demo"));
        assertThat(MeshPods.faultOf(pod("demo-0", "ReplicaSet", "demo", "set", true), MESH, SERVERS))
                .isPresent();
        assertThat(MeshPods.faultOf(pod("demo-0", "StatefulSet", "other", "set", true), MESH, SERVERS))
                .isPresent();
        assertThat(MeshPods.faultOf(pod("demo-0", "StatefulSet", "demo", "earlier", true), MESH, SERVERS))
                .as("of a StatefulSet of that name which is gone")
                .isPresent();
        assertThat(MeshPods.faultOf(pod("demo-0", "StatefulSet", "demo", "set", false), MESH, SERVERS))
                .as("owned, but not controlled")
                .isPresent();
    }

    @Test
    void refusesPodsOfAMeshThatHasNoStatefulSet() {
        Pod pod = pod("demo-0", "StatefulSet", "demo", "set", true);

        assertThat(MeshPods.faultOf(pod, MESH, null))
                .hasValueSatisfying(fault -> assertThat(fault).contains("which does not exist"));
    }

    @Test
    void agreesWithTheCoordinatorOnHowManyServersThereMayBe() {
        assertThat(MeshSpec.MAX_SERVERS).isEqualTo(ServersSpec.MAX_SERVERS);
    }

    private static Pod pod(String name, String kind, String owner, String uid, boolean controls) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("games")
                .withName(name)
                .withLabels(MeshLabels.all("demo"))
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind(kind)
                .withName(owner)
                .withUid(uid)
                .withController(controls)
                .endOwnerReference()
                .endMetadata()
                .build();
    }
}
