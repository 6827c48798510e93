package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world: what it is made from and how it is divided. Nearly all of it is immutable, since the terrain and the ids of
 * all regions follow from it.
 *
 * @param seed what the generator starts from; any 64-bit number
 * @param generator the terrain generator's name
 * @param regionSize metres, edge of an undivided region
 * @param minRegionSize metres, edge below which a region is not divided
 * @param overlap metres on both sides of a border within which entities are mirrored
 * @param bounds where the world ends; unbounded if absent
 * @param startingItems what a player carries who joins for the first time
 * @param creatures what lives there besides players; nothing if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.minRegionSize <= self.regionSize",
        fieldPath = ".minRegionSize",
        messageExpression = "'minRegionSize (%d m) must be at most regionSize (%d m)'.format([self.minRegionSize, "
                + "self.regionSize])",
        message = "minRegionSize must be at most regionSize")
@ValidationRule(
        value = "self.overlap * 2 < self.minRegionSize",
        fieldPath = ".overlap",
        messageExpression = "'overlap (%d m) must be below half of minRegionSize (%d m)'.format([self.overlap, "
                + "self.minRegionSize])",
        message = "overlap must be below half of minRegionSize")
@ValidationRule(
        value = "!has(self.bounds) || (self.bounds.min + self.bounds.max).all(v, v % self.regionSize == 0)",
        fieldPath = ".bounds",
        messageExpression = "'bounds must be multiples of regionSize (%d m) on every axis'.format([self.regionSize])",
        message = "bounds must be multiples of regionSize on every axis")
@ValidationRule(
        value = """
                !has(self.bounds) || (self.bounds.max[0] - self.bounds.min[0] <= 4096 * self.regionSize \
                && self.bounds.max[1] - self.bounds.min[1] <= 4096 * self.regionSize \
                && self.bounds.max[2] - self.bounds.min[2] <= 4096 * self.regionSize \
                && (self.bounds.max[0] - self.bounds.min[0]) / self.regionSize \
                * ((self.bounds.max[1] - self.bounds.min[1]) / self.regionSize) \
                * ((self.bounds.max[2] - self.bounds.min[2]) / self.regionSize) <= 4096)""",
        fieldPath = ".bounds",
        message = "a bounded world has at most 4096 regions: make bounds smaller, regionSize larger, or leave "
                + "bounds out")
@ValidationRule(
        value = """
                !has(self.bounds) || (has(oldSelf.bounds) \
                && self.bounds.min[0] <= oldSelf.bounds.min[0] && self.bounds.max[0] >= oldSelf.bounds.max[0] \
                && self.bounds.min[1] <= oldSelf.bounds.min[1] && self.bounds.max[1] >= oldSelf.bounds.max[1] \
                && self.bounds.min[2] <= oldSelf.bounds.min[2] && self.bounds.max[2] >= oldSelf.bounds.max[2])""",
        fieldPath = ".bounds",
        message = "bounds can only grow: what lies outside of smaller ones would be lost")
public record WorldSpec(
        @JsonPropertyDescription("What the terrain generator starts from. Immutable.")
        @Default("0")
        @ValidationRule(
                value = "self == oldSelf",
                message = "seed is immutable: all terrain follows from it; create another GameMesh instead")
        long seed,

        @JsonPropertyDescription(
                "The terrain generator's name: hills, flat, or one that the game-server image adds. Immutable.")
        @Default("hills")
        @ValidationRule(
                value = "self == oldSelf",
                message = "generator is immutable: all terrain follows from it; create another GameMesh instead")
        @Size(min = 1, max = 63) @Pattern("^[a-z]([a-z0-9-]*[a-z0-9])?$") String generator,

        @JsonPropertyDescription("Edge of an undivided region in metres: 512, 1024, 2048, 4096 or 8192. Immutable.")
        @Default("2048")
        @ValidationRule(
                value = "self in [512, 1024, 2048, 4096, 8192]",
                message = "regionSize must be 512, 1024, 2048, 4096 or 8192 m")
        @ValidationRule(
                value = "self == oldSelf",
                message = "regionSize is immutable: the ids of all regions follow from it; create another "
                        + "GameMesh instead")
        Integer regionSize,

        @JsonPropertyDescription(
                "Edge in metres below which a region is not divided: 512, 1024, 2048, 4096 or 8192, at most "
                        + "regionSize. Immutable.")
        @Default("512")
        @ValidationRule(
                value = "self in [512, 1024, 2048, 4096, 8192]",
                message = "minRegionSize must be 512, 1024, 2048, 4096 or 8192 m")
        @ValidationRule(
                value = "self == oldSelf",
                message = "minRegionSize is immutable: create another GameMesh instead")
        Integer minRegionSize,

        @JsonPropertyDescription(
                "Metres on both sides of a border within which each server mirrors the other's entities; "
                        + "below half of minRegionSize.")
        @Default("100")
        @Min(16) @Max(4096) Integer overlap,

        @JsonPropertyDescription(
                "Where the world ends: multiples of regionSize, at most 4096 regions, and they can only "
                        + "grow. Unbounded if absent; then regions are made when players first come near.")
        @Nullable Bounds bounds,

        @JsonPropertyDescription(
                "What a player carries who joins for the first time: each item once, together at most 36 stacks of up "
                        + "to 99 of an item each. Nothing if empty.")
        @Size(max = 36) @ValidationRule(
                value = "self.all(a, self.exists_one(b, b.item == a.item))",
                message = "startingItems names an item twice: add the counts up")
        @ValidationRule(
                value = "self.map(i, (i.count + 98) / 99).sum() <= 36",
                message = "startingItems are more than the 36 stacks of 99 that a player carries")
        @Nullable List<StartingItem> startingItems,

        @JsonPropertyDescription("What lives in the world besides players; nothing if absent.") @Nullable CreaturesSpec creatures) {

    public WorldSpec {
        generator = requireNonNullElse(generator, "hills");
        regionSize = requireNonNullElse(regionSize, 2048);
        minRegionSize = requireNonNullElse(minRegionSize, 512);
        overlap = requireNonNullElse(overlap, 100);
        startingItems = startingItems == null || startingItems.isEmpty() ? null : List.copyOf(startingItems);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    WorldSpec() {
        this(0, null, null, null, null, null, null, null);
    }
}
