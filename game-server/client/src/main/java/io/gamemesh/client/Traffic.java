package io.gamemesh.client;

/** What a client has sent and received, over all its connections; confined to its event loop. */
final class Traffic {

    long controlSent;
    long controlReceived;
    long terrainReceived;
    long datagramSent;
    long datagramReceived;
    long wireSent;
    long wireReceived;
    long lostPackets;
    long malformed;
    long unsent;
}
