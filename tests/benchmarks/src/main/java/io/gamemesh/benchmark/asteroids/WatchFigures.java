package io.gamemesh.benchmark.asteroids;

/**
 * What a client got in some time, and how right it was.
 *
 * @param seconds how long
 * @param bytes of datagrams of snapshots, their headers included, without what sealing, UDP and IP add
 * @param datagrams how many
 * @param told how many times a body was told of
 * @param states bodies times ticks
 * @param beyond how many of the states were not within the precision
 * @param worstPosition metres on one axis
 * @param worstRotation in one component of the quaternion
 */
record WatchFigures(
        double seconds,
        long bytes,
        long datagrams,
        long told,
        long states,
        long beyond,
        double worstPosition,
        double worstRotation) {

    // Of each packet: sealing (header 9, tag 16), UDP 8, IPv4 20.
    private static final int OVERHEAD_BYTES = 9 + 16 + 8 + 20;

    /** 1,000 bytes a second. */
    double goodput() {
        return bytes / seconds / 1000;
    }

    /** 1,000 bytes a second with all that goes over IPv4. */
    double bandwidth() {
        return (bytes + datagrams * OVERHEAD_BYTES) / seconds / 1000;
    }

    /** Bytes of goodput for a body and tick. */
    double bytesPerState() {
        return (double) bytes / states;
    }

    /** How many of a million states were not within the precision. */
    double beyondPerMillion() {
        return 1e6 * beyond / states;
    }

    /** @throws IllegalStateException if a single state was beyond the precision */
    void requirePrecision() {
        if (beyond > 0) {
            throw new IllegalStateException(
                    "%d of %d states were beyond the precision, the worst by %.4f m and %.5f; expected none"
                            .formatted(beyond, states, worstPosition, worstRotation));
        }
    }
}
