package io.gamemesh.core.region;

/**
 * What to report of a region; counters grow for as long as the engine lives.
 *
 * @param tick the number of the last step; counts on when a region moves
 * @param players entities of players, connected or not
 * @param sessions connected players
 * @param entities all entities, those about to cross included
 * @param ghosts entities of neighbours
 * @param leftOut entities and ghosts that nobody is shown, since there are more than can be numbered
 * @param crossing entities that have left and whose arrival is not yet known
 * @param edits places that differ from what was generated
 * @param cachedSections sections kept
 * @param crossingsOut entities that have arrived elsewhere
 * @param crossingsIn entities that have arrived here
 * @param repeatsIgnored repeats of crossings that had been applied before
 * @param refused inputs refused: stale epochs, impossible edits, unknown ids, ghosts above the limit; and sessions ended
 * @param inputsDropped inputs of players that were never done, since a client sent more of them than ticks passed
 * @param items carried by players, lying about and offered
 * @param itemsUnderWay those that have left, with entities or without, and whose arrival is not yet known
 * @param itemsCreated since the region was generated, on however many servers: over all regions, those created less those
 *     vanished are those that there are, and those under way
 * @param itemsVanished since the region was generated
 */
public record RegionStats(
        long tick,
        int players,
        int sessions,
        int entities,
        int ghosts,
        int leftOut,
        int crossing,
        int edits,
        int cachedSections,
        long crossingsOut,
        long crossingsIn,
        long repeatsIgnored,
        long refused,
        long inputsDropped,
        long items,
        long itemsUnderWay,
        long itemsCreated,
        long itemsVanished) {}
