package io.gamemesh.server.metrics;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * CPU and memory of this process against what its container may use. The limit of memory is what the JDK reads from the
 * cgroup (v1 or v2); that of CPU is told, since the JDK rounds it up to whole cores. {@link #sample} is called by one
 * thread, the rest by any.
 */
public final class ProcessLoad {
    private static final int MILLIS = 1000;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final int cpuMillis;
    private final LongSupplier cpuTime;
    private long lastCpuNanos;
    private long lastNanos;
    private volatile double cpu;
    private volatile long usedBytes = heapBytes();

    /**
     * A load that counts from now.
     *
     * @param cpuMillis thousandths of a core that the container may use, 1 or more; absent, or above what the machine
     *     has, all of its processors
     * @param nowNanos of a monotonic clock
     * @throws IllegalArgumentException if it may use no CPU
     */
    public ProcessLoad(OptionalInt cpuMillis, long nowNanos) {
        this(
                cpuMillis,
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())::getProcessCpuTime,
                nowNanos);
    }

    ProcessLoad(OptionalInt cpuMillis, LongSupplier cpuTime, long nowNanos) {
        int processors = Runtime.getRuntime().availableProcessors() * MILLIS;
        this.cpuMillis = Math.min(cpuMillis.orElse(processors), processors);
        if (this.cpuMillis < 1) {
            throw new IllegalArgumentException("gamemesh.server.cpu-millis is " + this.cpuMillis
                    + ", expected at least 1, a thousandth of a core");
        }
        this.cpuTime = cpuTime;
        lastCpuNanos = cpuTime.getAsLong();
        lastNanos = nowNanos;
    }

    /** Measures the time since the last sample; at most one a few hundred milliseconds makes sense. */
    public void sample(long nowNanos) {
        long cpuNanos = cpuTime.getAsLong();
        long elapsed = nowNanos - lastNanos;
        if (elapsed > 0) {
            cpu = (double) (cpuNanos - lastCpuNanos) * MILLIS / elapsed / cpuMillis;
        }
        lastCpuNanos = cpuNanos;
        lastNanos = nowNanos;
        usedBytes = heapBytes()
                + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
    }

    /** Fraction of the CPU that it may use, 0 to 1 (a little above while the kernel lets it). */
    public double cpu() {
        return cpu;
    }

    /** Fraction of the memory limit, 0 to 1. */
    public double memory() {
        return (double) usedBytes / memoryLimit();
    }

    /** Heap as committed and what the JVM needs besides. */
    public long memoryBytes() {
        return usedBytes;
    }

    /** Bytes that the container may use. */
    public long memoryLimit() {
        return system.getTotalMemorySize();
    }

    /** Thousandths of a core that the container may use. */
    public int cpuMillis() {
        return cpuMillis;
    }

    private static long heapBytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }
}
