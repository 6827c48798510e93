package io.gamemesh.server.store;

import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration.TransactionIsolation;
import io.agroal.api.configuration.AgroalDataSourceConfiguration;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.pool.DataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to the database. Thread-safe. */
final class StorePool implements AutoCloseable {
    private static final Duration IDLE_VALIDATION = Duration.ofSeconds(10);
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(30);

    private final StoreCredentials credentials;
    private final DataSource connections;
    private final int timeoutSeconds;

    /**
     * Connects to nothing yet.
     *
     * @param size connections at one time
     * @param timeout for a connection, and for each answer of the database; counted in whole seconds
     */
    StorePool(StoreCredentials credentials, int size, Duration timeout) {
        this.credentials = credentials;
        this.timeoutSeconds = Math.toIntExact(Math.max(1, timeout.toSeconds()));
        AgroalDataSourceConfiguration configuration = new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(false)
                .connectionPoolConfiguration(pool -> pool.initialSize(0)
                        .minSize(0)
                        .maxSize(size)
                        .acquisitionTimeout(timeout)
                        .idleValidationTimeout(IDLE_VALIDATION)
                        .maxLifetime(MAX_LIFETIME)
                        // Connections that an error has shown to be dead are not handed out again.
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(factory -> factory.connectionProviderClass(Driver.class)
                                .jdbcUrl(credentials.url())
                                .credential(credentials)
                                .addSecurityProvider(new LoginProvider())
                                .autoCommit(false)
                                // At higher ones whoever claims a region that is written all the time might never be
                                // its turn.
                                .jdbcTransactionIsolation(TransactionIsolation.READ_COMMITTED)
                                .jdbcProperty("connectTimeout", Integer.toString(timeoutSeconds))
                                .jdbcProperty("loginTimeout", Integer.toString(timeoutSeconds))
                                .jdbcProperty("socketTimeout", Integer.toString(timeoutSeconds))
                                .jdbcProperty("tcpKeepAlive", "true")
                                .jdbcProperty("ApplicationName", "gamemesh")))
                .get();
        connections = new DataSource(configuration);
    }

    /** A connection in which a transaction, read committed, begins with the first statement; to be closed after its end. */
    Connection connection() throws SQLException {
        return connections.getConnection();
    }

    /** Connections beside the pool, as the database would have them by itself. */
    javax.sql.DataSource plain() throws StoreException {
        Properties login = credentials.login();
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setURL(credentials.url());
        plain.setUser(login.getProperty("user"));
        plain.setPassword(login.getProperty("password"));
        plain.setConnectTimeout(timeoutSeconds);
        plain.setLoginTimeout(timeoutSeconds);
        plain.setApplicationName("gamemesh");
        return plain;
    }

    @Override
    public void close() {
        connections.close();
    }
}
