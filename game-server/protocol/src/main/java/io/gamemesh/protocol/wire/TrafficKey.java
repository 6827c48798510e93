package io.gamemesh.protocol.wire;

import java.security.SecureRandom;

/**
 * The secret of one direction of sealed datagrams: a key of AES-128 and what its nonces are made of.
 *
 * @param key {@value #KEY_BYTES} bytes
 * @param iv {@value #IV_BYTES} bytes
 */
public record TrafficKey(Bytes key, Bytes iv) {

    /** Length of the key. */
    public static final int KEY_BYTES = 16;

    /** Length of the iv. */
    public static final int IV_BYTES = 12;

    static final Codec<TrafficKey> CODEC = Codec.of(
            (out, traffic) -> out.fixedBytes(traffic.key).fixedBytes(traffic.iv),
            in -> new TrafficKey(in.fixedBytes("traffic key", KEY_BYTES), in.fixedBytes("traffic iv", IV_BYTES)));

    public TrafficKey {
        if (key.length() != KEY_BYTES || iv.length() != IV_BYTES) {
            throw new IllegalArgumentException(
                    "key and iv are " + key + " and " + iv + ", expected " + KEY_BYTES + " and " + IV_BYTES + " bytes");
        }
    }

    /** Draws one. */
    public static TrafficKey random(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(key);
        random.nextBytes(iv);
        return new TrafficKey(Bytes.owning(key), Bytes.owning(iv));
    }
}
