package io.gamemesh.server.metrics;

/**
 * An exponentially weighted mean of samples, NaN-free: 0 before the first. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6298">RFC 6298</a>, whose smoothing of round trips this is
 */
public final class MovingMean {
    private final double weight;
    private double mean;
    private boolean any;

    /**
     * A mean of no samples.
     *
     * @param weight of a new sample, above 0 and at most 1
     */
    public MovingMean(double weight) {
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight is " + weight + ", expected above 0 and at most 1");
        }
        this.weight = weight;
    }

    public synchronized void add(double sample) {
        mean = any ? mean + weight * (sample - mean) : sample;
        any = true;
    }

    public synchronized double get() {
        return mean;
    }
}
