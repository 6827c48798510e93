package io.gamemesh.benchmark.server;

import io.gamemesh.client.ClientTransport;
import io.gamemesh.cluster.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One game server, a process of its own, and what the kernel says of it. */
public final class RunningServer implements AutoCloseable {
    /** Before the command of a program that the others of a benchmark are to go before. */
    static final List<String> YIELDING = List.of("nice", "-n", "10");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = 500_000;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Pod pod = new Pod();
    private final SoleCoordinator coordinator;
    private final int httpPort = freePort();
    private final int managementPort = freePort();
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final double readyMillis;

    /** Starts it and waits until it is ready and acts for all regions. */
    public RunningServer(ProgramImage image, Setting setting) {
        this(List.of(), image, setting);
    }

    /**
     * As the constructor, but the players' processes go first where there are not processors enough: players who can't
     * follow would spare the server work, and seem to be served badly.
     */
    public static RunningServer yielding(ProgramImage image, Setting setting) {
        return new RunningServer(YIELDING, image, setting);
    }

    private RunningServer(List<String> prefix, ProgramImage image, Setting setting) {
        coordinator = new SoleCoordinator(pod.coordinator(), setting.regions());
        Path configuration = pod.configuration(setting, coordinator.port(), httpPort, managementPort);
        List<String> command = new ArrayList<>(prefix);
        command.addAll(image.command(configuration, setting.memoryMebibytes()));
        ProcessBuilder program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(pod.file("log").toFile());
        try {
            long start = System.nanoTime();
            process = program.start();
            awaitReady();
            readyMillis = (System.nanoTime() - start) / 1e6;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        coordinator.players().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!answersReady()) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the server is not ready; it said: " + Files.readString(pod.file("log")));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** A whole client would cost more than what is measured. */
    private boolean answersReady() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
            socket.getOutputStream()
                    .write("GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** From the start of the process until {@code /ready} has answered 200. */
    public double readyMillis() {
        return readyMillis;
    }

    /** Resident memory now, as the kernel counts it. */
    public double residentMebibytes() {
        Matcher status = RESIDENT.matcher(read("status"));
        if (!status.find()) {
            throw new IllegalStateException("the server has ended");
        }
        return Long.parseLong(status.group(1)) / 1024.0;
    }

    /** CPU time that it has used so far, in user space and kernel. */
    public double cpuSeconds() {
        return CpuTime.seconds(process);
    }

    /** What it says of itself at {@code /metrics}. */
    public Samples metrics() {
        URI page = URI.create("http://localhost:%d/metrics".formatted(managementPort));
        try {
            return Samples.parse(http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException("the server's metrics can't be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the server's metrics", e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException("the server has ended", e);
        }
    }

    /** The mesh that it belongs to, as players have to say it: {@code NAME.NAMESPACE}. */
    public static String mesh() {
        return Pod.MESH + "." + Pod.NAMESPACE;
    }

    /**
     * What players of such a server share, on one thread.
     *
     * @param authority the file that {@link #authority()} names, maybe to another process
     */
    public static ClientTransport transport(Path authority) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(authority)) {
            X509Certificate trusted =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return ClientTransport.open(List.of(trusted), Pod.NAMESPACE, Pod.MESH, 1);
        }
    }

    /** Where players connect. */
    public String players() {
        return coordinator.players().join();
    }

    /** The file with the certificate authority that players trust. */
    public Path authority() {
        return pod.authority();
    }

    @Override
    public void close() {
        http.close();
        process.destroyForcibly().onExit().join();
        coordinator.close();
        pod.close();
    }
}
