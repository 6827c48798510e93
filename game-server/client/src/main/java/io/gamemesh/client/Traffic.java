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
    long malformed;
    long unsent;
    long sealedReceived;
    long sealedSent;
    long sealedDropped;

    Traffic copy() {
        Traffic copy = new Traffic();
        copy.controlSent = controlSent;
        copy.controlReceived = controlReceived;
        copy.terrainReceived = terrainReceived;
        copy.datagramSent = datagramSent;
        copy.datagramReceived = datagramReceived;
        copy.wireSent = wireSent;
        copy.wireReceived = wireReceived;
        copy.malformed = malformed;
        copy.unsent = unsent;
        copy.sealedReceived = sealedReceived;
        copy.sealedSent = sealedSent;
        copy.sealedDropped = sealedDropped;
        return copy;
    }
}
