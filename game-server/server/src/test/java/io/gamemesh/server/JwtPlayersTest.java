package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameClientException;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh with {@code players: JWT}, joined over real QUIC with the real client. */
class JwtPlayersTest {
    private static final String ISSUER = "https://login.example";
    private static final String AUDIENCE = "demo";

    private final EllipticCurveJsonWebKey issuersKey = key();

    @TempDir
    Path directory;

    private TestMesh mesh;

    JwtPlayersTest() throws JoseException {}

    @BeforeEach
    void startAServerThatAsksForTokens() throws Exception {
        Path keys = Files.writeString(directory.resolve("jwks.json"), new JsonWebKeySet(issuersKey).toJson());
        mesh = new TestMesh(
                directory,
                1,
                Map.of(
                        "gamemesh.security.players",
                        "JWT",
                        "gamemesh.security.jwt.issuer",
                        ISSUER,
                        "gamemesh.security.jwt.audience",
                        AUDIENCE,
                        "gamemesh.security.jwt.jwks-file",
                        keys.toString()));
        mesh.startAll(0);
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    private static EllipticCurveJsonWebKey key() throws JoseException {
        EllipticCurveJsonWebKey made = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        made.setKeyId("issuer");
        return made;
    }

    private static String token(EllipticCurveJsonWebKey signer, String audience, String subject) throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(audience);
        claims.setSubject(subject);
        claims.setExpirationTimeMinutesInTheFuture(5);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(signer.getPrivateKey());
        signature.setKeyIdHeaderValue(signer.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        return signature.getCompactSerialization();
    }

    private CompletableFuture<GameClient> joining(Optional<String> token) {
        GameClient.Builder builder = mesh.builder(0).name("Ada");
        token.ifPresent(builder::token);
        return builder.connect();
    }

    private GameClient join(String token) {
        return joining(Optional.of(token)).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void assertRefused(Optional<String> token, String why) {
        assertThat(joining(token))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(GameClientException.class, refused -> {
                    assertThat(refused.code()).contains(CloseCode.UNAUTHENTICATED);
                    assertThat(refused).hasMessageContaining(why);
                });
    }

    @Test
    void letsInThePlayerWhoIsTheSubjectOfItsToken() throws Exception {
        try (GameClient client = join(token(issuersKey, AUDIENCE, "ada@example"))) {
            assertThat(client.inspect(view -> view.world().playerId()).join()).isEqualTo("ada@example");
        }
    }

    @Test
    void letsInAPlayerWhoseIdIsAsLongAsASubjectMayBe() throws Exception {
        String subject = "a".repeat(Wire.MAX_PLAYER_ID);
        try (GameClient client = join(token(issuersKey, AUDIENCE, subject))) {
            assertThat(client.inspect(view -> view.world().playerId()).join()).isEqualTo(subject);
        }
    }

    @Test
    void takesTwoTokensOfOneSubjectForOnePlayer() throws Exception {
        try (GameClient first = join(token(issuersKey, AUDIENCE, "ada@example"));
                GameClient second = join(token(issuersKey, AUDIENCE, "ada@example"))) {
            GameClientException why = first.ended().get(20, TimeUnit.SECONDS);

            assertThat(why.code()).contains(CloseCode.REPLACED);
            assertThat(second.ended()).isNotDone();
        }
    }

    @Test
    void refusesATokenThatAnotherKeyHasSigned() throws Exception {
        assertRefused(Optional.of(token(key(), AUDIENCE, "ada@example")), "the token is not valid");
    }

    @Test
    void refusesATokenForAnotherMesh() throws Exception {
        assertRefused(Optional.of(token(issuersKey, "another mesh", "ada@example")), "the token is not valid");
    }

    @Test
    void refusesAPlayerWithoutAToken() {
        assertRefused(Optional.empty(), "no token, expected a JWT of " + ISSUER + " for " + AUDIENCE);
    }
}
