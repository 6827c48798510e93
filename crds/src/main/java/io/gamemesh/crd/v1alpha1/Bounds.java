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
        messageExpression = """
                'min must be below max on each axis: min is ' \
                + string(self.min.x) + ',' + string(self.min.y) + ',' + string(self.min.z) + ', max is ' \
                + string(self.max.x) + ',' + string(self.max.y) + ',' + string(self.max.z)""",
        message = "min must be below max on each axis")
public record Bounds(
        @JsonPropertyDescription("The lowest corner, inclusive.") @Required
        Position min,

        @JsonPropertyDescription("The highest corner, exclusive.") @Required
        Position max) {}
