package io.gamemesh.coordinator;

import java.util.concurrent.Semaphore;

/**
 * Checks only so many tokens at one time, so that strangers with bad ones cannot put more on the API server than that.
 * Safe for use by several threads; nobody waits.
 */
public final class BoundedAuthenticator implements Authenticator {

    private final Authenticator authenticator;
    private final int limit;
    private final Semaphore room;

    /**
     * Makes the bound.
     *
     * @param authenticator who really knows
     * @param limit         how many checks may be under way, at least 1; one beyond it is told to try again
     */
    public BoundedAuthenticator(Authenticator authenticator, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of token checks: expected at least 1, got " + limit);
        }
        this.authenticator = authenticator;
        this.limit = limit;
        this.room = new Semaphore(limit);
    }

    @Override
    public Authentication authenticate(String token) {
        if (!room.tryAcquire()) {
            return new Authentication.Unavailable(limit + " tokens are being checked; try again");
        }
        try {
            return authenticator.authenticate(token);
        } finally {
            room.release();
        }
    }
}
