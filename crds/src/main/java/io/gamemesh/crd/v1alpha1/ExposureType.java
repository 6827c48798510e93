package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How players outside the cluster reach a game server. */
public enum ExposureType {
    /** A service of type NodePort for each pod; the API server picks the port. */
    @JsonProperty("NodePort")
    NODE_PORT,

    /** A service of type LoadBalancer for each pod. */
    @JsonProperty("LoadBalancer")
    LOAD_BALANCER,

    /** Port 7777 of the node itself, so that there is at most one game server a node. */
    @JsonProperty("HostPort")
    HOST_PORT
}
