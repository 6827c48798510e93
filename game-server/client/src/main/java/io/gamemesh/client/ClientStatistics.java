package io.gamemesh.client;

/**
 * What a client has counted since it was built, or since {@link GameClient#resetStatistics()}.
 *
 * @param gaps time between the first datagrams of two snapshots that follow each other, changes of server included
 * @param pings round trips of pings
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
 */
public record ClientStatistics(
        Histogram gaps,
        Histogram pings,
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
        long unsent) {}
