package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** The one container of a pod that is a game server; sidecars are not looked at. */
final class GameServerContainer {

    private static final String NAME = "game-server";

    private GameServerContainer() {}

    static Optional<ContainerStatus> of(Pod pod) {
        if (pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null) {
            return Optional.empty();
        }
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> NAME.equals(container.getName()))
                .findFirst();
    }
}
