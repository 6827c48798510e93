package io.gamemesh.benchmark;

import java.util.Arrays;
import java.util.Collection;

/**
 * One figure: what a single run found, or the median of several with the least and the greatest beside it.
 *
 * @param value finite; of several runs the median
 * @param unit such as {@code ms} or {@code B/s}
 * @param min finite, at most {@code value}
 * @param max finite, at least {@code value}
 * @param runs how many there were, at least 1
 */
public record Metric(double value, String unit, double min, double max, int runs) {

    public Metric {
        for (double figure : new double[] {value, min, max}) {
            if (!Double.isFinite(figure)) {
                throw new IllegalArgumentException(
                        "a metric in %s is %s, expected a finite number: nothing was measured".formatted(unit, figure));
            }
        }
        if (min > value || value > max) {
            throw new IllegalArgumentException(
                    "a metric's median is %s %s, expected within %s and %s".formatted(value, unit, min, max));
        }
        if (runs < 1) {
            throw new IllegalArgumentException(
                    "a metric in %s is of %d runs, expected 1 or more".formatted(unit, runs));
        }
    }

    /** Of a single run. */
    public Metric(double value, String unit) {
        this(value, unit, value, value, 1);
    }

    /**
     * Of several runs.
     *
     * @param unit such as {@code ms} or {@code B/s}
     * @param samples what each run found, in any order, at least one
     * @throws IllegalArgumentException if there are none, or one isn't finite
     */
    public static Metric of(String unit, double... samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("a metric in %s has no samples: nothing was measured".formatted(unit));
        }
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        // The sum of two may overflow, half of each may not.
        double median = sorted.length % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
        return new Metric(median, unit, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** Of several runs, as {@link #of(String, double...)}. */
    public static Metric of(String unit, Collection<Double> samples) {
        return of(unit, samples.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
