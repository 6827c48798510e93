package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the world a region is. Only the operator creates regions; all but {@code pinnedTo} is immutable.
 *
 * @param mesh name of the GameMesh, in the same namespace
 * @param depth how often the world's regions were halved to get here, 0 to 15
 * @param cell its place in the grid of that depth
 * @param bounds the metres that it covers
 * @param parent name of the region that it was split from; absent at depth 0
 * @param pinnedTo name of the server that is to act for it; the planner's choice if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.depth == 0 ? !has(self.parent) : has(self.parent)",
        fieldPath = ".parent",
        message = "parent is needed from depth 1 on, and there is none at depth 0")
@ValidationRule(
        value = "has(self.parent) == has(oldSelf.parent) && (!has(self.parent) || self.parent == oldSelf.parent)",
        fieldPath = ".parent",
        message = "parent is immutable: only pinnedTo can be changed")
@ValidationRule(
        value = """
                self.bounds.max[0] - self.bounds.min[0] in [512, 1024, 2048, 4096, 8192] \
                && self.bounds.max[0] - self.bounds.min[0] == self.bounds.max[1] - self.bounds.min[1] \
                && self.bounds.max[0] - self.bounds.min[0] == self.bounds.max[2] - self.bounds.min[2]""",
        fieldPath = ".bounds",
        message = "bounds must be a cube with an edge of 512, 1024, 2048, 4096 or 8192 m")
@ValidationRule(
        value = """
                self.cell[0] * (self.bounds.max[0] - self.bounds.min[0]) == self.bounds.min[0] \
                && self.cell[1] * (self.bounds.max[1] - self.bounds.min[1]) == self.bounds.min[1] \
                && self.cell[2] * (self.bounds.max[2] - self.bounds.min[2]) == self.bounds.min[2]""",
        fieldPath = ".bounds",
        message = "bounds must begin at cell times their own size on every axis")
public record RegionSpec(
        @JsonPropertyDescription("Name of the GameMesh that it belongs to, in the same namespace. Immutable.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "mesh is immutable: only pinnedTo can be changed")
        @Size(min = 1, max = 40) String mesh,

        @JsonPropertyDescription("How often regionSize was halved to get its size. Immutable.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "depth is immutable: only pinnedTo can be changed")
        @Min(0) @Max(15) int depth,

        @JsonPropertyDescription(
                "Its place in the grid of its depth: [x, y, z], each from -524288 to 524287. Immutable.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "cell is immutable: only pinnedTo can be changed")
        @ValidationRule(
                value = "self.all(v, v >= -524288 && v <= 524287)",
                message = "cell must be signed 20-bit numbers: -524288 to 524287 on each axis")
        @Size(min = 3, max = 3) Cell cell,

        @JsonPropertyDescription("The metres that it covers. Immutable.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "bounds are immutable: only pinnedTo can be changed")
        Bounds bounds,

        @JsonPropertyDescription("Name of the Region that it was split from; absent at depth 0. Immutable.")
        @Size(min = 1, max = 253) @Nullable String parent,

        @JsonPropertyDescription(
                "Name of the server (its pod) that is to act for it, as long as it is ready. The planner "
                        + "chooses if absent.")
        @Size(min = 1, max = 63) @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") @Nullable String pinnedTo) {}
