package io.gamemesh.benchmark.transport;

import java.util.Locale;

/** A way for a datagram to go; what the two processes do meanwhile. */
enum Way {
    /** The server's port sends each peer a QUIC datagram, once it has got one; the peers' acknowledgements are part of it. */
    QUIC_OUT,
    /** The server's port sends each peer a sealed one; peers send one of their own a second or so, as players do at least. */
    SEALED_OUT,
    /** The server's port gets a QUIC datagram from each peer, and acknowledges it. */
    QUIC_IN,
    /** The server's port gets a sealed one from each peer. */
    SEALED_IN,
    /** As {@link #SEALED_OUT}, without a server's port: sealed and written to a socket, all of a tick flushed at once. */
    SEALED_BARE_OUT,
    /** As before, but each packet is a system call of its own. */
    SEALED_OUT_UNBATCHED,
    /** As before, at once, but what is sent is not sealed. */
    PLAIN_OUT,
    /** Sealing, and nothing sent: as many as there is time for. */
    SEAL_ONLY;

    String metric() {
        return name().toLowerCase(Locale.ROOT) + "_us";
    }
}
