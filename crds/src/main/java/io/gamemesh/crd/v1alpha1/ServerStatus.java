package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * One game server as the coordinator sees it.
 *
 * @param name the pod's name
 * @param incarnation of its present process; absent until it has registered
 * @param phase where it is in its life
 * @param address host:port (UDP) for players outside the cluster
 * @param internalAddress host:port (UDP) for clients inside the cluster
 * @param players on it now
 * @param regions that it acts for
 * @param load percent; above 80 it is high
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerStatus(
        @JsonPropertyDescription("Name of the server, which is its pod's.") @Required @Size(min = 1, max = 63) String name,

        @JsonPropertyDescription("Number of its present process; absent until it has registered.")
        @Min(1) @Max(16777215) @Nullable Integer incarnation,

        @JsonPropertyDescription("Where it is in its life.") @Required
        ServerPhase phase,

        @JsonPropertyDescription("host:port (UDP) for players outside the cluster.") @Nullable String address,

        @JsonPropertyDescription("host:port (UDP) for clients inside the cluster.") @Nullable String internalAddress,

        @JsonPropertyDescription("Players on it.") @Min(0) int players,

        @JsonPropertyDescription("Regions that it acts for.") @Min(0) int regions,

        @JsonPropertyDescription(
                "Load in percent: the greatest of load score, CPU, memory, tick time and players, each of its limit.")
        @Min(0) int load) {}
