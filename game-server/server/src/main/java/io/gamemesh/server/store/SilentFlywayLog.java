package io.gamemesh.server.store;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;

/** Flyway's log, in which the database's address would be. What it does is logged, and what it fails at thrown, without. */
public final class SilentFlywayLog implements LogCreator {

    /** For Flyway, which makes it by its name. */
    public SilentFlywayLog() {}

    @Override
    public Log createLogger(Class<?> type) {
        return new Log() {
            @Override
            public void debug(String message) {}

            @Override
            public void info(String message) {}

            @Override
            public void warn(String message) {}

            @Override
            public void error(String message) {}

            @Override
            public void error(String message, Exception error) {}

            @Override
            public void notice(String message) {}
        };
    }
}
