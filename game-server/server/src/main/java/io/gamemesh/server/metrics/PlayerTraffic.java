package io.gamemesh.server.metrics;

import java.util.concurrent.TimeUnit;

/**
 * What one player is sent and sends, by kind: messages and their bytes, before QUIC or sealing adds its own. Adds the same to
 * the server's counters, and every second the player's rates to their distributions. Allocates nothing once it is made; confined
 * to the players' event loop.
 */
public final class PlayerTraffic {

    private static final MessageKind[] KINDS = MessageKind.values();
    private static final int SENT_BYTES = 0;
    private static final int SENT_MESSAGES = 1;
    private static final int RECEIVED_BYTES = 2;
    private static final int RECEIVED_MESSAGES = 3;
    private static final int SUMS = 4;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerMetrics metrics;
    // By kind, together since they change together.
    private final long[] sums = new long[KINDS.length * SUMS];
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

    private static int at(MessageKind kind, int sum) {
        return kind.place() * SUMS + sum;
    }

    /** A message goes to the player. */
    public void sent(MessageKind kind, int bytes) {
        sums[at(kind, SENT_BYTES)] += bytes;
        sums[at(kind, SENT_MESSAGES)]++;
        sentInWindow += bytes;
        metrics.messageSent(kind, bytes);
    }

    /** A message has come from the player. */
    public void received(MessageKind kind, int bytes) {
        sums[at(kind, RECEIVED_BYTES)] += bytes;
        sums[at(kind, RECEIVED_MESSAGES)]++;
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
        return sums[at(kind, SENT_BYTES)];
    }

    /** Messages of that kind so far. */
    public long sentMessages(MessageKind kind) {
        return sums[at(kind, SENT_MESSAGES)];
    }

    /** Bytes of messages of that kind so far. */
    public long receivedBytes(MessageKind kind) {
        return sums[at(kind, RECEIVED_BYTES)];
    }

    /** Messages of that kind so far. */
    public long receivedMessages(MessageKind kind) {
        return sums[at(kind, RECEIVED_MESSAGES)];
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
