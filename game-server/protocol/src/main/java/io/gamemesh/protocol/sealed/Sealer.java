package io.gamemesh.protocol.sealed;

import io.gamemesh.protocol.wire.TrafficKey;
import io.gamemesh.protocol.wire.Wire;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Seals packets with one key and counts them, so that no nonce is used twice. Not thread-safe. */
public final class Sealer {
    private final PacketCipher cipher;
    private final int connectionId;
    private final int phase;
    private int counter;

    /**
     * A sealer whose first packet has counter 0.
     *
     * @param key used by nobody else, or nonces come twice
     * @param connectionId goes into each packet
     * @param phase of the key, 0 or 1
     */
    public Sealer(TrafficKey key, int connectionId, int phase) {
        this.cipher = new PacketCipher(Cipher.ENCRYPT_MODE, key);
        this.connectionId = connectionId;
        this.phase = phase;
    }

    /**
     * Seals a payload in place.
     *
     * @param packet has the payload from {@link SealedPacket#HEADER_BYTES} on, and room for the tag
     * @param length of the payload, up to {@link Wire#MAX_DATAGRAM}
     * @param path true if the payload is a {@link PathMessage}, false if it is a datagram
     * @return the length of the packet
     * @throws IllegalStateException if the key is {@link #spent()}
     */
    public int seal(byte[] packet, int length, boolean path) {
        if (spent()) {
            throw new IllegalStateException(
                    "the key has sealed " + counter + " packets, expected at most that many: take a new one");
        }
        if (length < 0 || length > Wire.MAX_DATAGRAM) {
            throw new IllegalArgumentException(
                    "the payload is " + length + " bytes, expected 0 to " + Wire.MAX_DATAGRAM);
        }
        SealedPacket.writeHeader(packet, path, phase, connectionId, counter);
        try {
            int sealed = cipher.of(packet, counter)
                    .doFinal(packet, SealedPacket.HEADER_BYTES, length, packet, SealedPacket.HEADER_BYTES);
            counter++;
            return SealedPacket.HEADER_BYTES + sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet of " + length + " bytes cannot be sealed", e);
        }
    }

    /** Packets sealed so far. */
    public int sealed() {
        return counter;
    }

    /** True if the key has sealed as many packets as it may. */
    public boolean spent() {
        return counter >= SealedPacket.KEY_PACKETS;
    }
}
