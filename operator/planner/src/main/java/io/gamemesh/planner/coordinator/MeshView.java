package io.gamemesh.planner.coordinator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mesh as its coordinator sees it. Immutable, safe for any thread.
 *
 * @param leading true once this operator has raised the term
 * @param term of this operator
 * @param lastIncarnation the highest number given to a process
 * @param replicas how many servers there are to be
 * @param servers by name and incarnation
 * @param regions that there are
 * @param regionsExpected that there should be; as many as there are in a world without bounds
 * @param readyRegions whose authority acts
 * @param movingRegions on their way
 * @param players in all regions
 * @param entities in all regions
 * @param tickRate ticks a second that the slowest region reaches; 0 if unknown
 * @param transfers regions handed over under this leader
 * @param transferFailures moves that failed under this leader
 * @param failovers regions started elsewhere after a death under this leader
 */
public record MeshView(
        boolean leading,
        long term,
        int lastIncarnation,
        Replicas replicas,
        List<Server> servers,
        int regions,
        int regionsExpected,
        int readyRegions,
        int movingRegions,
        int players,
        int entities,
        double tickRate,
        long transfers,
        long transferFailures,
        long failovers) {

    /** Copies the list. */
    public MeshView {
        servers = List.copyOf(servers);
    }

    /** Servers that take regions. */
    public int readyServers() {
        return (int) servers.stream()
                .filter(server -> server.phase() == ServerPhase.READY)
                .count();
    }

    /**
     * Whether it says the same as another one but for figures that change all the time while anybody plays: players,
     * entities, loads and tick rates.
     */
    public boolean sameButForFigures(MeshView other) {
        return withoutFigures().equals(other.withoutFigures());
    }

    private MeshView withoutFigures() {
        return new MeshView(
                leading,
                term,
                lastIncarnation,
                replicas,
                servers.stream().map(Server::withoutFigures).toList(),
                regions,
                regionsExpected,
                readyRegions,
                movingRegions,
                0,
                0,
                0,
                transfers,
                transferFailures,
                failovers);
    }

    /**
     * How many servers there are to be.
     *
     * @param desired that are wanted
     * @param kept pods that must stay for now: those wanted, and up to the last one whose process has a region
     * @param settled true once the servers have had the time to say what they own: until then no pod that is there may go
     * @param limited why fewer are wanted than would be needed, for people; null if they are not
     */
    public record Replicas(
            int desired,
            int kept,
            boolean settled,
            @Nullable String limited) {

        /**
         * How many replicas the stateful set is to have.
         *
         * @param present that it has; 0 or more
         */
        public int of(int present) {
            return settled ? kept : Math.max(kept, present);
        }
    }

    /**
     * One process.
     *
     * @param name its pod's
     * @param incarnation its number; 0 if it has none yet
     * @param phase where it is in its life
     * @param node where its pod runs; empty if unknown
     * @param playerAddress host:port (UDP) for players outside the cluster; empty if unknown
     * @param internalPlayerAddress host:port (UDP) for clients inside the cluster; empty if unknown
     * @param players connected
     * @param regions that it acts for or is to act for
     * @param loadPercent the greatest of load score, CPU, memory, tick time and players, each of its limit
     * @param tickPercent p99 of its tick time over the tick's period
     */
    public record Server(
            String name,
            int incarnation,
            ServerPhase phase,
            String node,
            String playerAddress,
            String internalPlayerAddress,
            int players,
            int regions,
            int loadPercent,
            int tickPercent) {

        private Server withoutFigures() {
            return new Server(name, incarnation, phase, node, playerAddress, internalPlayerAddress, 0, regions, 0, 0);
        }
    }

    /** Where a server is in its life. */
    public enum ServerPhase {
        /** Its pod is there, its process has not registered. */
        STARTING,
        /** Registered, and takes regions. */
        READY,
        /** Silent, but not known dead: it keeps its regions. */
        UNREACHABLE,
        /** About to stop: its regions are moved off. */
        DRAINING,
        /** Known dead. */
        TERMINATED
    }
}
