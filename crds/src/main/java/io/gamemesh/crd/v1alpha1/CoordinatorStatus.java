package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * What the coordinator has to remember, whoever leads. Written by the leading operator under a field manager of its own.
 *
 * @param term grows by one with each leader; commands of a lower one are refused
 * @param lastIncarnation the highest number given to a process
 * @param epochFloor no lower than any epoch of a region that is gone, so that one made anew uses none twice
 * @param silent processes that regions wait for and that are not heard of
 */
public record CoordinatorStatus(
        @JsonPropertyDescription("Number of the leader's term; servers refuse commands of a lower one.") @Min(0) long term,

        @JsonPropertyDescription("The highest incarnation given to a game-server process.") @Min(0) @Max(16777215) int lastIncarnation,

        @JsonPropertyDescription(
                "No lower than any epoch of a region that is gone; one that is made anew starts above.")
        @Min(0) long epochFloor,

        @JsonPropertyDescription(
                "Incarnations that regions wait for and that are not heard of. The annotation gamemesh.io/terminated is"
                        + " believed about those that stood here when it named them.")
        @Size(max = 256) List<Integer> silent) {

    public CoordinatorStatus {
        silent = silent == null ? List.of() : List.copyOf(silent);
    }
}
