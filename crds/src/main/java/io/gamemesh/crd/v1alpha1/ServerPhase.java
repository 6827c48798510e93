package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a game server is in its life. */
public enum ServerPhase {
    /** Its pod is there, its process has not registered. */
    @JsonProperty("Starting")
    STARTING,

    /** Registered, and takes regions. */
    @JsonProperty("Ready")
    READY,

    /** Silent, but not known dead: it keeps its regions. */
    @JsonProperty("Unreachable")
    UNREACHABLE,

    /** About to stop: its regions are moved off. */
    @JsonProperty("Draining")
    DRAINING,

    /** Known dead: its regions go to others. */
    @JsonProperty("Terminated")
    TERMINATED
}
