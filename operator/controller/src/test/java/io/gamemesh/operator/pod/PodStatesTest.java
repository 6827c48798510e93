package io.gamemesh.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodStatesTest {

    @Test
    void namesTheImageThatCannotBePulledInTheSameWordsAtEachAttempt() {
        Pod refused = waiting("ErrImagePull");
        Pod resting = waiting("ImagePullBackOff");

        assertThat(PodStates.trouble(refused))
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("demo-0", "registry.example.com/server:1"))
                .isEqualTo(PodStates.trouble(resting));
    }

    @Test
    void namesTheContainerThatKeepsFailing() {
        assertThat(PodStates.trouble(waiting("CrashLoopBackOff")))
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("game-server", "CrashLoopBackOff"));
    }

    @Test
    void saysWhyAPodIsNotScheduled() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("demo-0")
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("0/1 nodes are available: 1 Insufficient memory")
                .endCondition()
                .endStatus()
                .build();

        assertThat(PodStates.trouble(pod))
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("demo-0", "Insufficient memory"));
    }

    @Test
    void findsNothingWrongWithAPodThatTakesItsTime() {
        assertThat(PodStates.trouble(waiting("ContainerCreating"))).isEmpty();
        assertThat(PodStates.trouble(new PodBuilder().build())).isEmpty();
    }

    private static Pod waiting(String reason) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("demo-0")
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withName("game-server")
                .withImage("registry.example.com/server:1")
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .endWaiting()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
