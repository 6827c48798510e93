package io.gamemesh.benchmark.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java program in a process of its own that is told what to do a line at a time, and answers with a line. */
public final class LineProcess implements AutoCloseable {
    /** Of the Java machine of players, of whichever server. */
    public static final List<String> PLAYERS_OPTIONS = List.of(
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseSerialGC",
            "-Xmx3g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Path errors;
    private final Process process;
    private final Writer lines;
    private final BufferedReader answers;

    /**
     * Starts it with this program's Java.
     *
     * @param options of the Java machine
     * @param program its main class and arguments
     */
    public LineProcess(List<String> options, String classPath, List<String> program) {
        this(List.of(), options, classPath, program);
    }

    private LineProcess(List<String> prefix, List<String> options, String classPath, List<String> program) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.addAll(program);
        try {
            errors = Files.createTempFile("gamemesh-bench", ".log");
            process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException("%s could not be started".formatted(program), e);
        }
        lines = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** As the constructor, but the other processes of the benchmark go first; see {@link RunningServer#yielding}. */
    public static LineProcess yielding(List<String> options, String classPath, List<String> program) {
        return new LineProcess(RunningServer.YIELDING, options, classPath, program);
    }

    /** The answer to a line. */
    public String ask(String line) {
        try {
            lines.write(line + "\n");
            lines.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' was asked in vain; it said: %s".formatted(line, complaint()), e);
        }
        return answer(line);
    }

    /**
     * The next line that it says.
     *
     * @param what is being waited for
     */
    public String answer(String what) {
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException(
                        "there was no answer to '%s'; it said: %s".formatted(what, complaint()));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("there was no answer to '%s'; it said: %s".formatted(what, complaint()), e);
        }
    }

    /** CPU time that it has used so far, in seconds. */
    public double cpuSeconds() {
        return CpuTime.seconds(process);
    }

    private String complaint() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Files.delete(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
