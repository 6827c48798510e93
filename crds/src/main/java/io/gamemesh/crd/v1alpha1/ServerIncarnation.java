package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One process of a game server: a name that comes back and a number that never does.
 *
 * @param server the pod's name
 * @param incarnation 1 to 2^24 - 1, never used twice within a mesh
 */
public record ServerIncarnation(
        @JsonPropertyDescription("The server's name, which is its pod's.") @Required @Size(min = 1, max = 63) String server,

        @JsonPropertyDescription("Number of the process, never used twice within a mesh.")
        @Required
        @Min(1) @Max(16777215) int incarnation) {}
