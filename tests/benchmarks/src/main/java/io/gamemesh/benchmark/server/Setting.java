package io.gamemesh.benchmark.server;

import io.gamemesh.protocol.id.RegionId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a server is started with.
 *
 * @param bounds of the world as in the configuration, {@code min-x,min-y,min-z,max-x,max-y,max-z} in metres
 * @param regions that the server acts for: all of the world's
 * @param memoryMebibytes that it is told the machine has, of which its heap takes a part
 * @param more keys of the configuration, and what they are to be
 */
public record Setting(String bounds, List<RegionId> regions, int memoryMebibytes, Map<String, String> more) {

    /** World coordinate, x and z alike, of the middle of the world of one region, in metres. */
    public static final double MIDDLE = 3072;

    // The world's spawn is its middle, which here lies in the middle of the ground of the only region.
    private static final String ONE = "2048,0,2048,4096,2048,4096";
    private static final String EIGHT = "-2048,-2048,-2048,2048,2048,2048";

    /** Refuses a world without regions. */
    public Setting {
        regions = List.copyOf(regions);
        more = Map.copyOf(more);
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("no regions, expected those of the world " + bounds);
        }
    }

    /** The eight regions round the origin, where players begin. */
    public static Setting eightRegions(int memoryMebibytes) {
        List<RegionId> regions = IntStream.range(0, 8)
                .mapToObj(cell -> RegionId.of(0, -(cell & 1), -(cell >> 1 & 1), -(cell >> 2 & 1)))
                .toList();
        return new Setting(EIGHT, regions, memoryMebibytes, Map.of());
    }

    /** One region of 2,048 m with its ground at y = 0, in whose middle, {@link #MIDDLE}, players begin. */
    public static Setting oneRegion(int memoryMebibytes, Map<String, String> more) {
        return new Setting(ONE, List.of(RegionId.of(0, 1, 0, 1)), memoryMebibytes, more);
    }
}
