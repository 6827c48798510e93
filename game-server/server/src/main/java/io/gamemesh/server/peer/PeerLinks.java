package io.gamemesh.server.peer;

import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.server.metrics.ServerMetrics;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The links that this server sends on, one to each peer address that it has something to say to. Thread-safe. */
public final class PeerLinks implements AutoCloseable {
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** More peers than any server has neighbours; more would be a leaf map gone wrong. */
    private static final int MAX_LINKS = 256;

    private final PeerChannels channels;
    private final PeerIdentity identity;
    private final ServerMetrics metrics;
    private final ScheduledExecutorService executor;
    private final int queueCapacity;
    private final Predicate<String> lives;
    private final ConcurrentMap<String, PeerLink> links = new ConcurrentHashMap<>();
    private final ScheduledFuture<?> care;

    /**
     * No links yet.
     *
     * @param queueCapacity messages that may wait for one peer; more are dropped and counted
     * @param lives whether the coordinator says that there is a server at that address
     */
    public PeerLinks(
            PeerChannels channels,
            PeerIdentity identity,
            ServerMetrics metrics,
            ScheduledExecutorService executor,
            int queueCapacity,
            Predicate<String> lives) {
        this.channels = channels;
        this.identity = identity;
        this.metrics = metrics;
        this.executor = executor;
        this.queueCapacity = queueCapacity;
        this.lives = lives;
        this.care = executor.scheduleWithFixedDelay(this::care, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Sends the message, now or when the link is up, in the order of sending. Never blocks; what has no room is dropped.
     *
     * @param address {@code host:port} of the peer
     */
    public void send(String address, PeerMessage message) {
        PeerLink link = links.get(address);
        if (link == null) {
            if (links.size() >= MAX_LINKS) {
                metrics.dropped(1);
                return;
            }
            link = links.computeIfAbsent(
                    address, a -> new PeerLink(a, channels, identity, executor, metrics, queueCapacity));
        }
        link.send(message);
    }

    /** The mean of the round trips to the peers lately, in milliseconds; 0 without any. Who is not linked to does not count. */
    public double latencyMillis() {
        return links.values().stream()
                .filter(PeerLink::connected)
                .mapToDouble(PeerLink::latencyMillis)
                .filter(measured -> measured > 0)
                .average()
                .orElse(0);
    }

    /** How many peers have not been heard for five seconds although the coordinator says that they live. */
    public long unreachable() {
        return links.values().stream().filter(PeerLink::unreachable).count();
    }

    /** How many links are up. */
    public long connected() {
        return links.values().stream().filter(PeerLink::connected).count();
    }

    private void care() {
        links.forEach((address, link) -> {
            if (link.idleNanos() > IDLE_NANOS) {
                links.remove(address, link);
                link.close();
            } else {
                link.care(() -> lives.test(address));
            }
        });
    }

    @Override
    public void close() {
        care.cancel(false);
        links.values().forEach(PeerLink::close);
    }
}
