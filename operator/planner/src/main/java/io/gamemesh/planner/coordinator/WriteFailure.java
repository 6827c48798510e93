package io.gamemesh.planner.coordinator;

/** Why a write to the API server did not succeed. */
public enum WriteFailure {
    /** The object has another version than expected (409). The shell then reports the object as it is. */
    CONFLICT,
    /** The object is not there (404). */
    NOT_FOUND,
    /** It is there already (409 on a creation). */
    ALREADY_EXISTS,
    /** Refused for good: invalid or forbidden (422, 403). */
    REFUSED,
    /** Anything else, a time-out included: whether it was written is unknown. */
    UNKNOWN
}
