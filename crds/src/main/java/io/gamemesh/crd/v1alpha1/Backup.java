package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A server that holds a copy of a region.
 *
 * @param server the pod's name
 * @param incarnation 1 to 2^24 - 1; a restarted server starts with nothing
 * @param inSync whether the copy is complete, so that it grants leases and may be promoted
 */
public record Backup(
        @JsonPropertyDescription("The server's name, which is its pod's.") @Required @Size(min = 1, max = 63) String server,

        @JsonPropertyDescription("Number of the process, never used twice within a mesh.")
        @Required
        @Min(1) @Max(16777215) int incarnation,

        @JsonPropertyDescription("Whether the copy is complete, so that it may be promoted.") @Required
        boolean inSync) {}
