package io.gamemesh.server.store;

import io.gamemesh.server.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Address and login of the database, from the files {@code url}, {@code username} and {@code password} of a mounted Secret;
 * and what may be said of the driver's errors, in which those may be. Thread-safe.
 */
final class StoreCredentials {

    private static final String URL = "url";
    private static final String USERNAME = "username";
    private static final String PASSWORD = "password";
    private static final String REDACTED = "***";

    private final Path directory;
    private final String url;
    // Also what was the login once: it may still be in an error.
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();

    /**
     * @param directory has the three files
     * @throws StoreException if one is missing or empty, or the URL is none of PostgreSQL
     */
    StoreCredentials(Path directory) throws StoreException {
        this.directory = directory;
        this.url = file(URL);
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw new StoreException(
                    Reason.CONFIGURATION,
                    "the file " + directory.resolve(URL)
                            + " is not a JDBC URL of PostgreSQL, expected jdbc:postgresql://HOST:PORT/DATABASE");
        }
        keepSecret(url);
        parsed.forEach((_, value) -> keepSecret(String.valueOf(value)));
        Stream.of(url.substring(url.indexOf('?') + 1).split("&", -1))
                .map(argument -> argument.substring(argument.indexOf('=') + 1))
                .forEach(this::keepSecret);
        login();
    }

    /** The JDBC URL, never to be shown. */
    String url() {
        return url;
    }

    /** The login as it is now, as the driver wants it: Kubernetes renews a Secret's files in place. */
    Properties login() throws StoreException {
        Properties login = new Properties();
        login.setProperty("user", file(USERNAME));
        login.setProperty("password", file(PASSWORD));
        login.forEach((_, value) -> keepSecret(String.valueOf(value)));
        return login;
    }

    private String file(String name) throws StoreException {
        Path path = directory.resolve(name);
        try {
            String text = Files.readString(path).strip();
            if (text.isEmpty()) {
                throw new StoreException(
                        Reason.CONFIGURATION,
                        "the file " + path + " is empty, expected the " + name + " of the database");
            }
            return text;
        } catch (NoSuchFileException _) {
            throw new StoreException(
                    Reason.CONFIGURATION,
                    "there is no file " + path + ", expected the " + name
                            + " of the database: the Secret of spec.stores.postgres needs the keys url, username and"
                            + " password");
        } catch (IOException e) {
            throw new StoreException(
                    Reason.CONFIGURATION,
                    "the file " + path + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** What may be said of an error of the driver's. */
    StoreException explain(String what, SQLException error) {
        String state = error.getSQLState() == null ? "none" : error.getSQLState();
        Reason reason = reason(error, state);
        StoreException explained =
                new StoreException(reason, what + ": " + text(reason, error) + " (SQLSTATE " + state + ")");
        explained.setStackTrace(error.getStackTrace());
        return explained;
    }

    private static Reason reason(SQLException error, String state) {
        if (state.length() != 5) {
            // The pool's own.
            return Reason.UNAVAILABLE;
        }
        if (isConflict(error)) {
            return Reason.CONFLICT;
        }
        return switch (state.substring(0, 2)) {
            case "08", "57" -> Reason.UNAVAILABLE;
            case "28" -> Reason.ACCESS;
            case "53" -> Reason.FULL;
            case "3D", "3F" -> Reason.SCHEMA;
            case "42" -> state.equals("42501") ? Reason.ACCESS : Reason.SCHEMA;
            default -> Reason.OTHER;
        };
    }

    /** Whether the same transaction, begun anew, may well be done: others were in its way. */
    static boolean isConflict(SQLException error) {
        // Serialization failure and deadlock.
        return "40001".equals(error.getSQLState()) || "40P01".equals(error.getSQLState());
    }

    private String text(Reason reason, SQLException error) {
        return switch (reason) {
            case UNAVAILABLE -> "the database does not answer";
            case ACCESS ->
                "the database refuses the login or what it asks for; see username and password of the Secret";
            default -> redact(serverText(error));
        };
    }

    private static String serverText(SQLException error) {
        ServerErrorMessage server = error instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        String text = server == null ? error.getMessage() : server.getMessage();
        return text == null ? error.getClass().getSimpleName() : text;
    }

    /** The text without anything of the Secret. */
    String redact(String text) {
        // The longest first, so that none is hidden in part by another.
        return secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .reduce(text, (redacted, secret) -> redacted.replace(secret, REDACTED));
    }

    private void keepSecret(String value) {
        if (!value.isEmpty()) {
            secrets.add(value);
        }
    }

    /** Without address and login. */
    @Override
    public String toString() {
        return "login from " + directory;
    }
}
