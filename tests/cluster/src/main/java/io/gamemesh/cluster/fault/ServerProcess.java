package io.gamemesh.cluster.fault;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.gamemesh.cluster.Mesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process of a game server as the machine sees on which its node runs, which has to be this one: so it is known to the
 * millisecond when a fault begins. The network is only touched in the pod's own network namespace. Used by one thread.
 */
public final class ServerProcess {

    private static final Path PROCESSES = Path.of("/proc");
    private static final String DEVICE = "eth0";
    private static final int COMMAND_SECONDS = 20;

    private final String server;
    private final ProcessHandle process;
    private final String network;

    private ServerProcess(String server, ProcessHandle process, String network) {
        this.server = server;
        this.process = process;
        this.network = network;
    }

    /**
     * The process that is the game server of a pod now.
     *
     * @param server the pod's name
     * @throws IllegalStateException if it is not on this machine, or this process may not see it
     */
    public static ServerProcess of(Mesh mesh, String server) {
        Pod pod = mesh.pods().stream()
                .filter(each -> each.getMetadata().getName().equals(server))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no pod " + server));
        String container = pod.getStatus().getContainerStatuses().stream()
                .filter(each -> each.getName().equals(Mesh.CONTAINER))
                .map(ContainerStatus::getContainerID)
                .findFirst()
                .map(id -> id.substring(id.lastIndexOf('/') + 1))
                .orElseThrow(() -> new IllegalStateException(server + " has no container of a game server"));
        ProcessHandle process = processes()
                .filter(each -> controlGroups(each).contains(container))
                .min(ProcessHandle::compareTo)
                .orElseThrow(() -> new IllegalStateException(
                        "no process of this machine is in container %s of %s: faults are made where the node runs, as root"
                                .formatted(container, server)));
        return new ServerProcess(server, process, network(process));
    }

    /** True if this process can do that to servers whose nodes are on this machine. */
    public static boolean canBeMade() {
        return isRoot() && Stream.of("nsenter", "tc", "iptables").allMatch(ServerProcess::isInstalled);
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(PROCESSES.resolve("self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /**
     * Lets the fault begin.
     *
     * @return when, at the earliest
     */
    public Instant begin(Fault fault) {
        Instant before = Instant.now();
        switch (fault) {
            case KILL -> {
                if (!process.destroyForcibly()) {
                    throw new IllegalStateException(
                            "%s, process %d, could not be killed".formatted(server, process.pid()));
                }
            }
            case HANG -> run("kill", "-STOP", Long.toString(process.pid()));
            case CUT -> inNetwork(dropReceived("-I") + " && " + dropSent());
            case DEAF -> inNetwork(dropReceived("-I"));
            case MUTE -> inNetwork(dropSent());
        }
        return before;
    }

    /** Ends the fault; who was killed stays so. */
    public void end(Fault fault) {
        String sendAgain = "tc qdisc del dev " + DEVICE + " root";
        switch (fault) {
            case KILL -> {
                // Kubernetes starts another process.
            }
            case HANG -> run("kill", "-CONT", Long.toString(process.pid()));
            case CUT -> inNetwork(dropReceived("-D") + " && " + sendAgain);
            case DEAF -> inNetwork(dropReceived("-D"));
            case MUTE -> inNetwork(sendAgain);
        }
    }

    /** Before anything is made of the packet. */
    private static String dropReceived(String how) {
        return "iptables -w -t raw " + how + " PREROUTING -i " + DEVICE + " -j DROP";
    }

    /** Without an error to whoever sends: a rule of iptables for what is sent would give one. */
    private static String dropSent() {
        return "tc qdisc replace dev " + DEVICE + " root blackhole";
    }

    /** The process may have ended since, the pod's network has not: some process of the pod is in it. */
    private void inNetwork(String commands) {
        ProcessHandle inside = process.isAlive()
                ? process
                : processes()
                        .filter(each -> network(each).equals(network))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalStateException("nothing of the pod " + server + " runs any more"));
        if (network(inside).equals(network(ProcessHandle.current()))) {
            throw new IllegalStateException(
                    "%s is in the network of the machine, which is left alone: expected one of its own"
                            .formatted(server));
        }
        run("nsenter", "--target", Long.toString(inside.pid()), "--net", "sh", "-c", commands);
    }

    private static Stream<ProcessHandle> processes() {
        return ProcessHandle.allProcesses();
    }

    /** Empty of a process that has just ended. */
    private static String controlGroups(ProcessHandle process) {
        try {
            return Files.readString(PROCESSES.resolve(process.pid() + "/cgroup"));
        } catch (IOException ended) {
            return "";
        }
    }

    /** Empty of a process that has just ended. */
    private static String network(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(PROCESSES.resolve(process.pid() + "/ns/net"))
                    .toString();
        } catch (IOException ended) {
            return "";
        }
    }

    private static void run(String... line) {
        List<String> command = new ArrayList<>(List.of(line));
        try {
            Process running =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            running.getOutputStream().close();
            String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!running.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || running.exitValue() != 0) {
                running.destroyForcibly();
                throw new IllegalStateException("'%s' failed: %s".formatted(String.join(" ", command), said));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' could not be run".formatted(String.join(" ", command)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public String toString() {
        return server + ", process " + process.pid();
    }
}
