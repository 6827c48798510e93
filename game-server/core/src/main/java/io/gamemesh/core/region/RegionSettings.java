package io.gamemesh.core.region;

import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ItemCounts;
import java.util.function.LongSupplier;

/**
 * What a region's engine is told once.
 *
 * @param geometry how the world is divided
 * @param region which part of it this is
 * @param blocks the kinds of block that there are
 * @param generator what the world was like before anybody edited it
 * @param tickRate steps a second, 1 to 90
 * @param limits what strangers may grow
 * @param wildlife what lives there besides players
 * @param items what players begin with, and how long things lie about
 */
public record RegionSettings(
        WorldGeometry geometry,
        RegionId region,
        Blocks blocks,
        Generator generator,
        int tickRate,
        Limits limits,
        Wildlife wildlife,
        Items items) {

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

    /** Settings of a region in which players are alone. */
    public RegionSettings(
            WorldGeometry geometry, RegionId region, Blocks blocks, Generator generator, int tickRate, Limits limits) {
        this(geometry, region, blocks, generator, tickRate, limits, Wildlife.NONE);
    }

    /** Settings of a region in which players begin with nothing. */
    public RegionSettings(
            WorldGeometry geometry,
            RegionId region,
            Blocks blocks,
            Generator generator,
            int tickRate,
            Limits limits,
            Wildlife wildlife) {
        this(geometry, region, blocks, generator, tickRate, limits, wildlife, Items.NONE);
    }

    /** Metres within which a player sees entities and terrain: no further than neighbours mirror each other. */
    public int viewRadius() {
        return Math.max(Math.min(limits.viewRadius(), geometry.overlap()), WorldGeometry.SECTION_SIZE);
    }

    /**
     * What strangers may grow, and how much of it.
     *
     * @param maxEntities of this region, crossing ones included; joins are refused above it, crossings are not; an eighth of
     *     it may be players without a connection, and a quarter items that lie there
     * @param maxEdits places of this region that have been edited; edits of other places are refused above it, and edits of
     *     many blocks above its half: one player may come there with those, and shall not end all editing
     * @param maxNameBytes of a player's name in UTF-8; a crossing with a longer one is refused
     * @param editsPerSecond of one player, on average; a second's worth may come at once, a fifth of it of who has just come
     * @param bulkEditBlocks within the bounds of one edit of many blocks, of those of one player in a second, and of all
     *     players' in a tick; 0 if nobody may make such edits
     * @param snapshotBytesPerSecond to one player, while its connection carries it
     * @param terrainBytesPerSecond of sections and of changes of blocks to one player: changes go at once, sections wait
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
            int bulkEditBlocks,
            int snapshotBytesPerSecond,
            int terrainBytesPerSecond,
            int sectionsPerTick,
            int cachedSections,
            int graceSeconds,
            int viewRadius) {

        /** Refuses edits of more blocks than a message can ask for. */
        public Limits {
            if (bulkEditBlocks < 0 || bulkEditBlocks > EditShape.MAX_VOLUME) {
                throw new IllegalArgumentException("bulkEditBlocks is " + bulkEditBlocks + ", expected 0 to "
                        + EditShape.MAX_VOLUME + ", where 0 allows no such edits");
            }
        }

        /** What servers use. */
        public static Limits standard() {
            return new Limits(10_000, 1_000_000, 64, 20, 0, 32_000, 64 * 1024, 24, 4096, 30, 96);
        }

        /** The same, but for edited places. */
        public Limits withMaxEdits(int edits) {
            return new Limits(
                    maxEntities,
                    edits,
                    maxNameBytes,
                    editsPerSecond,
                    bulkEditBlocks,
                    snapshotBytesPerSecond,
                    terrainBytesPerSecond,
                    sectionsPerTick,
                    cachedSections,
                    graceSeconds,
                    viewRadius);
        }

        /** The same, but for edits of many blocks. */
        public Limits withBulkEditBlocks(int blocks) {
            return new Limits(
                    maxEntities,
                    maxEdits,
                    maxNameBytes,
                    editsPerSecond,
                    blocks,
                    snapshotBytesPerSecond,
                    terrainBytesPerSecond,
                    sectionsPerTick,
                    cachedSections,
                    graceSeconds,
                    viewRadius);
        }
    }

    /**
     * What lives in a region besides players.
     *
     * @param creatures how many there may be before no more appear; those that come over a border are not refused, 0 or
     *     more
     * @param behaviour what decides for them
     * @param ids gives an entity id that no entity has had, each time, for items, too; from the region's thread
     */
    public record Wildlife(int creatures, Behaviour behaviour, LongSupplier ids) {

        /** No creatures, and those that come from elsewhere just stand. */
        public static final Wildlife NONE = new Wildlife(0, creature -> {}, () -> {
            throw new IllegalStateException("there are no ids for creatures and items in this region's settings");
        });

        /** Refuses less than no creatures. */
        public Wildlife {
            if (creatures < 0) {
                throw new IllegalArgumentException("creatures is " + creatures + ", expected 0 or more");
            }
        }
    }

    /**
     * What players begin with, and how long things lie about.
     *
     * @param starting what one carries who joins for the first time
     * @param lifetimeSeconds after which what lies there vanishes, 1 or more
     */
    public record Items(ItemCounts starting, int lifetimeSeconds) {

        /** Players begin with nothing. */
        public static final Items NONE = new Items(ItemCounts.NONE);

        /** For how long something lies there unless something else is said, seconds. */
        public static final int LIFETIME_SECONDS = 300;

        /** Refuses less than a second. */
        public Items {
            if (lifetimeSeconds < 1) {
                throw new IllegalArgumentException("lifetimeSeconds is " + lifetimeSeconds + ", expected 1 or more");
            }
        }

        /** Of which what lies there does so for {@value #LIFETIME_SECONDS} s. */
        public Items(ItemCounts starting) {
            this(starting, LIFETIME_SECONDS);
        }
    }
}
