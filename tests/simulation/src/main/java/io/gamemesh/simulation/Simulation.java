package io.gamemesh.simulation;

/** Runs a mesh from a seed. */
public final class Simulation {

    private Simulation() {}

    /**
     * Runs to the end, or to the first violation of an invariant.
     *
     * @param settings the same settings give the same run, step by step
     */
    public static SimulationResult run(SimulationSettings settings) {
        return new World(settings).run();
    }
}
