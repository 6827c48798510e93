package io.gamemesh.benchmark.server;

import io.gamemesh.cluster.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The game server as it is in an image, unpacked on this machine.
 *
 * @param kind {@code native} or {@code jvm}
 * @param folder of the program, which is {@code /app} in the image
 * @param archive the image's file
 */
public record ProgramImage(String kind, Path folder, Path archive) {
    private static final String IN_THE_IMAGE = "/app/";
    private static final String CONFIGURATION = "-Dquarkus.config.locations=";

    /** Builds what has changed. Where GraalVM is missing, what was to be native is on Java, and its kind says so. */
    public static ProgramImage build(String kind) {
        String[] report = run("images/build", "--" + kind, "server").strip().split(" ", -1);
        Path archive = Path.of(report[2]);
        String name = archive.getFileName().toString().replaceFirst("\\.tar$", "");
        return new ProgramImage(
                report[1].contains(":native-") ? "native" : "jvm", archive.resolveSibling(name), archive);
    }

    /** The image's entry point, as it is on this machine, with another configuration and heap limits for a memory of that size. */
    List<String> command(Path configuration, int memoryMebibytes) {
        List<String> command = new ArrayList<>();
        String memory = "-XX:MaxRAM=" + memoryMebibytes + "m";
        if (kind.equals("native")) {
            command.add(folder.resolve("gamemesh-server").toString());
            command.add(memory);
            options("native.options").forEach(command::add);
        } else {
            command.add(Path.of(run("images/runtime").strip(), "java/opt/java/openjdk/bin/java")
                    .toString());
            command.add(memory);
            options("jvm.options").forEach(command::add);
            options("program.options").forEach(command::add);
        }
        command.replaceAll(option -> option.startsWith(CONFIGURATION)
                ? CONFIGURATION + "file:" + configuration
                : option.replace(IN_THE_IMAGE, folder + "/"));
        return command;
    }

    /** What of it tells the Java machine how to run, heap and collector above all, for a memory of that size. */
    public List<String> machineOptions(int memoryMebibytes) {
        List<String> machine = new ArrayList<>();
        machine.add("-XX:MaxRAM=" + memoryMebibytes + "m");
        options("jvm.options").filter(option -> option.startsWith("-XX:")).forEach(machine::add);
        return machine;
    }

    private Stream<String> options(String file) {
        try {
            return Files.readAllLines(folder.resolve(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The size of the image. */
    public double archiveMebibytes() {
        try {
            return Files.size(archive) / (double) (1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... line) {
        Path project = TestCluster.project();
        line[0] = project.resolve(line[0]).toString();
        try {
            Process process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        "'%s' ended with status %d".formatted(String.join(" ", line), process.exitValue()));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' could not be run".formatted(String.join(" ", line)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + line[0], e);
        }
    }
}
