package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.ServerId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a pod's status which game-server processes have ended for certain: those whose container Kubernetes reports
 * as terminated with their number in its termination message. A missing pod or node says nothing.
 */
final class TerminationMessages {

    private static final Pattern INCARNATION = Pattern.compile("(?m)^gamemesh-incarnation=([1-9][0-9]{0,7})$");

    private TerminationMessages() {}

    static List<ServerId> ended(Pod pod) {
        return GameServerContainer.of(pod).stream()
                .flatMap(TerminationMessages::messages)
                .flatMap(message -> incarnation(message).stream())
                .map(incarnation -> new ServerId(pod.getMetadata().getName(), incarnation))
                .distinct()
                .toList();
    }

    private static Stream<String> messages(ContainerStatus container) {
        return Stream.of(message(container.getState()), message(container.getLastState()))
                .filter(Objects::nonNull);
    }

    private static @Nullable String message(@Nullable ContainerState state) {
        return state == null || state.getTerminated() == null
                ? null
                : state.getTerminated().getMessage();
    }

    private static Optional<Integer> incarnation(String message) {
        Matcher line = INCARNATION.matcher(message);
        if (!line.find()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(line.group(1));
        return number > EntityId.MAX_INCARNATION ? Optional.empty() : Optional.of(number);
    }
}
