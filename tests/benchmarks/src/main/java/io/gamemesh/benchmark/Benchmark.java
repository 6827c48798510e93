package io.gamemesh.benchmark;

import java.time.Duration;
import java.util.SortedMap;

/** Something that can be measured by name. */
public interface Benchmark {

    /** One word, for the command line and the report. */
    String name();

    /** What is measured, in one line. */
    String description();

    /**
     * Measures it; says on standard error how it gets on.
     *
     * @return the figures by their name
     * @throws RuntimeException if what is to be measured does not work: there are no figures then
     */
    SortedMap<String, Metric> run();

    /**
     * The same, but measured for so long.
     *
     * @throws IllegalArgumentException if it takes the time that it takes
     */
    default Benchmark lasting(Duration measured) {
        throw new IllegalArgumentException("how long '%s' measures cannot be chosen".formatted(name()));
    }

    /**
     * The same, but with so many runs of what it repeats.
     *
     * @throws IllegalArgumentException if that cannot be chosen
     */
    default Benchmark repeated(int times) {
        throw new IllegalArgumentException("how many runs '%s' makes cannot be chosen".formatted(name()));
    }
}
