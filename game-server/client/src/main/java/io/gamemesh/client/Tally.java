package io.gamemesh.client;

/** What a client counts. Confined to its event loop. */
final class Tally {

    private static final double MICROMETRES = 1e6;

    final Traffic traffic = new Traffic();

    private final Histogram gaps = new Histogram();
    private final Histogram inputGaps = new Histogram();
    private final Histogram pings = new Histogram();
    private final Histogram corrections = new Histogram();
    private final Histogram crossingGaps = new Histogram();
    private final Histogram gapsAway = new Histogram();
    private final Histogram crossingErrors = new Histogram();
    private Traffic before = new Traffic();
    private long latestSnapshot;
    private long latestInputDone;
    private long snapshots;
    private int redirects;
    private int reconnects;
    private long crossings;
    private long crossingsBetweenServers;
    private long latestRegion;
    private String latestServer = "";

    /** The first datagram of a snapshot of a region has come, from a server of that name. */
    void snapshot(long region, String server) {
        long now = System.nanoTime();
        boolean crossed = latestSnapshot != 0 && region != latestRegion;
        if (latestSnapshot != 0) {
            long gap = (now - latestSnapshot) / 1000;
            gaps.record(gap);
            (crossed ? crossingGaps : gapsAway).record(gap);
        }
        if (crossed) {
            crossings++;
            crossingsBetweenServers += server.equals(latestServer) ? 0 : 1;
        }
        latestSnapshot = now;
        latestRegion = region;
        latestServer = server;
        snapshots++;
    }

    /** The next region's first word was so many metres off. */
    void crossedWithError(double metres) {
        crossingErrors.record(Math.round(metres * MICROMETRES));
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
                new CrossingStatistics(
                        crossings,
                        crossingsBetweenServers,
                        crossingGaps.copy(),
                        gapsAway.copy(),
                        crossingErrors.copy()),
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
        crossingGaps.reset();
        gapsAway.reset();
        crossingErrors.reset();
        crossings = 0;
        crossingsBetweenServers = 0;
        snapshots = 0;
        redirects = 0;
        reconnects = 0;
        before = traffic.copy();
    }
}
