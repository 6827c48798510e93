package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Whether and how the operator itself chooses the number of game servers, between {@code servers.replicas} and
 * {@code maxReplicas}. Players ask for as many servers as they need; CPU, memory and tick rate, when a target is passed, for
 * one more at a time.
 *
 * @param enabled off by default
 * @param maxReplicas never more servers than this
 * @param playersPerServer mean number of players a server
 * @param cpuPercent of the container's CPU limit, or of what its node has for pods where there is none
 * @param memoryPercent of the container's memory limit
 * @param tickRatePercent of {@code servers.tickRate}; a server below it counts as overloaded
 * @param scaleUpStabilizationSeconds how long a target must be passed before a server is added
 * @param scaleDownStabilizationSeconds how long all must be met with one server fewer before one is removed
 */
public record AutoscalingSpec(
        @JsonPropertyDescription(
                "Whether the operator chooses the number of servers, from servers.replicas to maxReplicas.")
        @Default("false")
        boolean enabled,

        @JsonPropertyDescription("The highest number of servers; at least servers.replicas.")
        @Default("10")
        @Min(1) @Max(ServersSpec.MAX_SERVERS) Integer maxReplicas,

        @JsonPropertyDescription("Mean number of players a server above which a server is added.")
        @Default("40")
        @Min(1) @Max(1000) Integer playersPerServer,

        @JsonPropertyDescription(
                "CPU use, in percent of the container's limit (or of what its node has for pods, without a limit), "
                        + "above which a server is added.")
        @Default("70")
        @Min(1) @Max(100) Integer cpuPercent,

        @JsonPropertyDescription("Memory use, in percent of the container's limit, above which a server is added.")
        @Default("75")
        @Min(1) @Max(100) Integer memoryPercent,

        @JsonPropertyDescription("Percent of servers.tickRate; a server is added when one falls below.")
        @Default("97")
        @Min(1) @Max(100) Integer tickRatePercent,

        @JsonPropertyDescription("Seconds for which a target must be passed before a server is added.")
        @Default("15")
        @Min(0) @Max(3600) Integer scaleUpStabilizationSeconds,

        @JsonPropertyDescription("Seconds for which one server fewer must suffice before one is removed.")
        @Default("300")
        @Min(0) @Max(3600) Integer scaleDownStabilizationSeconds) {

    public AutoscalingSpec {
        maxReplicas = requireNonNullElse(maxReplicas, 10);
        playersPerServer = requireNonNullElse(playersPerServer, 40);
        cpuPercent = requireNonNullElse(cpuPercent, 70);
        memoryPercent = requireNonNullElse(memoryPercent, 75);
        tickRatePercent = requireNonNullElse(tickRatePercent, 97);
        scaleUpStabilizationSeconds = requireNonNullElse(scaleUpStabilizationSeconds, 15);
        scaleDownStabilizationSeconds = requireNonNullElse(scaleDownStabilizationSeconds, 300);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    AutoscalingSpec() {
        this(false, null, null, null, null, null, null, null);
    }
}
