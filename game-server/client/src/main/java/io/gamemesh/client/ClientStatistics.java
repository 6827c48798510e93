package io.gamemesh.client;

/**
 * What a client has counted since it was built, or since {@link GameClient#resetStatistics()}.
 *
 * @param gaps time between the first datagrams of two snapshots that follow each other, changes of server included
 * @param inputGaps time between two snapshots that follow each other and show where another input of this player has led,
 *     changes of server included: for so long what the player wants has no effect
 * @param pings round trips of pings
 * @param corrections how far the server's word was from what had been predicted, each time that it was: micrometres take
 *     the place of microseconds, millimetres of milliseconds
 * @param crossing what it has noticed of coming from region to region
 * @param snapshots ticks of which a snapshot was received
 * @param wireReceived bytes of UDP payload, all that QUIC adds included; measured every second
 * @param wireSent as {@code wireReceived}
 * @param datagramReceived bytes of snapshots
 * @param datagramSent bytes of inputs
 * @param controlReceived bytes of the control stream
 * @param controlSent bytes of the control stream
 * @param terrainReceived bytes of the terrain stream
 * @param redirects followed
 * @param reconnects connections that were lost and found again
 * @param malformed connections closed since the server broke the protocol
 * @param unsent messages and datagrams that went nowhere since their connection had just ended
 * @param sealedReceived bytes of snapshots that came sealed; part of {@code datagramReceived}
 * @param sealedSent bytes of inputs that went sealed; part of {@code datagramSent}
 * @param sealedDropped sealed packets that did not open: doubled on the way, late, or not the server's
 */
public record ClientStatistics(
        Histogram gaps,
        Histogram inputGaps,
        Histogram pings,
        Histogram corrections,
        CrossingStatistics crossing,
        long snapshots,
        long wireReceived,
        long wireSent,
        long datagramReceived,
        long datagramSent,
        long controlReceived,
        long controlSent,
        long terrainReceived,
        int redirects,
        int reconnects,
        long malformed,
        long unsent,
        long sealedReceived,
        long sealedSent,
        long sealedDropped) {}
