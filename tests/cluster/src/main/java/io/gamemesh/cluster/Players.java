package io.gamemesh.cluster;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gamemesh.client.ClientTransport;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Bots that play in a mesh from this machine, in a process of their own so that nobody's pauses are theirs, as those
 * of {@code ./mesh bots}. Used by one thread.
 */
public final class Players implements AutoCloseable {

    /** How long players play who stay until they are asked to {@linkplain #leave leave}. */
    public static final Duration UNTIL_ASKED = Duration.ZERO;

    private static final Duration TO_JOIN = Duration.ofSeconds(75);
    private static final Duration TO_LEAVE = Duration.ofMinutes(1);
    private static final Duration LAST_SECONDS = Duration.ofSeconds(3);
    private static final String JOURNAL = "journal.jsonl";
    private static final String COUNTING = "measuring";
    private static final Duration QUICK = Duration.ofSeconds(5);

    /** A silent server is found after the timeout, by a look every second, and the players are reported on every second. */
    private static final Duration TO_NOTICE = ClientTransport.IDLE_TIMEOUT.plusSeconds(2);

    private final Process process;
    private final Path folder;
    private final Group group;
    private long countingSince;

    private Players(Process process, Path folder, Group group) {
        this.process = process;
        this.folder = folder;
        this.group = group;
    }

    /**
     * Who plays what for how long.
     *
     * @param name what their names begin with; of two groups that play at the same time each needs its own
     * @param count how many players
     * @param scenario what they do: {@code wander}, {@code border}, {@code crowd} or {@code build}
     * @param around about which place they do it, {@code X,Z} in metres
     * @param ramp over how long they join
     * @param warmUp from when all have joined until counting begins
     * @param duration for which is counted, after which they leave; or {@link #UNTIL_ASKED}
     */
    public record Group(
            String name, int count, String scenario, String around, Duration ramp, Duration warmUp, Duration duration) {

        /** A group that plays about the origin. */
        public Group(String name, int count, String scenario, Duration ramp, Duration warmUp, Duration duration) {
            this(name, count, scenario, "0,0", ramp, warmUp, duration);
        }
    }

    /**
     * Sends players into a mesh.
     *
     * @param mesh one that is ready
     * @param count how many players
     * @param scenario what they do: {@code wander}, {@code border}, {@code crowd} or {@code build}
     * @param warmUp from their start until counting begins
     * @param duration for which is counted, after which they leave; or {@link #UNTIL_ASKED}
     */
    public static Players join(Mesh mesh, int count, String scenario, Duration warmUp, Duration duration) {
        return join(mesh, new Group("bot-", count, scenario, QUICK, warmUp, duration));
    }

