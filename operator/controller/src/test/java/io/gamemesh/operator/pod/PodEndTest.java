package io.gamemesh.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

class PodEndTest {

    @Test
    void comesForPodsThatAreBeingDeletedAlone() {
        assertThat(PodEnd.held(Pods.running())).isFalse();
        assertThat(PodEnd.held(Pods.deleting(Pods.running()))).isTrue();
    }

    @Test
    void isNotCompleteWhileTheProcessRuns() {
        assertThat(PodEnd.complete(Pods.deleting(Pods.running()))).isFalse();
    }

    @Test
    void isCompleteWhenTheContainerHasTerminated() {
        Pod pod = Pods.deleting(Pods.terminated(Pods.running(), "gamemesh-incarnation=7"));

        assertThat(PodEnd.complete(pod)).isTrue();
    }

    @Test
    void isNotCompleteOnAnUnreachableNodeWhereNothingIsKnown() {
        Pod unknown = Pods.deleting(Pods.running())
                .edit()
                .editStatus()
                .withContainerStatuses()
                .endStatus()
                .build();

        assertThat(PodEnd.complete(unknown)).isFalse();
    }

    @Test
    void isCompleteForAPodThatNeverRan() {
        Pod unscheduled = Pods.deleting(Pods.running())
                .edit()
                .editSpec()
                .withNodeName(null)
                .endSpec()
                .build();

        assertThat(PodEnd.complete(unscheduled)).isTrue();
    }

    @Test
    void isCompleteWhenKubernetesHasGivenThePodUp() {
        Pod failed = Pods.deleting(Pods.running())
                .edit()
                .editStatus()
                .withPhase("Failed")
                .endStatus()
                .build();

        assertThat(PodEnd.complete(failed)).isTrue();
    }
}
