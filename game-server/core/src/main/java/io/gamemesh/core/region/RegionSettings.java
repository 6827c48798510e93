package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;

/**
 * What a region's engine is told once.
 *
 * @param geometry how the world is divided
 * @param region which part of it this is
 * @param blocks the kinds of block that there are
 * @param generator what the world was like before anybody edited it
 * @param tickRate steps a second, 1 to 90
 * @param limits what strangers may grow
 */
public record RegionSettings(
        WorldGeometry geometry, RegionId region, Blocks blocks, Generator generator, int tickRate, Limits limits) {

    /** The greatest tick rate, a second. */
    public static final int MAX_TICK_RATE = 90;

    /** Refuses a region outside the world and a tick rate out of bounds. */
    public RegionSettings {
        if (!geometry.contains(region)) {
            throw new IllegalArgumentException("region " + region + " lies outside the world");
        }
        if (tickRate < 1 || tickRate > MAX_TICK_RATE) {
            throw new IllegalArgumentException(
                    "tick rate is " + tickRate + ", expected 1 to " + MAX_TICK_RATE + " a second");
        }
    }

    /** Metres within which a player sees entities and terrain: no further than neighbours mirror each other. */
    public int viewRadius() {
        return Math.max(Math.min(limits.viewRadius(), geometry.overlap()), WorldGeometry.SECTION_SIZE);
    }

    /**
     * What strangers may grow, and how much of it.
     *
     * @param maxEntities of this region, crossing ones included; joins are refused above it, crossings are not
     * @param maxEdits places that differ from what was generated; edits are refused above it
     * @param maxNameBytes of a player's name in UTF-8; a crossing with a longer one is refused
     * @param editsPerSecond of one player, on average; a second's worth may come at once
     * @param terrainBytesPerSecond of sections to one player
     * @param sectionsPerTick coded and sent to all players together
     * @param cachedSections of generated terrain
     * @param graceSeconds that a player without a connection is kept
     * @param viewRadius metres within which a player sees entities and terrain, at most the world's overlap
     */
    public record Limits(
            int maxEntities,
            int maxEdits,
            int maxNameBytes,
            int editsPerSecond,
            int terrainBytesPerSecond,
            int sectionsPerTick,
            int cachedSections,
            int graceSeconds,
            int viewRadius) {

        /** What servers use. */
        public static Limits standard() {
            return new Limits(10_000, 1_000_000, 64, 20, 64 * 1024, 24, 4096, 30, 96);
        }
    }
}
