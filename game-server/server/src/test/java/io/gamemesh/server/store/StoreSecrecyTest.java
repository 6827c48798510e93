package io.gamemesh.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gamemesh.server.store.StoreException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of the Secret gets into messages, causes or the log. */
@ExtendWith(PostgresExtension.class)
class StoreSecrecyTest {

    private static final String USER = "secretive-user";
    private static final String PASSWORD = "secretive-password";
    private static final String URL_PASSWORD = "secretive-url-password";

    private final PostgresCluster cluster;
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            StringWriter trace = new StringWriter();
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(trace));
            }
            logged.add(formatter.formatMessage(entry) + trace);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @TempDir
    private Path files;

    StoreSecrecyTest(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(handler);
    }

    private StoreException failure(ThrowingCallable what) {
        StoreException failure = catchThrowableOfType(StoreException.class, what);
        assertThat(failure).isNotNull();
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertSecret(trace.toString());
        return failure;
    }

    private void assertSecret(String text) {
        assertThat(text).doesNotContain(USER, PASSWORD, URL_PASSWORD, "127.0.0.1", "@db");
    }

    private void assertNothingLogged() {
        logged.forEach(this::assertSecret);
    }

    @Test
    void tellsNothingOfALoginThatIsRefused() {
        Path secret = PostgresCluster.secret(
                files, cluster.url(cluster.port()) + "?user=" + USER + "&password=" + URL_PASSWORD, USER, PASSWORD);
        try (StoreFixture mesh = new StoreFixture(secret)) {
            StoreException failure = failure(mesh::load);

            assertThat(failure.reason()).isEqualTo(Reason.ACCESS);
            assertThat(failure)
                    .hasMessageContaining("see username and password")
                    .hasMessageContaining("28P01");
        }
        assertNothingLogged();
    }

    @Test
    void tellsNothingOfADatabaseThatDoesNotAnswer() {
        String nowhere = "jdbc:postgresql://127.0.0.1:1/secretive-database?password=" + URL_PASSWORD;
        try (StoreFixture mesh = new StoreFixture(PostgresCluster.secret(files, nowhere, USER, PASSWORD))) {
            StoreException failure = failure(mesh::load);

            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(failure.getMessage()).doesNotContain("secretive-database");
        }
        assertNothingLogged();
    }

    @Test
    void tellsNothingOfADatabaseThatIsNotThere() {
        String missing = cluster.url(cluster.port()).replace("/postgres", "/secretive-database");
        Path secret = PostgresCluster.secret(files, missing, PostgresCluster.USER, PostgresCluster.PASSWORD);
        try (StoreFixture mesh = new StoreFixture(secret)) {
            StoreException failure = failure(mesh::load);

            assertThat(failure.reason()).isEqualTo(Reason.SCHEMA);
            assertThat(failure)
                    .hasMessageContaining("database \"***\" does not exist")
                    .hasMessageContaining("3D000");
        }
        assertNothingLogged();
    }

    @Test
    void tellsNothingOfALoginThatMayNotDoWhatIsNeeded() throws SQLException {
        cluster.execute(
                "DROP ROLE IF EXISTS \"" + USER + "\"; CREATE ROLE \"" + USER + "\" LOGIN PASSWORD '" + PASSWORD + "'");
        try (StoreFixture first = new StoreFixture(cluster.secret(files))) {
            assertThat(catchThrowableOfType(StoreException.class, first::load)).isNull();
        }
        Path secret = PostgresCluster.secret(files, cluster.url(cluster.port()), USER, PASSWORD);
        try (StoreFixture mesh = new StoreFixture(secret)) {
            StoreException failure = failure(mesh::load);

            assertThat(failure.reason()).isEqualTo(Reason.ACCESS);
        }
        assertNothingLogged();
    }

    @Test
    void tellsNothingOfAUrlThatIsNone() throws IOException {
        PostgresCluster.secret(files, "postgres://" + USER + ":" + URL_PASSWORD + "@db/world", USER, PASSWORD);

        StoreException failure = failure(() -> new StoreCredentials(files));

        assertThat(failure.reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining(files.resolve("url").toString())
                .hasMessageContaining("expected jdbc:postgresql://HOST:PORT/DATABASE");
        assertNothingLogged();
    }

    @Test
    void saysWhichFileIsMissingOrEmpty() throws IOException {
        for (String name : List.of("url", "username", "password")) {
            cluster.secret(files);
            Files.writeString(files.resolve(name), " \n");
            assertThatThrownBy(() -> new StoreCredentials(files))
                    .hasMessageContaining(files.resolve(name) + " is empty");

            Files.delete(files.resolve(name));
            assertThatThrownBy(() -> new StoreCredentials(files))
                    .hasMessageContaining("there is no file " + files.resolve(name))
                    .hasMessageContaining("keys url, username and password");
        }
    }

    @Test
    void showsNothingOfItselfButTheFolder() throws StoreException {
        PostgresCluster.secret(files, "jdbc:postgresql://db/world?password=" + URL_PASSWORD, USER, PASSWORD);
        StoreCredentials credentials = new StoreCredentials(files);

        assertThat(credentials).hasToString("login from " + files);
        assertThat(credentials.redact(
                        "url=" + credentials.url() + " user=" + USER + " password=" + PASSWORD + " or " + URL_PASSWORD))
                .isEqualTo("url=*** user=*** password=*** or ***");
    }

    @Test
    void hearsWhatIsLogged() {
        Logger.getLogger("io.gamemesh.server.store.hearing").severe("heard " + PASSWORD);

        assertThat(logged).anyMatch(text -> text.contains(PASSWORD));
    }
}
