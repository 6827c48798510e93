package io.gamemesh.client;

/**
 * How many inputs are due: one for each tick period that passes, however irregularly somebody asks. A server does one
 * input a tick, so that too few or too many would make the player late. Not thread-safe.
 */
final class InputClock {

    /** After a longer pause the rest is forgotten: the server has gone on without. */
    private static final int MAX_AT_ONCE = 4;

    private final double periodNanos;
    private long lastNanos;
    private double due;

    InputClock(int tickRate, long nowNanos) {
        periodNanos = 1e9 / tickRate;
        lastNanos = nowNanos;
    }

    /** The number of inputs to make now, 0 to 4: those of the periods passed, to the nearest. */
    int due(long nowNanos) {
        due += (nowNanos - lastNanos) / periodNanos;
        lastNanos = nowNanos;
        long inputs = Math.max(Math.round(due), 0);
        if (inputs > MAX_AT_ONCE) {
            due = 0;
            return MAX_AT_ONCE;
        }
        due -= inputs;
        return (int) inputs;
    }
}
