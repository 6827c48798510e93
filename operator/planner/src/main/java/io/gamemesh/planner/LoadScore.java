package io.gamemesh.planner;

/** How loaded regions and servers are, as fractions of one server: 0 is idle, 1 is full, above 1 is too much. */
public final class LoadScore {

    private LoadScore() {}

    /**
     * The score of one region: the greatest of the weighted sum of players, entities, CPU and network, its players
     * over the limit, and its tick time over its period and the server's cores.
     */
    public static double ofRegion(LoadWeights weights, Capacity capacity, RegionLoad load) {
        double players = over(load.players(), capacity.maxPlayers());
        double cpu = load.tick() / cores(capacity);
        double weighted = weights.players() * players
                + weights.entity() * load.entities()
                + weights.cpu() * cpu
                + weights.network() * over(load.bytesPerSecond(), (double) capacity.bandwidthBytesPerSecond());
        return greatest(weighted, players, cpu);
    }

    /**
     * The score of a server: the greatest of the weighted sum, CPU, memory, tick time over its period, and players over
     * their limit, so that any one of them can say that it is full.
     *
     * @param entities in all its regions
     */
    public static double ofServer(LoadWeights weights, Capacity capacity, ServerLoad load, int entities) {
        double players = over(load.players(), capacity.maxPlayers());
        double weighted = weights.players() * players
                + weights.entity() * entities
                + weights.cpu() * load.cpu()
                + weights.network() * over(load.bytesPerSecond(), (double) capacity.bandwidthBytesPerSecond());
        return greatest(weighted, players, load.cpu(), load.memory(), load.tick());
    }

    private static double cores(Capacity capacity) {
        return capacity.cpuMillis() < 1000 ? 1 : capacity.cpuMillis() / 1000.0;
    }

    private static double over(double value, double limit) {
        return limit > 0 ? value / limit : 0;
    }

    private static double greatest(double... scores) {
        double greatest = 0;
        for (double score : scores) {
            // A comparison, not Math.max, so that a NaN from a server counts as nothing.
            if (score > greatest) {
                greatest = score;
            }
        }
        return greatest;
    }
}
