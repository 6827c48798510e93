package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * An axis-aligned box: every point with {@code min <= p < max} on all three axes.
 *
 * @param min the lowest corner, inclusive
 * @param max the highest corner, exclusive
 */
@ValidationRule(
        value = "self.min.x < self.max.x && self.min.y < self.max.y && self.min.z < self.max.z",
        messageExpression = "'min must be below max on each axis, but min is %d,%d,%d and max is %d,%d,%d'"
                + ".format([self.min.x, self.min.y, self.min.z, self.max.x, self.max.y, self.max.z])",
        message = "min must be below max on each axis")
public record Bounds(
        @JsonPropertyDescription("The lowest corner, inclusive.") @Required
        Position min,

        @JsonPropertyDescription("The highest corner, exclusive.") @Required
        Position max) {}
