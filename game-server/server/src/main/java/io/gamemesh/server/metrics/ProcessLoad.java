package io.gamemesh.server.metrics;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * CPU and memory of this process against its container's limits, which the JDK reads from the cgroup (v1 or v2).
 * {@link #sample} is called by one thread, the rest by any.
 */
public final class ProcessLoad {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final int processors = Runtime.getRuntime().availableProcessors();
    private long lastCpuNanos = system.getProcessCpuTime();
    private long lastNanos;
    private volatile double cpu;
    private volatile long usedBytes = heapBytes();

    /**
     * A load that counts from now.
     *
     * @param nowNanos of a monotonic clock
     */
    public ProcessLoad(long nowNanos) {
        lastNanos = nowNanos;
    }

    /** Measures the time since the last sample; at most one a few hundred milliseconds makes sense. */
    public void sample(long nowNanos) {
        long cpuNanos = system.getProcessCpuTime();
        long elapsed = nowNanos - lastNanos;
        if (elapsed > 0) {
            cpu = (double) (cpuNanos - lastCpuNanos) / elapsed / processors;
        }
        lastCpuNanos = cpuNanos;
        lastNanos = nowNanos;
        usedBytes = heapBytes()
                + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
    }

    /** Fraction of the CPU limit, 0 to 1 (a little above while the kernel lets it). */
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

    /** Thousandths of a core that the container may use, rounded up to cores as the JDK does. */
    public int cpuMillis() {
        return processors * 1000;
    }

    private static long heapBytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }
}
