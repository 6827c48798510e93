package io.gamemesh.protocol.sealed;

/** What opening a packet has come to. */
public enum Opening {
    /** Authentic and new; the payload is a datagram. */
    DATAGRAM,
    /** Authentic and new; the payload is a {@link PathMessage}. */
    PATH,
    /** Shorter than header and tag, or longer than a packet may be. */
    MISSIZED,
    /** Sealed with a key that is not known yet, or not any more. */
    UNKNOWN_KEY,
    /** Seen before, or too old to tell. */
    REPLAYED,
    /** Not sealed with the key that it claims, or changed since. */
    FORGED;

    /** True if the packet shall be dropped. */
    public boolean dropped() {
        return this != DATAGRAM && this != PATH;
    }
}
