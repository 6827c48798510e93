package io.gamemesh.planner.coordinator;

/** Why the coordinator closes a server's stream. */
public enum CloseReason {
    /** This operator does not lead (any more): FAILED_PRECONDITION. */
    NOT_LEADING,
    /** A newer stream of the same process has taken its place: ABORTED. */
    REPLACED,
    /** The process is known dead: it must end. PERMISSION_DENIED. */
    KNOWN_DEAD,
    /** It broke the protocol: INVALID_ARGUMENT. */
    REFUSED,
    /** There are more servers than a mesh may have: RESOURCE_EXHAUSTED. */
    TOO_MANY,
    /** The mesh is gone: NOT_FOUND. */
    MESH_GONE
}
