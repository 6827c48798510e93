package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Which JSON Web Tokens let a player in (RFC 7519).
 *
 * @param issuer the {@code iss} claim
 * @param audience the {@code aud} claim
 * @param jwksSecretRef the issuer's public keys as a JSON Web Key Set (RFC 7517)
 */
public record JwtSpec(
        @JsonPropertyDescription("What the token's iss claim must be.") @Required @Size(min = 1, max = 1024) String issuer,

        @JsonPropertyDescription("What the token's aud claim must hold.") @Required @Size(min = 1, max = 1024) String audience,

        @JsonPropertyDescription("Secret key that holds the issuer's public keys as a JSON Web Key Set.") @Required
        SecretKeyReference jwksSecretRef) {}
