package io.gamemesh.fuzzing;

import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.core.transfer.TicketException;
import java.util.List;

/**
 * A decoder and what must hold of it, whatever the bytes: it gives a value or refuses them in the way that is documented.
 * Used by one thread at a time.
 *
 * @param <V> what it makes of bytes
 */
interface Target<V> {

    /** Its name on the command line, and of its folder in the corpus. */
    String name();

    /**
     * Decodes bytes as those of a stranger are.
     *
     * @throws io.gamemesh.protocol.wire.WireFormatException if they are refused
     * @throws RegionStateException if they are refused
     * @throws TicketException if they are refused
     */
    V decode(byte[] input) throws RegionStateException, TicketException;

    /**
     * Holds what was decoded against the bytes.
     *
     * @throws AssertionError if it isn't what they say
     */
    void check(byte[] input, V value);

    /** The most bytes that decoding so many may allocate, those that it gives back at once included. */
    long mostAllocated(int length);

    /** Bytes of which all or most are in order, to begin with. */
    List<byte[]> seeds();
}
