package io.gamemesh.cluster;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for the API server to serve custom resources, or to have ended doing so. Safe for use by several threads. */
public final class Definitions {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Definitions() {}

    /** Waits until resources of that kind can be made. */
    public static void awaitEstablished(KubernetesClient client, CustomResourceDefinition definition) {
        client.resource(definition).waitUntilCondition(Definitions::isEstablished, LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Waits until it is gone, with all resources of that kind. */
    public static void awaitGone(KubernetesClient client, CustomResourceDefinition definition) {
        client.resource(definition).waitUntilCondition(Objects::isNull, LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        return Optional.ofNullable(definition)
                .map(CustomResourceDefinition::getStatus)
                // Not there yet in one that has just been made.
                .map(CustomResourceDefinitionStatus::getConditions)
                .orElse(List.of())
                .stream()
                .anyMatch(condition -> condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
    }
}
