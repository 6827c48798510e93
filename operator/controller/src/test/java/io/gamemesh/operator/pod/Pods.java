package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** Pods to test with. */
final class Pods {

    private Pods() {}

    static Pod running() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("demo-0")
                .withNamespace("default")
                .withFinalizers(PodEnd.FINALIZER)
                .endMetadata()
                .withNewSpec()
                .withNodeName("node")
                .endSpec()
                .withNewStatus()
                .withHostIP("192.0.2.1")
                .withPhase("Running")
                .addToContainerStatuses(new ContainerStatusBuilder()
                        .withName("game-server")
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .build())
                .endStatus()
                .build();
    }

    static Pod deleting(Pod pod) {
        return pod.edit()
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();
    }

    static Pod terminated(Pod pod, String message) {
        return pod.edit()
                .editStatus()
                .editFirstContainerStatus()
                .withNewState()
                .withNewTerminated()
                .withMessage(message)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    static Pod restarted(Pod pod, String message) {
        return pod.edit()
                .editStatus()
                .editFirstContainerStatus()
                .withNewLastState()
                .withNewTerminated()
                .withMessage(message)
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
