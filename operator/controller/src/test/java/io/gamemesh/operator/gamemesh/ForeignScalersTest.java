package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForeignScalersTest {

    private static final ResourceID DEMO = new ResourceID("demo", "games");

    @Test
    void findsTheMeshThatIsScaled() {
        assertThat(ForeignScalers.scaled(scaler("gamemesh.io/v1alpha1", "GameMesh")))
                .containsExactly(DEMO);
    }

    @Test
    void findsTheMeshWhoseStatefulSetIsScaled() {
        HorizontalPodAutoscaler scaler = scaler("apps/v1", "StatefulSet");

        assertThat(ForeignScalers.scaled(scaler)).containsExactly(DEMO);
        assertThat(ForeignScalers.targetsStatefulSet(scaler.getSpec().getScaleTargetRef()))
                .isTrue();
        assertThat(ForeignScalers.targetsMesh(scaler.getSpec().getScaleTargetRef()))
                .isFalse();
    }

    @Test
    void leavesWhatScalesSomethingElseAlone() {
        assertThat(ForeignScalers.scaled(scaler("apps/v1", "Deployment"))).isEmpty();
        assertThat(ForeignScalers.scaled(scaler("other.io/v1", "StatefulSet"))).isEmpty();
        assertThat(ForeignScalers.scaled(scaler("other.io/v1", "GameMesh"))).isEmpty();
        assertThat(ForeignScalers.scaled(scaler(null, "StatefulSet"))).isEmpty();
    }

    private static HorizontalPodAutoscaler scaler(@Nullable String apiVersion, String kind) {
        return new HorizontalPodAutoscalerBuilder()
                .withNewMetadata()
                .withName("other")
                .withNamespace("games")
                .endMetadata()
                .withNewSpec()
                .withNewScaleTargetRef(apiVersion, kind, "demo")
                .endSpec()
                .build();
    }
}
