package io.gamemesh.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The program as it ships, as a process of its own on loopback. What it says is in a file. */
final class RunningExecutable implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int STOP_SECONDS = 30;

    final String name;
    private final int httpPort = freePort();
    private final int managementPort = freePort();
    private final Path log;
    private final Process process;

    /**
     * Starts a process.
     *
     * @param keys of its configuration, ports for HTTP aside
     * @param options besides those of the image
     */
    RunningExecutable(Path directory, String name, Map<String, String> keys, String... options) throws IOException {
        this.name = name;
        Map<String, String> all = new HashMap<>(keys);
        all.put("quarkus.http.host", "127.0.0.1");
        all.put("quarkus.http.port", Integer.toString(httpPort));
        all.put("quarkus.management.host", "127.0.0.1");
        all.put("quarkus.management.port", Integer.toString(managementPort));
        Path file = directory.resolve(name + ".properties");
        Files.writeString(
                file,
                all.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        log = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(System.getProperty("gamemesh.executable")));
        for (String option : Files.readAllLines(Path.of("src/main/jib/native.options"))) {
            command.add(
                    option.startsWith("-Dquarkus.config.locations=") ? "-Dquarkus.config.locations=" + file : option);
        }
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("this machine has no free port", e);
        }
    }

    HttpResponse<String> http(String path) throws IOException, InterruptedException {
        return get(httpPort, path);
    }

    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return get(managementPort, path);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** What it has said so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Waits for its end, which somebody else brings about. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " still runs after " + STOP_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** As a kubelet stops a container. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitStatus();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
