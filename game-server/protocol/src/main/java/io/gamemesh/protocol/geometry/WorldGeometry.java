package io.gamemesh.protocol.geometry;

import io.gamemesh.protocol.id.RegionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a world is divided: cubes of a power of two of metres, halved level by level down to the least size. All of it is
 * arithmetic; immutable, safe for any thread.
 *
 * @param regionSize edge of a region at depth 0 in metres: a power of two, 16 to 65,536
 * @param minRegionSize edge of the smallest region in metres: a power of two, 16 to {@code regionSize}
 * @param overlap how far over a border neighbours mirror each other, in metres: 0 to half the least region size
 * @param bounds where the world ends, on borders of regions of depth 0; null in a world without bounds
 */
public record WorldGeometry(
        int regionSize,
        int minRegionSize,
        int overlap,
        @Nullable Box bounds) {

    /** Region-local positions on the wire are whole numbers of 1/128 m. */
    public static final int UNITS_PER_METRE = 128;

    /** Edge of a section in blocks, and so in metres. */
    public static final int SECTION_SIZE = 16;

    private static final int MAX_REGION_SIZE = 1 << 16;

    /** The most regions of depth 0 that a bounded world may have. */
    public static final int MAX_ROOTS = 4096;

    /** Refuses sizes and bounds that cut a section or a region. */
    public WorldGeometry {
        requirePowerOfTwo("regionSize", regionSize, SECTION_SIZE, MAX_REGION_SIZE);
        requirePowerOfTwo("minRegionSize", minRegionSize, SECTION_SIZE, regionSize);
        if (depths(regionSize, minRegionSize) > RegionId.MAX_DEPTH) {
            throw new IllegalArgumentException("minRegionSize is " + minRegionSize + ", expected at most "
                    + RegionId.MAX_DEPTH + " halvings below regionSize " + regionSize);
        }
        if (overlap < 0 || overlap > minRegionSize / 2) {
            throw new IllegalArgumentException(
                    "overlap is " + overlap + ", expected 0 to half of minRegionSize, " + minRegionSize / 2);
        }
        if (bounds != null) {
            requireOnBorders(bounds, regionSize);
        }
    }

    private static void requirePowerOfTwo(String name, int value, int min, int max) {
        if (value < min || value > max || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", expected a power of two from " + min + " to " + max);
        }
    }

    private static void requireOnBorders(Box bounds, int regionSize) {
        double[] numbers = {
            bounds.min().x(), bounds.min().y(), bounds.min().z(),
            bounds.max().x(), bounds.max().y(), bounds.max().z()
        };
        for (double number : numbers) {
            double cell = number / regionSize;
            if (cell != Math.rint(cell) || cell < RegionId.MIN_CELL || cell > RegionId.MAX_CELL) {
                throw new IllegalArgumentException("bounds have " + number + ", expected a multiple of regionSize "
                        + regionSize + " with cells from " + RegionId.MIN_CELL + " to " + RegionId.MAX_CELL);
            }
        }
        double roots = 1;
        for (int axis = 0; axis < 3; axis++) {
            roots *= (numbers[axis + 3] - numbers[axis]) / regionSize;
        }
        if (roots > MAX_ROOTS) {
            throw new IllegalArgumentException(
                    "bounds hold " + (long) roots + " regions of " + regionSize + " m, expected at most " + MAX_ROOTS);
        }
    }

    private static int depths(int regionSize, int minRegionSize) {
        return Integer.numberOfTrailingZeros(regionSize) - Integer.numberOfTrailingZeros(minRegionSize);
    }

    /** The depth of the smallest regions. */
    public int maxDepth() {
        return depths(regionSize, minRegionSize);
    }

    /**
     * The edge of regions at a depth, in metres.
     *
     * @throws IllegalArgumentException if the depth is not within 0 to {@link #maxDepth}
     */
    public int edge(int depth) {
        if (depth < 0 || depth > maxDepth()) {
            throw new IllegalArgumentException(
                    "region depth is " + depth + ", expected 0 to " + maxDepth() + " in this world");
        }
        return regionSize >> depth;
    }

    /** True if the position lies within the world's bounds and within what region ids can name. */
    public boolean contains(Vec3 position) {
        return contains(position.x(), position.y(), position.z());
    }

    /** True if the position lies within the world's bounds and within what region ids can name. */
    public boolean contains(double x, double y, double z) {
        return bounds != null ? bounds.contains(x, y, z) : isNameable(x) && isNameable(y) && isNameable(z);
    }

    private boolean isNameable(double coordinate) {
        // The deepest level has the least reach, and a world must be able to divide wherever it is.
        double reach = (double) minRegionSize * (1 << 19);
        return coordinate >= -reach && coordinate < reach;
    }

    /** True if the region's depth occurs in this world and it lies within the bounds. */
    public boolean contains(RegionId region) {
        return region.depth() <= maxDepth()
                && (bounds == null || bounds.contains(bounds(region).min()));
    }

    /**
     * The region of a depth that a position lies in, whether the world is divided so there or not.
     *
     * @throws IllegalArgumentException if the depth does not occur or the position has no region id
     */
    public RegionId regionAt(Vec3 position, int depth) {
        return regionAt(position.x(), position.y(), position.z(), depth);
    }

    /**
     * The region of a depth that a position lies in, whether the world is divided so there or not.
     *
     * @throws IllegalArgumentException if the depth does not occur or the position has no region id
     */
    public RegionId regionAt(double x, double y, double z, int depth) {
        double edge = edge(depth);
        return RegionId.of(depth, (int) Math.floor(x / edge), (int) Math.floor(y / edge), (int) Math.floor(z / edge));
    }

    /**
     * The space of a region, in metres.
     *
     * @throws IllegalArgumentException if the region's depth does not occur in this world
     */
    public Box bounds(RegionId region) {
        double edge = edge(region.depth());
        Vec3 min = new Vec3(region.x() * edge, region.y() * edge, region.z() * edge);
        return new Box(min, min.plus(new Vec3(edge, edge, edge)));
    }

    /** The regions of depth 0, all of them, in a bounded world; in order. Empty in a world without bounds. */
    public List<RegionId> roots() {
        if (bounds == null) {
            return List.of();
        }
        List<RegionId> roots = new ArrayList<>();
        RegionId first = regionAt(bounds.min(), 0);
        for (int x = first.x(); x * (double) regionSize < bounds.max().x(); x++) {
            for (int y = first.y(); y * (double) regionSize < bounds.max().y(); y++) {
                for (int z = first.z(); z * (double) regionSize < bounds.max().z(); z++) {
                    roots.add(RegionId.of(0, x, y, z));
                }
            }
        }
        return List.copyOf(roots);
    }

    /** The up to 26 neighbours of the same depth that lie within the world. */
    public List<RegionId> neighbours(RegionId region) {
        return region.neighbours().stream().filter(this::contains).toList();
    }

    /**
     * A coordinate relative to the region's least corner, in units of 1/128 m, rounded to the nearest. Half a unit
     * (4 mm) is what rounding can move.
     *
     * @param world the coordinate in metres
     * @param regionMin the region's least coordinate on the same axis, in metres
     */
    public static int toLocal(double world, double regionMin) {
        return Math.toIntExact(Math.round((world - regionMin) * UNITS_PER_METRE));
    }

    /**
     * The inverse of {@link #toLocal}, exact.
     *
     * @param local units of 1/128 m
     * @param regionMin the region's least coordinate on the same axis, in metres
     */
    public static double toWorld(int local, double regionMin) {
        return regionMin + (double) local / UNITS_PER_METRE;
    }
}
