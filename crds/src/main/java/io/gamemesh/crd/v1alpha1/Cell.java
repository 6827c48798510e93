package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * A region's place in the grid of its depth: at depth 0 the cell x covers the metres from {@code x * regionSize} to
 * {@code (x + 1) * regionSize}; each depth halves that.
 *
 * @param x signed 20-bit cell
 * @param y signed 20-bit cell, upward
 * @param z signed 20-bit cell
 */
public record Cell(
        @JsonPropertyDescription("Cell along x.") @Required @Min(MIN) @Max(MAX) int x,

        @JsonPropertyDescription("Cell along y, which points up.") @Required @Min(MIN) @Max(MAX) int y,

        @JsonPropertyDescription("Cell along z.") @Required @Min(MIN) @Max(MAX) int z) {

    private static final int MIN = -(1 << 19);
    private static final int MAX = (1 << 19) - 1;
}
