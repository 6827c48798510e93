package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Where to find the mesh.
 *
 * @param players host:port (UDP) of a server that new players can join; any ready one will do
 * @param query host:port (TCP) inside the cluster that answers JSON queries
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Endpoints(
        @JsonPropertyDescription("host:port (UDP) of a server that players outside the cluster can join.") @Nullable String players,

        @JsonPropertyDescription("host:port (TCP) inside the cluster that answers JSON queries.") @Nullable String query) {}
