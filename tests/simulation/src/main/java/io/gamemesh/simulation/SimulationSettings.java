package io.gamemesh.simulation;

/**
 * What one run is to be like.
 *
 * @param seed everything that is left to chance comes from it
 * @param sabotage how the protocol is broken; not at all as a rule
 * @param faultSeconds virtual seconds with faults
 * @param quietSeconds virtual seconds that the mesh is given afterwards to become as it should be
 */
public record SimulationSettings(long seed, Sabotage sabotage, int faultSeconds, int quietSeconds) {

    /** A minute and a half of faults, two minutes of quiet. */
    public static SimulationSettings of(long seed) {
        return new SimulationSettings(seed, Sabotage.NONE, 90, 120);
    }

    /** The same with the protocol broken on purpose. */
    public static SimulationSettings broken(long seed, Sabotage sabotage) {
        return new SimulationSettings(seed, sabotage, 90, 120);
    }
}
