package io.gamemesh.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a benchmark ran on.
 *
 * @param machine processor, cores, memory and kernel
 * @param jvm vendor's name and version of the Java machine
 */
record Machine(String machine, String jvm) {

    static Machine here() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                "%d x %s, %d GB, %s %s"
                        .formatted(
                                system.getAvailableProcessors(),
                                processor(),
                                Math.round(system.getTotalMemorySize() / 1e9),
                                System.getProperty("os.name"),
                                System.getProperty("os.version")),
                "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()));
    }

    private static String processor() {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpus)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(cpus)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
