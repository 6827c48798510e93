package io.gamemesh.server.session;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * A mesh that anyone may play in. A client that sends a token of its own choice (any secret it keeps) is the player of
 * that name and token, always; one that sends none is whom its ticket names, or somebody new. So nobody gets at another's
 * player by taking its name.
 */
public final class OpenIdentity implements Identity {
    private static final byte SEPARATOR = 0;
    private static final int ID_BYTES = 18;

    @Override
    public String playerId(ToServer.Hello hello, String ticketed) throws IdentityException {
        Optional<Bytes> token = hello.token();
        if (token.isEmpty()) {
            return ticketed.isEmpty() ? "guest-" + UUID.randomUUID() : ticketed;
        }
        String own = hashed(hello.name(), token.get());
        if (!ticketed.isEmpty() && !ticketed.equals(own)) {
            throw new IdentityException("the ticket is another player's than name and token say: join without it");
        }
        return own;
    }

    private static String hashed(String name, Bytes token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(SEPARATOR);
            digest.update(token.toArray());
            byte[] id = new byte[ID_BYTES];
            System.arraycopy(digest.digest(), 0, id, 0, ID_BYTES);
            return "open-" + Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
