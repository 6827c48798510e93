package io.gamemesh.coordinator;

/** Says which game server a bearer token belongs to. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface Authenticator {

    /** The audience that a game server's projected service-account token must name. */
    String AUDIENCE = "gamemesh-coordinator";

    /**
     * Checks a token; may block for as long as the API server takes.
     *
     * @param token the token, without "Bearer"
     * @return whose it is, if anyone's
     */
    Authentication authenticate(String token);
}
