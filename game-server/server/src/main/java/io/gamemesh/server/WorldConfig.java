package io.gamemesh.server;

import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ItemCounts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the configuration's words to the core's. */
final class WorldConfig {
    private static final int NUMBERS_OF_A_BOX = 6;

    private WorldConfig() {}

    /**
     * How the world is divided.
     *
     * @throws IllegalArgumentException if sizes or bounds are not those of a world
     */
    static WorldGeometry geometry(ServerConfig.World world) {
        return new WorldGeometry(
                world.regionSize(),
                world.minRegionSize(),
                world.overlap(),
                world.bounds().map(WorldConfig::box).orElse(null));
    }

    private static @Nullable Box box(List<Integer> numbers) {
        if (numbers.size() != NUMBERS_OF_A_BOX) {
            throw new IllegalArgumentException("gamemesh.world.bounds is " + numbers
                    + ", expected min-x,min-y,min-z,max-x,max-y,max-z in metres, or nothing");
        }
        return Box.of(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3), numbers.get(4), numbers.get(5));
    }

    /**
     * What players begin with.
     *
     * @throws IllegalArgumentException if it is not as people write items, or more than a player can carry
     */
    static RegionSettings.Items items(ServerConfig.World world) {
        try {
            return new RegionSettings.Items(
                    world.startingItems().map(ItemCounts::parse).orElse(ItemCounts.NONE));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gamemesh.world.starting-items: " + e.getMessage(), e);
        }
    }

    /**
     * What strangers may grow.
     *
     * @param bulkEditBlocks 0 to {@link EditShape#MAX_VOLUME}
     * @throws IllegalArgumentException if it is not
     */
    static RegionSettings.Limits limits(int bulkEditBlocks, Duration reconnectGrace, int viewRadius) {
        if (bulkEditBlocks < 0 || bulkEditBlocks > EditShape.MAX_VOLUME) {
            throw new IllegalArgumentException("gamemesh.limits.bulk-edit-blocks is " + bulkEditBlocks
                    + ", expected 0 to " + EditShape.MAX_VOLUME + ", where 0 allows nobody to make such edits");
        }
        RegionSettings.Limits standard = RegionSettings.Limits.standard();
        return new RegionSettings.Limits(
                standard.maxEntities(),
                standard.maxEdits(),
                standard.maxNameBytes(),
                standard.editsPerSecond(),
                bulkEditBlocks,
                standard.snapshotBytesPerSecond(),
                standard.terrainBytesPerSecond(),
                standard.sectionsPerTick(),
                standard.cachedSections(),
                Math.toIntExact(reconnectGrace.toSeconds()),
                viewRadius);
    }
}
