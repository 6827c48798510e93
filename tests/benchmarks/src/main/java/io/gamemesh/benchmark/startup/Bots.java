package io.gamemesh.benchmark.startup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gamemesh.benchmark.server.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Bots that wander on one server, in a process of their own. */
final class Bots implements AutoCloseable {
    private static final Duration TO_JOIN = Duration.ofSeconds(75);
    private static final long POLL_NANOS = 100_000_000;

    private final Path folder;
    private final Process process;

    Bots(RunningServer server, int count, Duration warmUp, Duration duration) {
        try {
            folder = Files.createTempDirectory("gamemesh-bots");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseCompactObjectHeaders",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.gamemesh.client.bot.Bots",
                            "--server",
                            server.players(),
                            "--ca",
                            server.authority().toString(),
                            "--mesh",
                            RunningServer.mesh(),
                            "--players",
                            Integer.toString(count),
                            "--warmup",
                            warmUp.toSeconds() + "s",
                            "--duration",
                            duration.toSeconds() + "s",
                            "--json",
                            folder.resolve("report.json").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the bots could not be started", e);
        }
    }

    /** Waits until all play and are warm. */
    void awaitMeasuring(Duration warmUp) {
        long until = System.nanoTime() + warmUp.plus(TO_JOIN).toNanos();
        while (!output().contains("measuring")) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                throw new IllegalStateException("the bots do not play; they said: " + output());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * Waits until they have left.
     *
     * @throws IllegalStateException if not all was as it should be
     */
    void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the bots do not leave; they said: " + output());
            }
            JsonNode failures = new ObjectMapper()
                    .readTree(folder.resolve("report.json").toFile())
                    .get("failures");
            if (!failures.isEmpty()) {
                throw new IllegalStateException("the figures mean nothing, as not all was well: " + failures);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the bots left no report; they said: " + output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the bots", e);
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Files.deleteIfExists(folder.resolve("report.json"));
            Files.deleteIfExists(folder.resolve("output.txt"));
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
