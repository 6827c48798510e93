package io.gamemesh.coordinator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers accepted tokens for a short while, so that servers that reconnect in a row do not each cost a review. Only
 * a token's SHA-256 is kept. Refusals are not remembered: a stranger could fill the memory with them. Safe for use by
 * several threads; checks of different tokens do not wait for each other.
 */
public final class CachingAuthenticator implements Authenticator {

    private final Authenticator authenticator;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Remembered> accepted;

    private record Remembered(Authentication.Accepted answer, long atNanos) {}

    /**
     * Makes the cache.
     *
     * @param authenticator who really knows
     * @param lifetime      how long an answer holds
     * @param capacity      how many are kept, at least 1; the oldest goes first
     * @param nanoTime      a monotonic clock, nanoseconds
     */
    public CachingAuthenticator(Authenticator authenticator, Duration lifetime, int capacity, LongSupplier nanoTime) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity of the token cache: expected at least 1, got " + capacity);
        }
        this.authenticator = authenticator;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
        this.accepted = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
                return size() > capacity;
            }
        };
    }

    @Override
    public Authentication authenticate(String token) {
        String key = digest(token);
        Authentication.Accepted known = recall(key);
        if (known != null) {
            return known;
        }
        Authentication answer = authenticator.authenticate(token);
        if (answer instanceof Authentication.Accepted accept) {
            remember(key, accept);
        }
        return answer;
    }

    private synchronized Authentication.@Nullable Accepted recall(String key) {
        Remembered remembered = accepted.get(key);
        if (remembered == null) {
            return null;
        }
        if (nanoTime.getAsLong() - remembered.atNanos() > lifetimeNanos) {
            accepted.remove(key);
            return null;
        }
        return remembered.answer();
    }

    private synchronized void remember(String key, Authentication.Accepted answer) {
        accepted.put(key, new Remembered(answer, nanoTime.getAsLong()));
    }

    private static String digest(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
