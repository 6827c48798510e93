package io.gamemesh.benchmark.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One game server, a process of its own, and what the kernel says of it. */
final class RunningServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = 500_000;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    /** USER_HZ, which Linux has fixed for user space. */
    private static final double CLOCK_TICKS_PER_SECOND = 100;

    private final Pod pod = new Pod();
    private final SoleCoordinator coordinator = new SoleCoordinator(pod.coordinator());
    private final int httpPort = freePort();
    private final Process process;
    private final double readyMillis;

    /** Starts it and waits until it is ready and acts for all regions. */
    RunningServer(ProgramImage image) {
        Path configuration = pod.configuration(coordinator.port(), httpPort);
        ProcessBuilder program = new ProcessBuilder(image.command(configuration))
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
    double readyMillis() {
        return readyMillis;
    }

    /** Resident memory now, as the kernel counts it. */
    double residentMebibytes() {
        Matcher status = RESIDENT.matcher(read("status"));
        if (!status.find()) {
            throw new IllegalStateException("the server has ended");
        }
        return Long.parseLong(status.group(1)) / 1024.0;
    }

    /** CPU time that it has used so far, in user space and kernel. */
    double cpuSeconds() {
        String stat = read("stat");
        // The second field is a name that may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CLOCK_TICKS_PER_SECOND;
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException("the server has ended", e);
        }
    }

    /** Where players connect. */
    String players() {
        return coordinator.players().join();
    }

    Path authority() {
        return pod.authority();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        coordinator.close();
        pod.close();
    }
}
