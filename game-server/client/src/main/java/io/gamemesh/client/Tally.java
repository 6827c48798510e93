package io.gamemesh.client;

/** What a client counts. Confined to its event loop. */
final class Tally {

    private static final double MICROMETRES = 1e6;

    final Traffic traffic = new Traffic();

    private final Histogram gaps = new Histogram();
    private final Histogram inputGaps = new Histogram();
    private final Histogram pings = new Histogram();
    private final Histogram corrections = new Histogram();
    private Traffic before = new Traffic();
    private long latestSnapshot;
    private long latestInputDone;
    private long snapshots;
    private int redirects;
    private int reconnects;

    /** The first datagram of a snapshot has come. */
    void snapshot() {
        long now = System.nanoTime();
        if (latestSnapshot != 0) {
            gaps.record((now - latestSnapshot) / 1000);
        }
        latestSnapshot = now;
        snapshots++;
    }

    /** A snapshot shows where another input has led. */
    void inputDone() {
        long now = System.nanoTime();
        if (latestInputDone != 0) {
            inputGaps.record((now - latestInputDone) / 1000);
        }
        latestInputDone = now;
    }

    void ping(long nanos) {
        pings.record(nanos / 1000);
    }

    /** The server has put the player so many metres from where it had been predicted to be. */
    void corrected(double metres) {
        corrections.record(Math.round(metres * MICROMETRES));
    }

    void redirected() {
        redirects++;
    }

    void reconnected() {
        reconnects++;
    }

    /** All since the last reset; a copy. */
    ClientStatistics statistics() {
        return new ClientStatistics(
                gaps.copy(),
                inputGaps.copy(),
                pings.copy(),
                corrections.copy(),
                snapshots,
                traffic.wireReceived - before.wireReceived,
                traffic.wireSent - before.wireSent,
                traffic.datagramReceived - before.datagramReceived,
                traffic.datagramSent - before.datagramSent,
                traffic.controlReceived - before.controlReceived,
                traffic.controlSent - before.controlSent,
                traffic.terrainReceived - before.terrainReceived,
                redirects,
                reconnects,
                traffic.malformed - before.malformed,
                traffic.unsent - before.unsent,
                traffic.sealedReceived - before.sealedReceived,
                traffic.sealedSent - before.sealedSent,
                traffic.sealedDropped - before.sealedDropped);
    }

    void reset() {
        gaps.reset();
        inputGaps.reset();
        pings.reset();
        corrections.reset();
        snapshots = 0;
        redirects = 0;
        reconnects = 0;
        before = traffic.copy();
    }
}
