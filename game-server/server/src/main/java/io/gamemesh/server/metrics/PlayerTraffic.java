package io.gamemesh.server.metrics;

import java.util.concurrent.TimeUnit;

/**
 * What one player is sent and sends, by kind: messages and their bytes, before QUIC or sealing adds its own. Adds the same to
 * the server's counters, and every second the player's rates to their distributions. Allocates nothing once it is made; confined
 * to the players' event loop.
 */
public final class PlayerTraffic {

    private static final MessageKind[] KINDS = MessageKind.values();
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerMetrics metrics;
    private final long[] sentBytes = new long[KINDS.length];
    private final long[] sentMessages = new long[KINDS.length];
    private final long[] receivedBytes = new long[KINDS.length];
    private final long[] receivedMessages = new long[KINDS.length];
    private long windowNanos;
    private long sentInWindow;
    private long receivedInWindow;
    private double sentRate;
    private double receivedRate;

    /** @param nowNanos of a monotonic clock */
    public PlayerTraffic(ServerMetrics metrics, long nowNanos) {
        this.metrics = metrics;
        this.windowNanos = nowNanos;
    }

    /** A message goes to the player. */
    public void sent(MessageKind kind, int bytes) {
        sentBytes[kind.place()] += bytes;
        sentMessages[kind.place()]++;
        sentInWindow += bytes;
        metrics.messageSent(kind, bytes);
    }

    /** A message has come from the player. */
    public void received(MessageKind kind, int bytes) {
        receivedBytes[kind.place()] += bytes;
        receivedMessages[kind.place()]++;
        receivedInWindow += bytes;
        metrics.messageReceived(kind, bytes);
    }

    /** Ends the window if it is over; to be called often. */
    public void passed(long nowNanos) {
        long passed = nowNanos - windowNanos;
        if (passed >= WINDOW_NANOS) {
            sentRate = sentInWindow * (double) WINDOW_NANOS / passed;
            receivedRate = receivedInWindow * (double) WINDOW_NANOS / passed;
            metrics.playerRates(sentRate, receivedRate);
            windowNanos = nowNanos;
            sentInWindow = 0;
            receivedInWindow = 0;
        }
    }

    /** Bytes of messages of that kind so far. */
    public long sentBytes(MessageKind kind) {
        return sentBytes[kind.place()];
    }

    /** Messages of that kind so far. */
    public long sentMessages(MessageKind kind) {
        return sentMessages[kind.place()];
    }

    /** Bytes of messages of that kind so far. */
    public long receivedBytes(MessageKind kind) {
        return receivedBytes[kind.place()];
    }

    /** Messages of that kind so far. */
    public long receivedMessages(MessageKind kind) {
        return receivedMessages[kind.place()];
    }

    /** Bytes a second that the player was sent in the last window, which was about a second. */
    public double sentRate() {
        return sentRate;
    }

    /** Bytes a second that the player has sent in the last window. */
    public double receivedRate() {
        return receivedRate;
    }
}
