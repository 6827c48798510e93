package io.gamemesh.core.sync;

/**
 * How snapshots are made.
 *
 * @param region packed id of the region that positions are relative to
 * @param tickRate ticks a second, 1 to 255
 * @param viewRadius metres within which entities are seen, 1 to 4,096
 * @param bytesPerSecond of snapshots to one client, 2,000 or more: what it gets while its connection carries it
 */
public record SyncSettings(long region, int tickRate, int viewRadius, int bytesPerSecond) {

    /** Refuses what is out of bounds. */
    public SyncSettings {
        require("tick rate", tickRate, 1, 255);
        require("view radius", viewRadius, 1, 4096);
        require("bytes per second", bytesPerSecond, 2_000, Integer.MAX_VALUE / Byte.SIZE);
    }

    private static void require(String what, int value, int least, int greatest) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(what + " is " + value + ", expected " + least + " to " + greatest);
        }
    }
}
