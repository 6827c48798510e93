package io.gamemesh.operator;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Text as a Secret's {@code data} holds it: UTF-8 in Base64 (RFC 4648, section 4). */
public final class SecretText {

    private SecretText() {}

    /**
     * Reads a value.
     *
     * @param secret as stored; null if there is none
     * @param key    of the value
     * @return the text, or null if the Secret has no such key
     * @throws IllegalArgumentException if the value is not Base64
     */
    public static @Nullable String read(@Nullable Secret secret, String key) {
        String encoded = secret == null || secret.getData() == null
                ? null
                : secret.getData().get(key);
        return encoded == null ? null : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    /**
     * Encodes a value.
     *
     * @param text any
     * @return what {@link #read} gives back as the text
     */
    public static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
