package io.gamemesh.planner.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * A completed change of authority. When it was is for who stores it to say: this has no clock but for durations.
 *
 * @param from name of the server that acted before; null if none did
 * @param to name of the server that acts since
 * @param epoch at which it acts
 * @param reason one word in CamelCase: Start, Rebalance, Drain, Pinned, Failover
 * @param durationMillis how long nobody acted, as far as the coordinator can tell; -1 if it cannot
 */
public record Transfer(@Nullable String from, String to, long epoch, String reason, long durationMillis) {}
