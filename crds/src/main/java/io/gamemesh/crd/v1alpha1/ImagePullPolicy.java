package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the kubelet pulls the game servers' image. */
public enum ImagePullPolicy {
    /** At each start of a container. */
    @JsonProperty("Always")
    ALWAYS,

    /** Only if the node has not got it. */
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT,

    /** Never: the image has to be on the node. */
    @JsonProperty("Never")
    NEVER
}
