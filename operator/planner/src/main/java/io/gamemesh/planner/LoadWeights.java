package io.gamemesh.planner;

/**
 * What counts how much in a load score. The score is the sum of the four, a fraction of one server.
 *
 * @param players for as many players as a server admits
 * @param entity for each entity
 * @param cpu for all of a server's CPU
 * @param network for all of a server's bandwidth
 */
public record LoadWeights(double players, double entity, double cpu, double network) {

    /** Players 40 %, each entity 0.03 %, CPU 20 %, network 10 %. */
    public static final LoadWeights DEFAULT = new LoadWeights(0.4, 0.0003, 0.2, 0.1);

    /** Refuses negative weights. */
    public LoadWeights {
        if (!(players >= 0 && entity >= 0 && cpu >= 0 && network >= 0)) {
            throw new IllegalArgumentException("load weights are players " + players + ", entity " + entity + ", cpu "
                    + cpu + ", network " + network + ", expected all at least 0");
        }
    }
}
