package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * A corner of a box in the world, in whole metres; right-handed, +y up.
 *
 * @param x metres, -2^28 to 2^28, so that a region of the smallest size still has 20-bit cells
 * @param y metres upward, -2^28 to 2^28
 * @param z metres, -2^28 to 2^28
 */
public record Position(
        @JsonPropertyDescription("Metres along x.") @Required @Min(-LIMIT) @Max(LIMIT) int x,

        @JsonPropertyDescription("Metres along y, which points up.") @Required @Min(-LIMIT) @Max(LIMIT) int y,

        @JsonPropertyDescription("Metres along z.") @Required @Min(-LIMIT) @Max(LIMIT) int z) {

    private static final int LIMIT = 1 << 28;
}
