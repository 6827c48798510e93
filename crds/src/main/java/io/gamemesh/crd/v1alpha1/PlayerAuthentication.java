package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may play. */
public enum PlayerAuthentication {
    /** Anyone, under the name of their choice. */
    @JsonProperty("Open")
    OPEN,

    /** Those who show a JSON Web Token of the issuer. */
    @JsonProperty("JWT")
    JWT
}
