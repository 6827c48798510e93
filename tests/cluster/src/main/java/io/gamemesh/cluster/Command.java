package io.gamemesh.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of the machine, run to its end. Immutable. */
record Command(Path folder, Map<String, String> environment, Duration limit, List<String> line) {

    Command {
        environment = Map.copyOf(environment);
        line = List.copyOf(line);
    }

    static Command of(Path folder, Duration limit, String... line) {
        return new Command(folder, Map.of(), limit, List.of(line));
    }

    /**
     * Runs it; what it says as progress appears on this process's standard error.
     *
     * @return its standard output
     * @throws IllegalStateException if it fails or takes longer than its limit
     */
    String run() {
        Result result = start(ProcessBuilder.Redirect.INHERIT);
        if (result.status() != 0) {
            throw new IllegalStateException(
                    "'%s' ended with status %d; it said: %s".formatted(this, result.status(), result.output()));
        }
        return result.output();
    }

    /** True if the program is there and ends with status 0 within the limit; what it says is dropped. */
    boolean succeeds() {
        try {
            return start(ProcessBuilder.Redirect.DISCARD).status() == 0;
        } catch (UncheckedIOException notInstalled) {
            return false;
        }
    }

    private Result start(ProcessBuilder.Redirect errors) {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectError(errors);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("'%s' took longer than %s".formatted(this, limit));
            }
            return new Result(process.exitValue(), output.join());
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' could not be run in %s".formatted(this, folder), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running '%s'".formatted(this), e);
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", line);
    }

    private record Result(int status, String output) {}
}
