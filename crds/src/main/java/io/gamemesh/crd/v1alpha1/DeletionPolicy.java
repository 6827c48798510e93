package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a world's stored data when its GameMesh is deleted. */
public enum DeletionPolicy {
    /** The stored world and the volumes stay. */
    @JsonProperty("Retain")
    RETAIN,

    /** The stored world and the volumes go too. */
    @JsonProperty("Delete")
    DELETE
}
