package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * The data stores behind the world, each optional.
 *
 * @param postgres keeps the world; without it the world lives as long as its servers
 * @param redis carries topics and sessions; never on the path of correctness
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoresSpec(
        @JsonPropertyDescription(
                "A PostgreSQL-wire database that keeps the world. Without it the world lasts as long as its servers.")
        @Nullable StoreSpec postgres,

        @JsonPropertyDescription("A Redis for topics, sessions and caching. Without it the mesh goes on, with less.")
        @Nullable StoreSpec redis) {}
