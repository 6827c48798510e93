package io.gamemesh.minestom;

import java.util.Arrays;

/** How late things were done that were to be done at a time. Not thread-safe. */
public final class Lateness {
    private static final int FIRST = 1024;

    private long[] nanos = new long[FIRST];
    private int size;

    /** Nothing has been late yet. */
    public Lateness() {}

    /** One more, in nanoseconds. */
    public void add(long late) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = late;
    }

    /** Forgets all. */
    public void count() {
        size = 0;
    }

    /** The 99th percentile in milliseconds, 0 if there are none. */
    public double p99Millis() {
        if (size == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[(int) ((size - 1) * 0.99)] / 1e6;
    }
}
