package io.gamemesh.planner;

/**
 * What one region costs the server that acts for it.
 *
 * @param players in it
 * @param entities in it, players included
 * @param tick mean tick time over the tick's period; 0 to 1 and above
 * @param bytesPerSecond sent and received
 */
public record RegionLoad(int players, int entities, double tick, double bytesPerSecond) {

    /** A region in which nothing happens. */
    public static final RegionLoad IDLE = new RegionLoad(0, 0, 0, 0);
}
