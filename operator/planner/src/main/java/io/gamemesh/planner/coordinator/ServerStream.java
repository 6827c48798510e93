package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.v1.Register;
import org.jspecify.annotations.Nullable;

/** A stream that a server has opened, and how far it has come. */
final class ServerStream {

    final long number;
    final String server;

    /** What it has said of itself, as long as it is not admitted. */
    @Nullable Register waiting;

    /** Whose it is, once it is admitted. */
    @Nullable Member member;

    boolean needsNumber;

    ServerStream(long number, String server) {
        this.number = number;
        this.server = server;
    }
}
