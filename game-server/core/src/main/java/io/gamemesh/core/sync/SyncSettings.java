package io.gamemesh.core.sync;

import java.util.List;

/**
 * How snapshots are made.
 *
 * @param region packed id of the region that positions are relative to
 * @param tickRate ticks a second, 1 to 255
 * @param viewRadius metres within which entities are seen, 1 to 4,096
 * @param bytesPerSecond of snapshots to one client, 2,000 or more: what it gets while its connection carries it
 * @param tiers from near to far, 1 to 16; the last takes all that are seen
 */
public record SyncSettings(long region, int tickRate, int viewRadius, int bytesPerSecond, List<Tier> tiers) {

    /** Refuses what is out of bounds. */
    public SyncSettings {
        require("tick rate", tickRate, 1, 255);
        require("view radius", viewRadius, 1, 4096);
        require("bytes per second", bytesPerSecond, 2_000, Integer.MAX_VALUE / Byte.SIZE);
        tiers = List.copyOf(tiers);
        require("number of tiers", tiers.size(), 1, ClientView.MAX_TIERS);
    }

    /** With the tiers that suit players. */
    public SyncSettings(long region, int tickRate, int viewRadius, int bytesPerSecond) {
        this(region, tickRate, viewRadius, bytesPerSecond, Tier.ALL);
    }

    private static void require(String what, int value, int least, int greatest) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(what + " is " + value + ", expected " + least + " to " + greatest);
        }
    }
}
