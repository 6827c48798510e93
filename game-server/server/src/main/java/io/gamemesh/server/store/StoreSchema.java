package io.gamemesh.server.store;

import io.gamemesh.server.store.StoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jboss.logging.Logger;

/**
 * The store's tables, made and kept up to date by migrations. Several servers may do so at the same time: one does, the
 * others wait. Nothing is looked for on the class path, which a native executable does not have.
 */
final class StoreSchema {
    private static final Logger LOG = Logger.getLogger(StoreSchema.class);
    private static final String HISTORY = "gamemesh_schema_history";
    private static final int LOCK_SECONDS = 60;

    /** In order; those that have been released are never changed. */
    static final List<String> MIGRATIONS = List.of("V1__regions.sql");

    private final StorePool pool;
    private final StoreCredentials credentials;

    StoreSchema(StorePool pool, StoreCredentials credentials) {
        this.pool = pool;
        this.credentials = credentials;
    }

    /** Brings the tables to what this version needs, waiting for the database. */
    void migrate() throws StoreException {
        try {
            MigrateResult result = Flyway.configure(StoreSchema.class.getClassLoader())
                    .dataSource(pool.plain())
                    .table(HISTORY)
                    // The schema is the login's own; there may be other tables in it.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .lockRetryCount(LOCK_SECONDS)
                    .resourceProvider(new Migrations())
                    .javaMigrationClassProvider(List::of)
                    // It would log the URL.
                    .loggers(SilentFlywayLog.class.getName())
                    .load()
                    .migrate();
            if (result.migrationsExecuted > 0) {
                LOG.infof("The store's tables are at version %s", result.targetSchemaVersion);
            }
            result.warnings.forEach(warning -> LOG.warn(credentials.redact(warning)));
        } catch (FlywayException e) {
            throw explain(e);
        }
    }

    private StoreException explain(FlywayException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return credentials.explain("making the store's tables", sql);
            }
        }
        String message = Objects.requireNonNullElse(error.getMessage(), "no reason given");
        return new StoreException(
                Reason.SCHEMA,
                "making the store's tables: "
                        + credentials
                                .redact(message.lines().map(String::strip).reduce("", (a, b) -> a + " " + b))
                                .strip());
    }

    private static final class Migrations implements ResourceProvider {

        @Override
        @SuppressWarnings("NullAway") // By its contract null is for what is not there.
        public LoadableResource getResource(String name) {
            return MIGRATIONS.contains(name) ? new Migration(name) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return MIGRATIONS.stream()
                    .filter(name ->
                            name.startsWith(prefix) && Stream.of(suffixes).anyMatch(name::endsWith))
                    .<LoadableResource>map(Migration::new)
                    .toList();
        }
    }

    private static final class Migration extends LoadableResource {

        private final String name;

        Migration(String name) {
            this.name = name;
        }

        @Override
        public Reader read() {
            InputStream file = StoreSchema.class.getResourceAsStream("migration/" + name);
            if (file == null) {
                throw new UncheckedIOException(new IOException("there is no migration " + name));
            }
            return new InputStreamReader(file, StandardCharsets.UTF_8);
        }

        @Override
        public String getAbsolutePath() {
            return name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return name;
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }
}
