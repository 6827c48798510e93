package io.gamemesh.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * The namespace that a test class has to itself.
 *
 * @param client talks to the cluster, with this namespace as its default; thread-safe
 * @param name the namespace's name, unique to this run
 */
public record TestNamespace(KubernetesClient client, String name) {}
