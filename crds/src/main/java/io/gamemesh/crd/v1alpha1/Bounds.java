package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * An axis-aligned box: every point with {@code min <= p < max} on all three axes.
 *
 * @param min the lowest corner, inclusive
 * @param max the highest corner, exclusive
 */
@ValidationRule(
        value = "self.min[0] < self.max[0] && self.min[1] < self.max[1] && self.min[2] < self.max[2]",
        messageExpression = "'min %s must be below max %s on each axis'.format([self.min, self.max])",
        message = "min must be below max on each axis")
public record Bounds(
        @JsonPropertyDescription("The lowest corner, inclusive: [x, y, z] in whole metres, y points up.")
        @Required
        @ValidationRule(value = WITHIN_LIMIT, message = "min must be within 268435456 m of the origin on each axis")
        @Size(min = 3, max = 3) Position min,

        @JsonPropertyDescription("The highest corner, exclusive: [x, y, z] in whole metres, y points up.")
        @Required
        @ValidationRule(value = WITHIN_LIMIT, message = "max must be within 268435456 m of the origin on each axis")
        @Size(min = 3, max = 3) Position max) {

    private static final String WITHIN_LIMIT =
            "self.all(v, v >= -" + Position.LIMIT + " && v <= " + Position.LIMIT + ")";
}
