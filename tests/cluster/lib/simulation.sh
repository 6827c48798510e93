# shellcheck shell=bash
# Runs the mesh in one thread under virtual time, seed by seed.

SIMULATION=$PROJECT/tests/simulation

# simulate --seeds N [--from SEED] [--broken VARIANT] [--faults SECONDS] [--quiet SECONDS]
simulate() {
    "$JAVA_HOME/bin/java" -Xmx2g -XX:+UseParallelGC -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow \
        -cp "$SIMULATION/target/*:$SIMULATION/target/lib/*" io.gamemesh.simulation.SimulationMain "$@"
}
