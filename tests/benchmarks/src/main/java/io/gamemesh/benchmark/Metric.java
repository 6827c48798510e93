package io.gamemesh.benchmark;

/**
 * One figure.
 *
 * @param value finite
 * @param unit such as {@code ms} or {@code B/s}
 */
public record Metric(double value, String unit) {

    public Metric {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "a metric in %s is %s, expected a finite number: nothing was measured".formatted(unit, value));
        }
    }
}
