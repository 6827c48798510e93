package io.gamemesh.protocol.sealed;

import io.gamemesh.protocol.wire.TrafficKey;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-128-GCM with one key, from the JDK. The nonce is the key's iv, the last bytes exclusive-or the counter, as in RFC
 * 9001, section 5.3. A cipher is kept for each key: one that changes keys expands them anew, which costs as much again.
 */
final class PacketCipher {
    private static final int TAG_BITS = SealedPacket.TAG_BYTES * Byte.SIZE;

    private final Cipher cipher;
    private final int mode;
    private final SecretKey key;
    private final byte[] iv;

    /** @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE} */
    PacketCipher(int mode, TrafficKey key) {
        this.mode = mode;
        this.key = new SecretKeySpec(key.key().toArray(), "AES");
        this.iv = key.iv().toArray();
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM, which every Java must have", e);
        }
    }

    /** Ready for the packet with that counter, whose header is the associated data. */
    Cipher of(byte[] packet, long counter) throws GeneralSecurityException {
        // Not kept: an array of the key's own would be one more to fetch from memory.
        byte[] nonce = iv.clone();
        for (int i = 0; i < Integer.BYTES; i++) {
            int at = nonce.length - 1 - i;
            nonce[at] = (byte) (iv[at] ^ (counter >>> (Byte.SIZE * i)));
        }
        AlgorithmParameterSpec parameters = new GCMParameterSpec(TAG_BITS, nonce);
        cipher.init(mode, key, parameters);
        cipher.updateAAD(packet, 0, SealedPacket.HEADER_BYTES);
        return cipher;
    }
}
