package io.gamemesh.benchmark;

import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How long it takes until there is a world: from nothing with {@code ./mesh up}, once more with everything built, and
 * from applying a GameMesh to a cluster that has the operator. The cluster of {@code ./mesh up} is taken down for it.
 */
public final class UpBenchmark implements Benchmark {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final String MESH = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: bench
            spec:
              world:
                bounds:
                  min: [-2048, -2048, -2048]
                  max: [2048, 2048, 2048]
              servers:
                replicas: 3
            """;

    @Override
    public String name() {
        return "up";
    }

    @Override
    public String description() {
        return "./mesh up from nothing (some 10 minutes), again when all is built, and apply to Ready; takes ./mesh down";
    }

    @Override
    public SortedMap<String, Metric> run() {
        SortedMap<String, Metric> metrics = new TreeMap<>();
        Path home = newFolder();
        try {
            mesh(List.of("down"));
            metrics.put("cold_s", timed(() -> mesh(home, List.of("up"))));
            mesh(home, List.of("down"));
        } finally {
            delete(home);
        }
        // Whoever measures may have a folder with nothing in it, too: the first time builds, the second is measured.
        mesh(List.of("up"));
        mesh(List.of("down"));
        metrics.put("warm_s", timed(() -> mesh(List.of("up"))));
        // The sample world and its bots would take part of the machine.
        mesh(List.of("down"));
        mesh(List.of("up", "--no-world"));
        metrics.put("apply_to_ready_s", applyToReady());
        return metrics;
    }

    /**
     * Brings up a cluster with that kind of operator and servers, and measures from applying a world to its being Ready.
     *
     * @param kind {@code native} or {@code jvm}
     */
    public static Metric applyToReady(String kind) {
        mesh(List.of("up", "--no-world", "--" + kind));
        return applyToReady();
    }

    private static Metric applyToReady() {
        return TestCluster.inNamespace(
                "bench-up",
                (_, namespace) -> timed(() -> Mesh.apply(namespace, MESH).awaitReady(READY)));
    }

    private static Metric timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return new Metric((System.nanoTime() - start) / 1e9, "s");
    }

    private static void mesh(List<String> arguments) {
        run(new ProcessBuilder(line(arguments)));
    }

    private static void mesh(Path home, List<String> arguments) {
        ProcessBuilder process = new ProcessBuilder(line(arguments));
        process.environment().put("GAMEMESH_HOME", home.toString());
        run(process);
    }

    private static List<String> line(List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(TestCluster.project().resolve("mesh").toString());
        line.addAll(arguments);
        return line;
    }

    private static void run(ProcessBuilder builder) {
        // Standard output is the report's.
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        String line = String.join(" ", builder.command());
        try {
            int status = builder.start().waitFor();
            if (status != 0) {
                throw new IllegalStateException("'%s' ended with status %d".formatted(line, status));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' could not be run".formatted(line), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running '%s'".formatted(line), e);
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("gamemesh-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
