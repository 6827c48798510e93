package io.gamemesh.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of the test's own: a new cluster in a folder of its own, on a free port of this machine, with a password.
 * PostgreSQL does not run as root, so a test that does runs it as another user.
 */
public final class PostgresCluster implements AutoCloseable {

    static final String USER = "worldkeeper";
    static final String PASSWORD = "correct-horse-battery";

    private static final List<String> USERS = List.of("postgres", "nobody");
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path programs = programs();
    private final Path folder;
    private final List<String> as;
    private final long fileBytes;
    private final InetAddress address;
    private final int port;
    private final Thread endOfProcess = new Thread(() -> stop("immediate"));

    /**
     * Makes and starts it.
     *
     * @param fileBytes how large a file may grow, which to PostgreSQL is as a full disk; 0 for as large as it likes
     */
    public PostgresCluster(long fileBytes) {
        this(fileBytes, InetAddress.getLoopbackAddress());
    }

    /**
     * Makes and starts one that others than this machine reach, too, with the password.
     *
     * @param address of this machine, on which it listens
     */
    public PostgresCluster(InetAddress address) {
        this(0, address);
    }

    private PostgresCluster(long fileBytes, InetAddress address) {
        this.fileBytes = fileBytes;
        this.address = address;
        try {
            folder = Files.createTempDirectory("gamemesh-postgres");
            UserPrincipal other = isRoot() ? otherUser() : null;
            as = other == null ? List.of() : List.of("runuser", "-u", other.getName(), "--");
            Path password = Files.writeString(folder.resolve("password"), PASSWORD);
            for (Path path : List.of(folder, password)) {
                if (other != null) {
                    Files.setOwner(path, other);
                }
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            run(List.of(
                    programs.resolve("initdb").toString(),
                    "--pgdata=" + data(),
                    "--username=" + USER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--wal-segsize=1",
                    "--no-sync"));
            Files.writeString(
                    data().resolve("pg_hba.conf"), "\nhost all all all scram-sha-256\n", StandardOpenOption.APPEND);
            port = freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(endOfProcess);
        start();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static UserPrincipal otherUser() throws IOException {
        String name = USERS.stream()
                .filter(user -> output(List.of("id", "-u", user)) != null)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "PostgreSQL does not run as root, and there is none of the users " + USERS));
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    /** Where initdb is: what pg_config says, else where Debian puts it, else on the PATH. */
    private static Path programs() {
        List<Path> places = new ArrayList<>();
        String said = output(List.of("pg_config", "--bindir"));
        if (said != null) {
            places.add(Path.of(said));
        }
        try (Stream<Path> versions = Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
            versions.sorted(Comparator.<Path>naturalOrder().reversed())
                    .map(version -> version.resolve("bin"))
                    .forEach(places::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String path = System.getenv("PATH");
        if (path != null) {
            Stream.of(path.split(":", -1)).map(Path::of).forEach(places::add);
        }
        return places.stream()
                .filter(place ->
                        Files.isExecutable(place.resolve("initdb")) && Files.isExecutable(place.resolve("pg_ctl")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("these tests need PostgreSQL's server programs, initdb and"
                        + " pg_ctl: install the package postgresql (Debian, Ubuntu) or postgresql-server (Fedora), or"
                        + " leave the tests out with -D" + PostgresExtension.SKIP + "=true"));
    }

    private static @Nullable String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.strip() : null;
        } catch (IOException _) {
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void run(List<String> command) {
        List<String> whole = new ArrayList<>(as);
        whole.addAll(command);
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        try {
            Process process = new ProcessBuilder(whole)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + Files.readString(log));
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void start() {
        List<String> command = new ArrayList<>();
        if (fileBytes > 0) {
            command.addAll(List.of("prlimit", "--fsize=" + fileBytes + ":unlimited"));
        }
        command.addAll(List.of(
                programs.resolve("pg_ctl").toString(),
                "--pgdata=" + data(),
                "--log=" + folder.resolve("log"),
                "--wait",
                // What the test kills is the database, not the machine.
                "--options=-p " + port + " -c listen_addresses=" + address.getHostAddress()
                        + " -c fsync=off -c unix_socket_directories=" + folder,
                "start"));
        run(command);
    }

    /** As if it had died: nothing is written any more, and connections are gone. */
    public void crash() {
        stop("immediate");
    }

    private void stop(String how) {
        run(List.of(programs.resolve("pg_ctl").toString(), "--pgdata=" + data(), "--mode=" + how, "--wait", "stop"));
    }

    /** Ends the shortage of room, for connections that are made from now on. */
    void makeRoom() {
        try {
            String process = output(Stream.concat(
                            as.stream(),
                            Stream.of(
                                    "head",
                                    "-n",
                                    "1",
                                    data().resolve("postmaster.pid").toString()))
                    .toList());
            run(List.of("prlimit", "--pid=" + process, "--fsize=unlimited:unlimited"));
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND backend_type = 'client backend'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url(int throughPort) {
        return "jdbc:postgresql://" + address.getHostAddress() + ":" + throughPort + "/postgres";
    }

    Connection connect() throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", USER);
        login.setProperty("password", PASSWORD);
        return DriverManager.getConnection(url(port), login);
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Writes the files of a Secret for this cluster into the folder. */
    public Path secret(Path directory) {
        return secret(directory, url(port), USER, PASSWORD);
    }

    public static Path secret(Path directory, String url, String user, String password) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("url"), url + "\n");
            Files.writeString(directory.resolve("username"), user + "\n");
            Files.writeString(directory.resolve("password"), password + "\n");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(endOfProcess);
        stop("immediate");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
