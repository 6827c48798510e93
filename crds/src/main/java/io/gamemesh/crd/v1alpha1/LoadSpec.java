package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How the load of regions and servers is measured, and when a server has too much of it.
 *
 * @param weights of a region's load score
 * @param highPercent load of a server above which regions are moved off it
 */
public record LoadSpec(
        @JsonPropertyDescription("What counts how much in a region's load score.") @Default("{}")
        LoadWeights weights,

        @JsonPropertyDescription("Load of a server, in percent, above which regions are moved to servers with less.")
        @Default("80")
        @Min(1) @Max(100) Integer highPercent) {

    public LoadSpec {
        weights = requireNonNullElseGet(weights, LoadWeights::new);
        highPercent = requireNonNullElse(highPercent, 80);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    LoadSpec() {
        this(null, null);
    }
}
