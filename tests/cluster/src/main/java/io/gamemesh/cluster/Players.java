package io.gamemesh.cluster;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

    private static final Duration TO_JOIN = Duration.ofSeconds(75);
    private static final Duration TO_LEAVE = Duration.ofMinutes(1);
    private static final Duration LAST_SECONDS = Duration.ofSeconds(3);
    private static final String COUNTING = "measuring";

    private final Process process;
    private final Path folder;
    private final Duration warmUp;
    private final Duration duration;
    private long countingSince;

    private Players(Process process, Path folder, Duration warmUp, Duration duration) {
        this.process = process;
        this.folder = folder;
        this.warmUp = warmUp;
        this.duration = duration;
    }

    /**
     * Sends players into a mesh.
     *
     * @param mesh one that is ready
     * @param count how many players
     * @param scenario what they do: {@code wander}, {@code border}, {@code crowd} or {@code build}
     * @param warmUp from their start until counting begins
     * @param duration for which is counted, after which they leave
     */
    public static Players join(Mesh mesh, int count, String scenario, Duration warmUp, Duration duration) {
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
                    Integer.toString(count),
                    "--scenario",
                    scenario,
                    "--warmup",
                    warmUp.toSeconds() + "s",
                    "--duration",
                    duration.toSeconds() + "s",
                    "--json",
                    folder.resolve("report.json").toString());
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
            return new Players(process, folder, warmUp, duration);
        } catch (IOException e) {
            throw new UncheckedIOException("the players could not be started", e);
        }
    }

    /** Waits until all have joined and warmed up, and counting begins. */
    public void awaitCounting() {
        await("the players to have joined and warmed up")
                .atMost(warmUp.plus(TO_JOIN))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the players have left; they said: " + output());
                    }
                    return output().contains(COUNTING);
                });
        countingSince = System.nanoTime();
    }

    /** Waits, after {@link #awaitCounting}, until counting is about to end, in some three seconds. */
    public void awaitLastSeconds() {
        long nanosLeft = duration.minus(LAST_SECONDS).toNanos() - (System.nanoTime() - countingSince);
        try {
            if (process.waitFor(nanosLeft, TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the players have left early; they said: " + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the players", e);
        }
    }

    /** Whether they still play, or have not yet written their report. */
    public boolean isPlaying() {
        return process.isAlive();
    }

    /**
     * Waits until they have left, and reads what they report.
     *
     * @throws IllegalStateException if they fail, with what they said
     */
    public Report report() {
        try {
            if (!process.waitFor(
                    TO_JOIN.plus(warmUp).plus(duration).plus(TO_LEAVE).toSeconds(), TimeUnit.SECONDS)) {
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
                process.destroyForcibly();
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
