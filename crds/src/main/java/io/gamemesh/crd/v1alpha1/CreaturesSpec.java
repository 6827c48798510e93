package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/**
 * What lives in the world besides players.
 *
 * @param perRegion how many creatures appear in a region in which there are players
 * @param behaviour the name of what decides for them
 */
public record CreaturesSpec(
        @JsonPropertyDescription(
                "How many creatures there are in a region in which there are players: they appear near these, within a "
                        + "minute or so, and sleep where nobody is near.")
        @Default("0")
        @Min(0) @Max(9_000) Integer perRegion,

        @JsonPropertyDescription("What decides for them: wander, or a behaviour that the game-server image adds.")
        @Default("wander")
        @Size(min = 1, max = 63) @Pattern("^[a-z]([a-z0-9-]*[a-z0-9])?$") String behaviour) {

    public CreaturesSpec {
        perRegion = requireNonNullElse(perRegion, 0);
        behaviour = requireNonNullElse(behaviour, "wander");
    }
}
