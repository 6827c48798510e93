package io.gamemesh.benchmark.crowd;

import java.util.Arrays;
import java.util.Locale;

/**
 * What one run of {@link CrowdScene} found.
 *
 * @param cpuMicros CPU of the region's thread for a player and tick, its clients' inputs included
 * @param tickP50 milliseconds
 * @param tickP99 milliseconds
 * @param tickP999 milliseconds
 * @param tickCpuP99 CPU of the region's thread in a tick, the 99th percentile in milliseconds: what is left of {@code
 *     tickP99} where nothing else runs, and the collector does not
 * @param bytesPerSecond of snapshots to a player
 * @param allocated bytes a tick on the region's thread, what clients say not counted
 * @param errorP99 how far off a client of the crowd has another within 20 m, the 99th percentile in metres
 */
record CrowdFigures(
        double cpuMicros,
        double tickP50,
        double tickP99,
        double tickP999,
        double tickCpuP99,
        double bytesPerSecond,
        double allocated,
        double errorP99) {

    /** As one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%f %f %f %f %f %f %f %f",
                cpuMicros,
                tickP50,
                tickP99,
                tickP999,
                tickCpuP99,
                bytesPerSecond,
                allocated,
                errorP99);
    }

    /** What such a line says. */
    static CrowdFigures parse(String line) {
        double[] numbers = Arrays.stream(line.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (numbers.length != 8) {
            throw new IllegalArgumentException("the scene says '%s', expected eight figures".formatted(line));
        }
        return new CrowdFigures(
                numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]);
    }
}
