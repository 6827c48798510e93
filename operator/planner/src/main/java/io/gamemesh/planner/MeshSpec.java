package io.gamemesh.planner;

import io.gamemesh.planner.scaling.ScalingTargets;
import io.gamemesh.protocol.geometry.WorldGeometry;
import org.jspecify.annotations.Nullable;

/**
 * What the planner and the coordinator need to know of a {@code GameMesh}.
 *
 * @param name the mesh's name; the names of its regions and servers begin with it
 * @param geometry how the world is divided
 * @param replicas game servers that are asked for: exact without targets, with them the floor. 0 or more
 * @param scaling bounds and targets by which the number of servers is chosen; null if it is not chosen
 * @param tickRate ticks a second of each region; at least 1
 * @param maxPlayers players whom one server admits; at least 1
 * @param weights of the load score
 * @param highLoad load of a server, as a fraction, above which it is given nothing more; above 0
 * @param heartbeatMillis between two heartbeats of a server; at least 1
 * @param leaseMillis what a heartbeat is granted; at least 1
 * @param backups copies that each region has on other servers, as far as there are other servers; 0 or more
 * @param maxRegions regions that an unbounded world may grow to; at least 1
 */
public record MeshSpec(
        String name,
        WorldGeometry geometry,
        int replicas,
        @Nullable ScalingTargets scaling,
        int tickRate,
        int maxPlayers,
        LoadWeights weights,
        double highLoad,
        int heartbeatMillis,
        int leaseMillis,
        int backups,
        int maxRegions) {

    /** Regions that an unbounded world grows to unless something else is asked for. */
    public static final int DEFAULT_MAX_REGIONS = 4096;

    /** Game servers that a mesh may have: the schema refuses more, and a server of a higher ordinal is not admitted. */
    public static final int MAX_SERVERS = 100;

    /** Refuses numbers out of bounds. */
    public MeshSpec {
        require("replicas", replicas, 0);
        require("tickRate", tickRate, 1);
        require("maxPlayers", maxPlayers, 1);
        require("heartbeatMillis", heartbeatMillis, 1);
        require("leaseMillis", leaseMillis, 1);
        require("backups", backups, 0);
        require("maxRegions", maxRegions, 1);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the mesh's name is empty, expected that of the GameMesh");
        }
        if (!(highLoad > 0)) {
            throw new IllegalArgumentException("highLoad is " + highLoad + ", expected a fraction above 0");
        }
    }

    private static void require(String name, int value, int min) {
        if (value < min) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least " + min);
        }
    }
}
