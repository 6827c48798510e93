package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a pod's conditions and those of its containers. */
final class PodStates {

    private PodStates() {}

    static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /**
     * Why a pod cannot start or keeps failing, for people; empty while it may just take its time. Says the same as long as
     * the same is wrong, though Kubernetes words it anew with each attempt.
     */
    static Optional<String> trouble(Pod pod) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        Stream<String> unschedulable = status.getConditions().stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "Unschedulable".equals(condition.getReason()))
                .map(condition -> "cannot be scheduled: " + condition.getMessage());
        Stream<String> waiting = Stream.concat(
                        status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                .filter(container ->
                        container.getState() != null && container.getState().getWaiting() != null)
                .flatMap(PodStates::waiting);
        String all = Stream.concat(unschedulable, waiting).collect(Collectors.joining(", "));
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of("pod " + pod.getMetadata().getName() + " " + all);
    }

    private static Stream<String> waiting(ContainerStatus container) {
        String reason =
                Objects.requireNonNullElse(container.getState().getWaiting().getReason(), "");
        return switch (reason) {
            case "", "ContainerCreating", "PodInitializing" -> Stream.empty();
            case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull" ->
                Stream.of("has no image: " + container.getImage() + " cannot be pulled");
            default -> Stream.of("does not run its container " + container.getName() + ": " + reason);
        };
    }
}
