package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.PlanLimits;
import java.time.Duration;

/**
 * Times and limits of a coordinator that no user has a reason to set.
 *
 * @param plan how much is moved at once
 * @param planEvery between two plans
 * @param resend how long a command waits for its report before it is sent again
 * @param retry how long a failed write waits before it is tried again
 * @param settle how long a new leader waits for servers to come back before it places regions on those that have
 * @param rest how long a region is left alone after a move, unless its server drains or a user pins it
 * @param moveTimeout how long a move may take before its target is asked to give it up
 * @param meshReleaseTimeout how long regions of a mesh that is being deleted wait for servers to give them up
 * @param figuresEvery after which load figures in a status are brought up to date though they moved little
 * @param publishEvery between two views of the mesh
 * @param silentHeartbeats heartbeats that a server may miss before it is given nothing more
 * @param writesAtOnce writes of region status under way at once
 * @param maxServers processes that a mesh may have at once
 * @param maxReports regions that a server may speak of in one message
 * @param maxEpochLead how far an epoch that a server names may be ahead of what is known
 */
public record CoordinatorSettings(
        PlanLimits plan,
        Duration planEvery,
        Duration resend,
        Duration retry,
        Duration settle,
        Duration rest,
        Duration moveTimeout,
        Duration meshReleaseTimeout,
        Duration figuresEvery,
        Duration publishEvery,
        int silentHeartbeats,
        int writesAtOnce,
        int maxServers,
        int maxReports,
        long maxEpochLead) {

    /** What the operator uses. */
    public static final CoordinatorSettings DEFAULT = new CoordinatorSettings(
            PlanLimits.DEFAULT,
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            3,
            64,
            256,
            8192,
            1L << 32);
}
