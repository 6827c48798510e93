package io.gamemesh.simulation;

/** What can go wrong, or be changed by a user. */
public enum Fault {
    /** The operator's process ends at once. */
    OPERATOR_KILLED,
    /** Another operator is elected while the one before still believes that it leads. */
    LEADER_REPLACED,
    /** An operator stands still and then goes on with what it was about to do. */
    OPERATOR_PAUSED,
    /** A game server's process ends at once. */
    SERVER_KILLED,
    /** A game server's process stands still. */
    SERVER_PAUSED,
    /** A pod is deleted with its grace period. */
    POD_DELETED,
    /** A pod's object is deleted at once while its process runs on. */
    POD_FORCE_DELETED,
    /** A stream between a server and an operator breaks. */
    STREAM_BROKEN,
    /** The API server answers nobody. */
    API_OUTAGE,
    /** What an operator sees of the API server's objects is out of date. */
    WATCH_STALLED,
    /** Links between game servers lose messages. */
    PEERS_CUT_OFF,
    /** A game server's process stands still in the middle of a tick, once it has found that it may act. */
    SERVER_PAUSED_IN_A_TICK,
    /** The authority of a region ends at once, and all that have a copy in sync. */
    REGION_KILLED,
    /** Some of all processes do not reach the others. */
    PARTITIONED,
    /** One process does not reach another, which reaches it. */
    CUT_ONE_WAY,
    /** One server reaches nobody. */
    SERVER_CUT_OFF,
    /** The number of servers is changed. */
    SCALED,
    /** A region is deleted by a user. */
    REGION_DELETED,
    /** A region is pinned or unpinned by a user. */
    PIN_CHANGED,
    /** A user declares a process dead that runs and that the mesh does not miss, or that there has never been. */
    DECLARED_DEAD_WRONGLY,
    /** Somebody else writes the mesh's status. */
    MESH_TOUCHED
}
