package io.gamemesh.core.replication;

/**
 * Times and bounds of replication. All times in nanoseconds of a monotonic clock.
 *
 * @param leaseNanos for how long an acknowledgement lets the authority act, from when it sent what is acknowledged
 * @param suspicionNanos after which one that says nothing is complained of; less than the lease, so that there is time to
 *     go on without it
 * @param probationNanos for how long a backup that has been struck off has to keep up before it counts again
 * @param backlogBytes of the log that are kept for backups that have not acknowledged them; one that needs older ones is
 *     seeded anew
 * @param chunkBytes in which a seed is sent
 * @param maxSeedBytes the largest state that a backup takes
 * @param checksumTicks between two ticks that carry a checksum
 */
public record ReplicationSettings(
        long leaseNanos,
        long suspicionNanos,
        long probationNanos,
        int backlogBytes,
        int chunkBytes,
        int maxSeedBytes,
        int checksumTicks) {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MAX_LEASE_NANOS = 60_000 * NANOS_PER_MILLI;

    /** Clocks of two servers may differ by one percent each in rate; and a little. */
    static final double DRIFT_MARGIN = 0.03;

    /** Refuses times and bounds that cannot be. */
    public ReplicationSettings {
        if (leaseNanos < NANOS_PER_MILLI || leaseNanos > MAX_LEASE_NANOS) {
            throw new IllegalArgumentException("replication lease is " + leaseNanos + " ns, expected 1 ms to 60 s");
        }
        if (suspicionNanos < 1 || suspicionNanos >= leaseNanos) {
            throw new IllegalArgumentException("suspicion is after " + suspicionNanos
                    + " ns, expected more than 0 and less than the lease of " + leaseNanos);
        }
        if (probationNanos < 0 || backlogBytes < 1 || chunkBytes < 1 || maxSeedBytes < 1 || checksumTicks < 1) {
            throw new IllegalArgumentException("probation is " + probationNanos + " ns, backlog " + backlogBytes
                    + " bytes, chunks " + chunkBytes + ", seeds " + maxSeedBytes + ", checksums every " + checksumTicks
                    + " ticks; expected none below 1, and probation not below 0");
        }
    }

    /** What a server uses, with a lease that the mesh says. */
    public static ReplicationSettings of(long leaseNanos, int maxSeedBytes) {
        return new ReplicationSettings(
                leaseNanos, leaseNanos * 6 / 10, leaseNanos, 32 << 20, 256 << 10, maxSeedBytes, 64);
    }

    int leaseMillis() {
        return (int) (leaseNanos / NANOS_PER_MILLI);
    }

    /**
     * How long a lease of that length lasts at the most, on any other server's clock.
     *
     * @param leaseMillis as the authority says, 1 to 60,000
     */
    static long surelyOver(int leaseMillis) {
        return (long) (leaseMillis * NANOS_PER_MILLI * (1 + DRIFT_MARGIN));
    }
}
