package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a region is in its life; {@code Splitting} and {@code Merging} are kept for live split and merge. */
public enum RegionPhase {
    /** No server has ever acted for it, or none can be named yet. */
    @JsonProperty("Pending")
    PENDING,

    /** An authority is named and has not yet reported that it acts. */
    @JsonProperty("Starting")
    STARTING,

    /** A backup in sync takes over: it acts as soon as nobody can act on what it has granted. */
    @JsonProperty("Promoting")
    PROMOTING,

    /** Its authority acts. */
    @JsonProperty("Active")
    ACTIVE,

    /** Its authority is handing it over to {@code next}. */
    @JsonProperty("Moving")
    MOVING,

    /** Being divided into eight. */
    @JsonProperty("Splitting")
    SPLITTING,

    /** Being put together with its seven siblings. */
    @JsonProperty("Merging")
    MERGING,

    /** Its authority is known dead and no server can take it. */
    @JsonProperty("Lost")
    LOST,

    /** Being deleted: its authority is asked to give it up. */
    @JsonProperty("Releasing")
    RELEASING
}
