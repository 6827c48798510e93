package io.gamemesh.server.store;

import java.util.Locale;

/**
 * A store that does not answer, or cannot do what it should. The message names neither address nor login of the store, so
 * that it may be logged; for the same reason there is no cause from the driver.
 */
public final class StoreException extends Exception {

    /** What is wrong, as far as that tells what to do. */
    public enum Reason {
        /** Nobody answers, or not in time. */
        UNAVAILABLE,
        /** Others have changed the same again and again meanwhile. */
        CONFLICT,
        /** The store has no room or no connections left. */
        FULL,
        /** The login is refused, or may not do this. */
        ACCESS,
        /** The tables are not as expected, or cannot be made so. */
        SCHEMA,
        /** What is stored is not what was written. Only this one is not mended by trying again. */
        CORRUPT,
        /** Configuration is missing or makes no sense. */
        CONFIGURATION,
        /** Anything else. */
        OTHER;

        /** The name in metrics. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
