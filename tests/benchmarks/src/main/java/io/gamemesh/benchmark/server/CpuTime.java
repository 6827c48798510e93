package io.gamemesh.benchmark.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel counts of processes' CPU time. */
public final class CpuTime {
    /** USER_HZ, which Linux has fixed for user space. */
    private static final double CLOCK_TICKS_PER_SECOND = 100;

    private CpuTime() {}

    /**
     * Of all threads of a process that runs, so far, in user space and kernel; to 10 ms.
     *
     * @throws UncheckedIOException if it has ended
     */
    public static double seconds(Process process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            // The second field is a name that may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CLOCK_TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException("process %d has ended".formatted(process.pid()), e);
        }
    }
}
