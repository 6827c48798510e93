package io.gamemesh.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts of a Prometheus histogram: how many values did not exceed each bound.
 *
 * @param counts cumulative counts by upper bound, the last of which is infinite
 */
public record Histogram(SortedMap<Double, Double> counts) {

    /** No values at all. */
    public static final Histogram EMPTY = new Histogram(new TreeMap<>());

    public Histogram {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** How many values there are. */
    public double count() {
        return counts.isEmpty() ? 0 : counts.lastEntry().getValue();
    }

    /** What was counted since {@code earlier}, an earlier reading of the same process's histogram. */
    public Histogram since(Histogram earlier) {
        TreeMap<Double, Double> difference = new TreeMap<>();
        counts.forEach((bound, count) -> difference.put(bound, count - earlier.counts.getOrDefault(bound, 0.0)));
        return new Histogram(difference);
    }

    /** The values of both; they must have the same bounds, or one of them none. */
    public Histogram plus(Histogram other) {
        TreeMap<Double, Double> sum = new TreeMap<>(counts);
        other.counts.forEach((bound, count) -> sum.merge(bound, count, Double::sum));
        return new Histogram(sum);
    }

    /**
     * The value that a fraction of all values did not exceed, straight-lined within its bucket as Prometheus's
     * {@code histogram_quantile} does. Of values beyond the last finite bound only that bound is known.
     *
     * @param fraction 0 to 1
     * @return NaN if there are no values
     */
    public double quantile(double fraction) {
        double rank = fraction * count();
        double lowerBound = 0;
        double lowerCount = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            double bound = bucket.getKey();
            double count = bucket.getValue();
            if (count >= rank && count > lowerCount) {
                return Double.isInfinite(bound)
                        ? lowerBound
                        : lowerBound + (bound - lowerBound) * (rank - lowerCount) / (count - lowerCount);
            }
            lowerBound = bound;
            lowerCount = count;
        }
        return Double.NaN;
    }
}
