package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * A data store and how to get in.
 *
 * @param secretRef Secret with the keys {@code url}, {@code username} and {@code password}
 */
public record StoreSpec(
        @JsonPropertyDescription("Secret with the keys url, username and password.") @Required
        SecretReference secretRef) {}
