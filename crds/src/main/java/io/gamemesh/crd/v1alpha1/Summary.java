package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * What {@code kubectl get} shows in one cell.
 *
 * @param servers ready of desired, such as {@code 2/3}
 * @param regions active of all, such as {@code 7/8}
 */
public record Summary(
        @JsonPropertyDescription("Ready servers of those desired, such as 2/3.") @Required
        String servers,

        @JsonPropertyDescription("Active regions of all, such as 7/8.") @Required
        String regions) {}
