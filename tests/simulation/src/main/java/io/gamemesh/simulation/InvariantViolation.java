package io.gamemesh.simulation;

/** Something has happened that must never happen. */
public final class InvariantViolation extends RuntimeException {

    /**
     * What was seen.
     *
     * @param message what, where and when
     */
    public InvariantViolation(String message) {
        super(message);
    }
}
