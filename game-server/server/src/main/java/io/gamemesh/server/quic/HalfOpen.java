package io.gamemesh.server.quic;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts connections that have not said Hello yet, by where they come from: an IPv4 address, or the /64 of an IPv6 one,
 * which a single host may have to itself. It holds no more entries than there are connections. Confined to the players'
 * event loop.
 */
final class HalfOpen {
    private static final int PREFIX_BYTES = 8;

    private final Map<ByteBuffer, Integer> counts = new HashMap<>();
    private final int limit;

    HalfOpen(int limit) {
        this.limit = limit;
    }

    /** False if there are as many from there as there may be; true takes a place, which {@link #leave} gives back. */
    boolean enter(InetAddress address) {
        int before = counts.getOrDefault(origin(address), 0);
        if (before >= limit) {
            return false;
        }
        counts.put(origin(address), before + 1);
        return true;
    }

    void leave(InetAddress address) {
        counts.computeIfPresent(origin(address), (_, count) -> count == 1 ? null : count - 1);
    }

    private static ByteBuffer origin(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, PREFIX_BYTES));
    }
}
