package io.gamemesh.server.replication;

import io.gamemesh.server.peer.PeerChannels;
import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.Map;

/** One connection to each peer, however many streams there are over it. Confined to the mesh's thread. */
public final class SharedChannels implements AutoCloseable {

    private static final class Shared {
        final ManagedChannel channel;
        int users;

        Shared(ManagedChannel channel) {
            this.channel = channel;
        }
    }

    private final PeerChannels channels;
    private final Map<String, Shared> shared = new HashMap<>();

    /** None is open yet. */
    public SharedChannels(PeerChannels channels) {
        this.channels = channels;
    }

    /**
     * The connection to that address; to be {@link #release released}.
     *
     * @throws IllegalArgumentException if the address is not {@code host:port}
     */
    ManagedChannel acquire(String address) {
        Shared found = shared.computeIfAbsent(address, a -> new Shared(channels.open(a)));
        found.users++;
        // Whoever asks again wants to try at once, not when gRPC would.
        found.channel.resetConnectBackoff();
        return found.channel;
    }

    void release(String address) {
        Shared found = shared.get(address);
        if (found != null && --found.users == 0) {
            shared.remove(address);
            found.channel.shutdown();
        }
    }

    @Override
    public void close() {
        shared.values().forEach(each -> each.channel.shutdownNow());
        shared.clear();
    }
}
