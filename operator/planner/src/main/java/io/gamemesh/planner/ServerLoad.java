package io.gamemesh.planner;

/**
 * What a server says of itself as a whole.
 *
 * @param players connected
 * @param cpu fraction of its limit
 * @param memory fraction of its limit
 * @param tick p99 of the tick time over the tick's period
 * @param bytesPerSecond sent and received
 */
public record ServerLoad(int players, double cpu, double memory, double tick, double bytesPerSecond) {

    /** A server on which nothing happens. */
    public static final ServerLoad IDLE = new ServerLoad(0, 0, 0, 0, 0);
}
