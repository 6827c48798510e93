package io.gamemesh.coordinator;

import java.time.Duration;

/**
 * What the control plane allows those who call it.
 *
 * @param messageBytes       the largest message taken from a server, bytes
 * @param streamsPerConnection how many streams one connection may have
 * @param pendingMessages    how many messages may wait for a server that reads slowly; then its stream is closed
 * @param registerWithin     how long after opening a stream its Register may take
 * @param keepAlive          how long a connection may be silent before it is probed
 * @param keepAliveTimeout   how long the answer to a probe may take
 */
public record StreamLimits(
        int messageBytes,
        int streamsPerConnection,
        int pendingMessages,
        Duration registerWithin,
        Duration keepAlive,
        Duration keepAliveTimeout) {

    /**
     * The limits of a real control plane: a Register with reports of 4,096 regions fits into a message, and so do
     * commands about each of them into what may wait.
     *
     * @return the limits
     */
    public static StreamLimits standard() {
        return new StreamLimits(
                1 << 20, 4, 16_384, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(3));
    }
}
