package io.gamemesh.client;

import java.util.Arrays;

/**
 * Counts durations in buckets whose width grows with the value, 1.6 % of it at most, after the idea of HdrHistogram.
 * From 1 microsecond to 35 minutes; longer ones count as that. Recording takes constant time and allocates nothing.
 * Not thread-safe.
 */
public final class Histogram {

    private static final int SUB_BITS = 6;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    private static final int MAX_BITS = 31;

    private final int[] counts = new int[(MAX_BITS - SUB_BITS + 1) * SUB_BUCKETS];
    private long count;
    private long max;

    /** Counts a duration in microseconds; a negative one counts as 0. */
    public void record(long micros) {
        long value = Math.clamp(micros, 0L, (1L << MAX_BITS) - 1);
        counts[bucket(value)]++;
        count++;
        max = Math.max(max, value);
    }

    /** Adds what another has counted. */
    public void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    /** What has been counted so far, which counts no further. */
    public Histogram copy() {
        Histogram copy = new Histogram();
        copy.add(this);
        return copy;
    }

    /** Forgets all. */
    public void reset() {
        Arrays.fill(counts, 0);
        count = 0;
        max = 0;
    }

    /** How many durations were recorded. */
    public long count() {
        return count;
    }

    /** The longest, in milliseconds; 0 if there are none. */
    public double maxMillis() {
        return max / 1000.0;
    }

    /**
     * The duration that a fraction of all do not exceed, in milliseconds; 0 if there are none.
     *
     * @param fraction 0 to 1, as in 0.99
     */
    public double percentileMillis(double fraction) {
        long wanted = Math.max(1, (long) Math.ceil(fraction * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(upperEnd(i), max) / 1000.0;
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        int magnitude = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - SUB_BITS - 1);
        // Within a magnitude above 0 the highest of the sub-bucket bits is always set.
        return magnitude * SUB_BUCKETS + (int) (value >>> magnitude);
    }

    private static long upperEnd(int bucket) {
        int magnitude = Math.max(0, bucket / SUB_BUCKETS - 1);
        return (((long) (bucket - magnitude * SUB_BUCKETS) + 1) << magnitude) - 1;
    }
}