    /** Sends a group of players into a mesh that is ready. */
    public static Players join(Mesh mesh, Group group) {
        try {
            Path folder = Files.createTempDirectory("gamemesh-players");
            Path authority = Files.writeString(folder.resolve("ca.crt"), mesh.certificateAuthority());
            List<String> line = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseCompactObjectHeaders",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    classPath(),
                    "io.gamemesh.client.bot.Bots",
                    "--servers",
                    String.join(",", mesh.playerAddresses()),
                    "--ca",
                    authority.toString(),
                    "--mesh",
                    "%s.%s".formatted(mesh.name(), mesh.namespace()),
                    "--players",
                    Integer.toString(group.count()),
                    "--name-prefix",
                    group.name(),
                    "--scenario",
                    group.scenario(),
                    "--around",
                    group.around(),
                    "--ramp",
                    group.ramp().toSeconds() + "s",
                    "--warmup",
                    group.warmUp().toSeconds() + "s",
                    "--duration",
                    group.duration().toSeconds() + "s",
                    "--journal",
                    folder.resolve(JOURNAL).toString(),
                    "--json",
                    folder.resolve("report.json").toString());
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
            return new Players(process, folder, group);
        } catch (IOException e) {
            throw new UncheckedIOException("the players could not be started", e);
        }
    }

    /** Waits until all have joined and warmed up, and counting begins. */
    public void awaitCounting() {
        await("the players to have joined and warmed up")
                .atMost(TO_JOIN.plus(group.ramp()).plus(group.warmUp()))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    requirePlaying();
                    return output().contains(COUNTING);
                });
        countingSince = System.nanoTime();
    }

    /** Waits, after {@link #awaitCounting}, until counting is about to end, in some three seconds. */
    public void awaitLastSeconds() {
        long nanosLeft = group.duration().minus(LAST_SECONDS).toNanos() - (System.nanoTime() - countingSince);
        try {
            if (process.waitFor(nanosLeft, TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the players have left early; they said: " + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the players", e);
        }
    }

    /**
     * Waits until all of them are in the world at once: those who are on their way to another server are not. It is not asked
     * before those whose server was killed have noticed.
     */
    public void awaitAll(Duration limit) {
        await("all players to be in the world")
                .pollDelay(TO_NOTICE)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(200))
                .until(this::latest, this::saysThatAllAreInTheWorld);
    }

    /** As {@link #awaitAll}, but believes at once what they say: all have noticed what there was to be noticed. */
    public void awaitInTheWorld(Duration limit) {
        await("all players to be in the world")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(200))
                .until(this::latest, this::saysThatAllAreInTheWorld);
    }

    private boolean saysThatAllAreInTheWorld(String line) {
        return line.contains(" %1$d/%1$d players ".formatted(group.count()));
    }

    /** The file in which they write down what happens to them, as long as this is not closed. */
    public Path journal() {
        return folder.resolve(JOURNAL);
    }

    private void requirePlaying() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the players have left by themselves; they said: " + output());
        }
    }

    private String latest() {
        requirePlaying();
        return output().lines().reduce("", (before, line) -> line);
    }

    /**
     * Asks them to leave before their time is over, once they are {@linkplain #awaitCounting() counted}, and reads what
     * they report.
     *
     * @throws IllegalStateException if they had left already, or fail, with what they said
     */
    public Report leave() {
        requirePlaying();
        process.destroy();
        return report();
    }

    /**
     * Waits until they have left, and reads what they report.
     *
     * @throws IllegalStateException if they fail, with what they said
     */
    public Report report() {
        try {
            Duration limit = TO_JOIN.plus(group.ramp())
                    .plus(group.warmUp())
                    .plus(group.duration())
                    .plus(TO_LEAVE);
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the players do not leave; they said: " + output());
            }
            Path report = folder.resolve("report.json");
            if (!Files.exists(report)) {
                throw new IllegalStateException("the players ended with status %d and without a report; they said: %s"
                        .formatted(process.exitValue(), output()));
            }
            return Report.of(new ObjectMapper().readTree(report.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("the players' report can't be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the players", e);
        }
    }

    private String output() {
        try {
            String said = Files.readString(folder.resolve("output.txt"));
            return said.substring(Math.max(0, said.length() - 4000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (File file : Objects.requireNonNull(folder.toFile().listFiles())) {
            delete(file.toPath());
        }
        delete(folder);
    }

    /**
     * What the players say of the time in which was counted.
     *
     * @param failures all that was not as it should be, such as somebody who was not seen
     * @param metrics by name, without their units
     */
    public record Report(List<String> failures, Map<String, Double> metrics) {

        public Report {
            failures = List.copyOf(failures);
            metrics = Map.copyOf(metrics);
        }

        static Report of(JsonNode json) {
            return new Report(
                    json.get("failures").valueStream().map(JsonNode::asText).toList(),
                    json.get("metrics")
                            .propertyStream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    metric -> metric.getValue().get("value").asDouble())));
        }

        /** The metric of that name. */
        public double metric(String name) {
            return Objects.requireNonNull(metrics.get(name), () -> "the players report no '%s'".formatted(name));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() {
        // Surefire puts only a manifest on java.class.path.
        return Objects.requireNonNullElseGet(
                System.getProperty("surefire.test.class.path"), () -> System.getProperty("java.class.path"));
    }
}
