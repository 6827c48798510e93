package io.gamemesh.protocol.sealed;

import io.gamemesh.protocol.wire.TrafficKey;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/** Opens packets that were sealed with one key, each once. A packet that is dropped leaves no trace. Not thread-safe. */
public final class Opener {
    private final PacketCipher cipher;
    private final ReplayWindow window = new ReplayWindow();
    private int length;
    private boolean newest;

    public Opener(TrafficKey key) {
        this.cipher = new PacketCipher(Cipher.DECRYPT_MODE, key);
    }

    /**
     * Opens a packet.
     *
     * @param packet from its first byte on
     * @param bytes how long it is
     * @param into takes the payload, whose {@link #length()} is known afterwards; not {@code packet} itself
     */
    public Opening open(byte[] packet, int bytes, byte[] into) {
        if (bytes < SealedPacket.OVERHEAD || bytes > SealedPacket.MAX_BYTES) {
            return Opening.MISSIZED;
        }
        long counter = SealedPacket.counter(packet);
        if (counter >= SealedPacket.KEY_PACKETS) {
            return Opening.FORGED;
        }
        // Before the cipher, which costs more; the window itself only learns of what is authentic.
        if (!window.isFresh(counter)) {
            return Opening.REPLAYED;
        }
        try {
            length = cipher.of(packet, counter)
                    .doFinal(packet, SealedPacket.HEADER_BYTES, bytes - SealedPacket.HEADER_BYTES, into, 0);
        } catch (AEADBadTagException e) {
            return Opening.FORGED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet of " + bytes + " bytes cannot be opened", e);
        }
        newest = counter > window.newest();
        window.mark(counter);
        return SealedPacket.isPath(packet) ? Opening.PATH : Opening.DATAGRAM;
    }

    /** Length of the payload of the packet that was opened last. */
    public int length() {
        return length;
    }

    /** True if the packet that was opened last has a higher counter than all before it. */
    public boolean newest() {
        return newest;
    }

    /** Counters of authentic packets have come up to here; -1 if there was none. */
    long highest() {
        return window.newest();
    }
}
