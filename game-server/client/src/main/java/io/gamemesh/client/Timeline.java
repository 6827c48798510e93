package io.gamemesh.client;

/**
 * Which time of the client's clock belongs to a tick of the server's, and how far in the past others must be shown for
 * their next states to be there in time. The quickest packets of late tell how the clocks stand to each other, the others
 * how much the network jitters. Not thread-safe.
 */
final class Timeline {

    private static final double MAX_DELAY_NANOS = 250e6;

    /** How fast an estimate that was too low rises, in parts of the difference a snapshot. */
    private static final double RISE = 1 / 256.0;

    /** How fast jitter is forgotten, in parts a snapshot. */
    private static final double FADE = 1 / 128.0;

    /** How much time may be stretched to change the delay, in parts of it. */
    private static final double STRETCH = 1 / 20.0;

    private final double periodNanos;
    private long region;
    private boolean begun;

    /** What a tick's number times the period lacks to the client's time. */
    private double offsetNanos;

    private double jitterNanos;
    private double delayNanos;

    Timeline(int tickRate) {
        periodNanos = 1e9 / tickRate;
        delayNanos = 2 * periodNanos;
    }

    /** A snapshot of a tick that is newer than all before has begun to arrive. */
    void snapshot(long ofRegion, long tick, long nowNanos) {
        double offset = nowNanos - tick * periodNanos;
        if (!begun || ofRegion != region || Math.abs(offset - offsetNanos) > 1e9) {
            // Another region counts other ticks; this packet is taken to be as late as most have been.
            region = ofRegion;
            offsetNanos = offset - (begun ? jitterNanos / 2 : 0);
            begun = true;
            return;
        }
        double late = offset - offsetNanos;
        if (late < 0) {
            offsetNanos = offset;
            late = 0;
        } else {
            offsetNanos += late * RISE;
        }
        jitterNanos = Math.max(late, jitterNanos - jitterNanos * FADE);
        double target = Math.min(periodNanos + jitterNanos, MAX_DELAY_NANOS);
        double most = periodNanos * STRETCH;
        delayNanos += Math.clamp(target - delayNanos, -most, most);
    }

    /** When the client would have a tick's snapshot if the network were at its quickest. */
    long nanosOf(long tick) {
        return Math.round(tick * periodNanos + offsetNanos);
    }

    /** How far in the past of {@link #nanosOf} to show others that change with every tick. */
    long delayNanos() {
        return Math.round(delayNanos);
    }

    long periodNanos() {
        return Math.round(periodNanos);
    }
}
