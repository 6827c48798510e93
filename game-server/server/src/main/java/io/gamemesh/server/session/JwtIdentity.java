package io.gamemesh.server.session;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.server.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/**
 * A mesh whose players show a token (RFC 7519) of one issuer. Signatures are checked with the keys of a file, RS256,
 * ES256 or EdDSA and nothing else; the subject is the player. Thread-safe.
 */
public final class JwtIdentity implements Identity {
    private static final Logger LOG = Logger.getLogger(JwtIdentity.class);
    private static final int CLOCK_SKEW_SECONDS = 30;
    private final ServerConfig.Jwt config;
    private volatile JwtConsumer consumer;
    private FileTime modified;

    /**
     * Reads the keys.
     *
     * @throws IOException if the keys cannot be read
     */
    public JwtIdentity(ServerConfig.Jwt config) throws IOException {
        this.config = config;
        this.modified = Files.getLastModifiedTime(config.jwksFile());
        this.consumer = consumer(config);
    }

    private static JwtConsumer consumer(ServerConfig.Jwt config) throws IOException {
        Path file = config.jwksFile();
        try {
            JsonWebKeySet keys = new JsonWebKeySet(Files.readString(file));
            return new JwtConsumerBuilder()
                    .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.getJsonWebKeys()))
                    .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                            ConstraintType.PERMIT,
                            AlgorithmIdentifiers.RSA_USING_SHA256,
                            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                            AlgorithmIdentifiers.EDDSA))
                    .setExpectedIssuer(config.issuer())
                    .setExpectedAudience(config.audience())
                    .setRequireExpirationTime()
                    .setRequireSubject()
                    .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                    .build();
        } catch (JoseException e) {
            throw new IOException(file + " is not a JSON Web Key Set (RFC 7517): " + e.getMessage(), e);
        }
    }

    /** Looks whether the keys have changed; called now and then, where it may block. */
    public synchronized void check() {
        try {
            FileTime now = Files.getLastModifiedTime(config.jwksFile());
            if (!now.equals(modified)) {
                consumer = consumer(config);
                modified = now;
                LOG.info("The players' keys were renewed");
            }
        } catch (IOException e) {
            LOG.warnf(e, "Cannot read the players' keys: going on with those before");
        }
    }

    @Override
    public String playerId(ToServer.Hello hello, String ticketed) throws IdentityException {
        Bytes token = hello.token()
                .orElseThrow(() -> new IdentityException(
                        "no token, expected a JWT of " + config.issuer() + " for " + config.audience()));
        String subject = subject(new String(token.toArray(), StandardCharsets.UTF_8));
        if (!ticketed.isEmpty() && !ticketed.equals(subject)) {
            throw new IdentityException("the ticket is another player's than the token: join without it");
        }
        return subject;
    }

    private String subject(String token) throws IdentityException {
        try {
            String subject = consumer.processToClaims(token).getSubject();
            if (subject.isEmpty() || subject.getBytes(StandardCharsets.UTF_8).length > Wire.MAX_PLAYER_ID) {
                throw new IdentityException(
                        "the token's subject is empty or longer than " + Wire.MAX_PLAYER_ID + " bytes");
            }
            return subject;
        } catch (InvalidJwtException e) {
            // The library's own message repeats the token.
            String why = e.hasExpired() ? "has expired" : "is not valid";
            throw new IdentityException("the token " + why + ", expected a JWT of " + config.issuer() + " for "
                    + config.audience() + " signed with RS256, ES256 or EdDSA");
        } catch (MalformedClaimException e) {
            throw new IdentityException("the token's subject is not a text");
        }
    }
}
