package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A change of a region's authority that has been completed.
 *
 * @param time when, RFC 3339
 * @param from the server that acted before; absent if none did
 * @param to the server that acts since
 * @param reason one word in CamelCase: Rebalance, Drain, Failover, Pinned, ...
 * @param durationMillis how long nobody acted; absent if unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Transfer(
        @JsonPropertyDescription("When it was completed.") @Required
        String time,

        @JsonPropertyDescription("Server that acted before; absent if none did.") @Nullable String from,

        @JsonPropertyDescription("Server that acts since.") @Required
        String to,

        @JsonPropertyDescription("Why, as one word: Rebalance, Drain, Failover, Pinned.")
        @Required
        @Size(min = 1, max = 64) String reason,

        @JsonPropertyDescription("Milliseconds for which nobody acted; absent if unknown.") @Min(0) @Nullable Long durationMillis) {}
