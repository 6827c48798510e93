package io.gamemesh.planner;

/**
 * What one server has to give. Numbers that a server does not know are 0 and then limit nothing.
 *
 * @param maxPlayers players whom it admits
 * @param cpuMillis thousandths of a core
 * @param memoryBytes bytes
 * @param bandwidthBytesPerSecond bytes a second
 */
public record Capacity(int maxPlayers, int cpuMillis, long memoryBytes, long bandwidthBytesPerSecond) {

    /** Nothing known. */
    public static final Capacity UNKNOWN = new Capacity(0, 0, 0, 0);
}
