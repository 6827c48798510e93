package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * A volume for each game server. It is a cache, never the truth: losing it costs time, not data.
 *
 * @param size at least this much
 * @param storageClassName the cluster's default class if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VolumeSpec(
        @JsonPropertyDescription("Size of each game server's volume, such as 50Gi. Immutable.")
        @Required
        @ValidationRule(
                value = "type(self) == string && isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                message = "size must be a quantity above 0 such as 50Gi")
        @ValidationRule(
                value = "self == oldSelf",
                message = "size is immutable, as the volume claims of a StatefulSet are")
        Quantity size,

        @JsonPropertyDescription("StorageClass of the volumes; the cluster's default if absent. Immutable.")
        @Size(min = 1, max = 253) @Nullable String storageClassName) {}
