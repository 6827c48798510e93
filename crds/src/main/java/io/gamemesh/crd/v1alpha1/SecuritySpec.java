package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Who may play.
 *
 * @param players anyone, or those with a token
 * @param jwt which tokens; needed with {@code JWT}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.players != 'JWT' || has(self.jwt)",
        fieldPath = ".jwt",
        message = "players: JWT needs jwt with issuer, audience and jwksSecretRef")
public record SecuritySpec(
        @JsonPropertyDescription(
                "Open: anyone may play, under a name of their choice. JWT: a player must show a JSON Web "
                        + "Token as jwt says.")
        @Default("Open")
        PlayerAuthentication players,

        @JsonPropertyDescription("Which tokens are accepted; needed with players: JWT.") @Nullable JwtSpec jwt) {

    public SecuritySpec {
        players = requireNonNullElse(players, PlayerAuthentication.OPEN);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    SecuritySpec() {
        this(null, null);
    }
}
