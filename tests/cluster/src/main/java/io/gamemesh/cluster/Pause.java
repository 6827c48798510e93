package io.gamemesh.cluster;

import java.time.Duration;

/** Letting time pass in a test or a benchmark that has nothing to wait for but that. */
public final class Pause {

    private Pause() {}

    /**
     * Returns after that long; at once if it is not positive.
     *
     * @throws IllegalStateException if the thread is interrupted meanwhile; it still is then
     */
    public static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a pause of " + time, e);
        }
    }
}
