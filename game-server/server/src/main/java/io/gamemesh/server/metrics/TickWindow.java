package io.gamemesh.server.metrics;

import java.util.Arrays;

/** The last few hundred tick durations of a server, for the load that its heartbeat reports. Thread-safe. */
public final class TickWindow {
    private final long[] nanos;
    private int next;
    private int filled;

    /**
     * An empty window.
     *
     * @param capacity how many ticks are looked back at, at least 1
     */
    public TickWindow(int capacity) {
        nanos = new long[capacity];
    }

    public synchronized void add(long durationNanos) {
        nanos[next] = durationNanos;
        next = (next + 1) % nanos.length;
        filled = Math.min(filled + 1, nanos.length);
    }

    /**
     * The duration that a {@code fraction} of the ticks in the window did not exceed, in nanoseconds; 0 before the first
     * tick. O(n log n) in the window's capacity.
     */
    public long quantile(double fraction) {
        long[] sorted;
        synchronized (this) {
            if (filled == 0) {
                return 0;
            }
            sorted = Arrays.copyOf(nanos, filled);
        }
        Arrays.sort(sorted);
        int index = (int) Math.ceil(fraction * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }
}
