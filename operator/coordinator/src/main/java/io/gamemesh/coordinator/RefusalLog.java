package io.gamemesh.coordinator;

import io.grpc.Status;
import java.net.SocketAddress;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs refused calls, once a second at most, so that a stranger cannot fill the log. Safe for use by several threads. */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PERIOD_NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private long nextNanos;
    private long unlogged;

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    void refused(Status status, @Nullable SocketAddress peer, String reason) {
        OptionalLong before = turn();
        if (before.isPresent()) {
            LOG.atWarn()
                    .addKeyValue("status", status.getCode())
                    .addKeyValue("peer", peer)
                    .addKeyValue("unlogged", before.getAsLong())
                    .log("call refused: {}", reason);
        }
    }

    /** How many were not logged since the last that was; empty if this one is not to be logged either. */
    synchronized OptionalLong turn() {
        long now = nanoTime.getAsLong();
        if (now - nextNanos < 0) {
            unlogged++;
            return OptionalLong.empty();
        }
        nextNanos = now + PERIOD_NANOS;
        long before = unlogged;
        unlogged = 0;
        return OptionalLong.of(before);
    }
}
