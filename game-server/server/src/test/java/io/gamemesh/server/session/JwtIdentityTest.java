package io.gamemesh.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.server.ServerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtIdentityTest {
    private static final String ISSUER = "https://login.example";
    private static final String AUDIENCE = "demo";

    private final EllipticCurveJsonWebKey key = key("first");

    @TempDir
    Path directory;

    private JwtIdentity identity;

    JwtIdentityTest() throws JoseException {}

    private record Config(String issuer, String audience, Path jwksFile) implements ServerConfig.Jwt {}

    private static EllipticCurveJsonWebKey key(String id) throws JoseException {
        EllipticCurveJsonWebKey made = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        made.setKeyId(id);
        return made;
    }

    private Path keys() {
        return directory.resolve("jwks.json");
    }

    @BeforeEach
    void publishTheKey() throws Exception {
        Files.writeString(keys(), new JsonWebKeySet(key).toJson());
        identity = new JwtIdentity(new Config(ISSUER, AUDIENCE, keys()));
    }

    private static String token(EllipticCurveJsonWebKey signer, Consumer<JwtClaims> change) throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims(change).toJson());
        signature.setKey(signer.getPrivateKey());
        signature.setKeyIdHeaderValue(signer.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        return signature.getCompactSerialization();
    }

    private static JwtClaims claims(Consumer<JwtClaims> change) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject("ada@example");
        claims.setExpirationTimeMinutesInTheFuture(5);
        change.accept(claims);
        return claims;
    }

    private static ToServer.Hello hello(String token) {
        return new ToServer.Hello(
                Wire.VERSION,
                0,
                ToServer.Network.EXTERNAL,
                "Ada",
                Optional.of(Bytes.copyOf(token.getBytes(StandardCharsets.UTF_8))),
                Optional.empty());
    }

    private void assertRefused(String token, String why) {
        assertThatThrownBy(() -> identity.playerId(hello(token), ""))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(token);
    }

    @Test
    void takesTheSubjectForThePlayer() throws Exception {
        assertThat(identity.playerId(hello(token(key, claims -> {})), "")).isEqualTo("ada@example");
    }

    @Test
    void refusesOneWithoutAToken() {
        ToServer.Hello hello = new ToServer.Hello(
                Wire.VERSION, 0, ToServer.Network.EXTERNAL, "Ada", Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> identity.playerId(hello, ""))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("no token");
    }

    @Test
    void refusesAnotherIssuer() throws Exception {
        assertRefused(token(key, claims -> claims.setIssuer("https://elsewhere.example")), "is not valid");
    }

    @Test
    void refusesAnotherAudience() throws Exception {
        assertRefused(token(key, claims -> claims.setAudience("another mesh")), "is not valid");
    }

    @Test
    void refusesAnExpiredToken() throws Exception {
        assertRefused(token(key, claims -> claims.setExpirationTimeMinutesInTheFuture(-5)), "has expired");
    }

    @Test
    void refusesATokenThatNeverExpires() throws Exception {
        assertRefused(token(key, claims -> claims.unsetClaim("exp")), "is not valid");
    }

    @Test
    void refusesAnotherKey() throws Exception {
        assertRefused(token(key("first"), claims -> {}), "is not valid");
    }

    @Test
    void refusesASharedSecret() throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims(claims -> {}).toJson());
        signature.setKey(new HmacKey(new byte[32]));
        signature.setKeyIdHeaderValue("first");
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);

        assertRefused(signature.getCompactSerialization(), "is not valid");
    }

    @Test
    void refusesTheTicketOfAnother() throws Exception {
        String token = token(key, claims -> {});

        assertThatThrownBy(() -> identity.playerId(hello(token), "bob@example"))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining("another player's");
    }

    @Test
    void takesANewKeyOnceItIsInTheFile() throws Exception {
        EllipticCurveJsonWebKey next = key("next");
        Files.writeString(keys(), new JsonWebKeySet(key, next).toJson());
        Files.setLastModifiedTime(keys(), FileTime.from(Instant.now().plusSeconds(5)));

        identity.check();

        assertThat(identity.playerId(hello(token(next, claims -> {})), "")).isEqualTo("ada@example");
    }

    @Test
    void keepsTheKeysThatItHasWhenTheFileIsBroken() throws Exception {
        Files.writeString(keys(), "{");
        Files.setLastModifiedTime(keys(), FileTime.from(Instant.now().plusSeconds(5)));

        identity.check();

        assertThat(identity.playerId(hello(token(key, claims -> {})), "")).isEqualTo("ada@example");
    }
}
