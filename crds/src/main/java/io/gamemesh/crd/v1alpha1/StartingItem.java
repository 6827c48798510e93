package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * Some of what a player carries who joins for the first time.
 *
 * @param item which
 * @param count how many; 99 of an item are a stack, of which a player carries 36
 */
public record StartingItem(
        @JsonPropertyDescription("Which item: any number of 16 bits.") @Required @Min(0) @Max(65_535) Integer item,

        @JsonPropertyDescription("How many of it. A player carries 36 stacks of up to 99 of an item each.")
        @Required
        @Min(1) @Max(3_564) Integer count) {}
