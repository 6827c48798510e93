package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.Pod;

/** Reads a pod's conditions. */
final class PodStates {

    private PodStates() {}

    static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
