package io.gamemesh.coordinator;

/** The outcome of checking a token. */
public sealed interface Authentication {

    /**
     * The token is a game server's.
     *
     * @param caller which one
     */
    record Accepted(Caller caller) implements Authentication {}

    /**
     * The token is not a game server's.
     *
     * @param reason why, for people; tells nothing that the caller does not know
     */
    record Refused(String reason) implements Authentication {}

    /**
     * It cannot be told right now; the caller may try again.
     *
     * @param reason why, for people
     */
    record Unavailable(String reason) implements Authentication {}
}
