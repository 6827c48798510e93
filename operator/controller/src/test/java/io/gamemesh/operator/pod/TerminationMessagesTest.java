package io.gamemesh.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.gamemesh.protocol.id.ServerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminationMessagesTest {

    @Test
    void nameAProcessWhoseContainerIsTerminated() {
        Pod pod = Pods.terminated(Pods.running(), "gamemesh-incarnation=7\n");

        assertThat(TerminationMessages.ended(pod)).containsExactly(new ServerId("demo-0", 7));
    }

    @Test
    void nameTheProcessBeforeTheOneThatRuns() {
        Pod pod = Pods.restarted(Pods.running(), "gamemesh-incarnation=7");

        assertThat(TerminationMessages.ended(pod)).containsExactly(new ServerId("demo-0", 7));
    }

    @Test
    void nameBothWhenTheNextHasEndedToo() {
        Pod pod = Pods.terminated(
                Pods.restarted(Pods.running(), "gamemesh-incarnation=7"), "gamemesh-incarnation=8\nstopped");

        assertThat(TerminationMessages.ended(pod))
                .containsExactlyInAnyOrder(new ServerId("demo-0", 7), new ServerId("demo-0", 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "OutOfMemoryError",
                "gamemesh-incarnation=0",
                "gamemesh-incarnation=16777216",
                "gamemesh-incarnation=99999999999",
                "x gamemesh-incarnation=7",
                "gamemesh-incarnation=7x",
                "gamemesh-incarnation=-7"
            })
    void nameNobodyInAnyOtherText(String message) {
        assertThat(TerminationMessages.ended(Pods.terminated(Pods.running(), message)))
                .isEmpty();
    }

    @Test
    void nameNobodyAsLongAsItRunsOrWhenOnlyThePodIsBeingDeleted() {
        assertThat(TerminationMessages.ended(Pods.running())).isEmpty();
        assertThat(TerminationMessages.ended(Pods.deleting(Pods.running()))).isEmpty();
    }

    @Test
    void ofASidecarCountForNothing() {
        Pod pod = Pods.terminated(Pods.running(), "gamemesh-incarnation=7")
                .edit()
                .editStatus()
                .editFirstContainerStatus()
                .withName("sidecar")
                .endContainerStatus()
                .endStatus()
                .build();

        assertThat(TerminationMessages.ended(pod)).isEmpty();
    }
}
