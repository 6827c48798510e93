package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is observed of a mesh. {@code coordinator} has a field manager of its own; the operator writes the rest.
 *
 * @param observedGeneration the generation of the spec that this status is about
 * @param conditions the latest observations, by type
 * @param replicas game-server pods that exist
 * @param readyReplicas game servers that are ready
 * @param desiredReplicas game servers that the operator wants
 * @param selector label selector of the game-server pods, for autoscalers
 * @param players players in the world
 * @param regions regions of the world
 * @param readyRegions regions whose authority acts
 * @param tickRate ticks a second that the slowest server reaches
 * @param summary what kubectl get shows in one cell
 * @param endpoints where to find the mesh
 * @param coordinator what the coordinator has to remember, whoever leads
 * @param servers the game servers, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GameMeshStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Min(0) @Nullable Long observedGeneration,

        @JsonPropertyDescription("The latest observations, by type.") @Size(max = 32) List<Condition> conditions,

        @JsonPropertyDescription("Game-server pods that exist.") @StatusReplicas @Min(0) int replicas,

        @JsonPropertyDescription("Game servers that are ready.") @Min(0) int readyReplicas,

        @JsonPropertyDescription("Game servers that the operator wants, from the spec and from autoscaling.") @Min(0) int desiredReplicas,

        @JsonPropertyDescription("Label selector of the game-server pods, for autoscalers.") @LabelSelector @Nullable String selector,

        @JsonPropertyDescription("Players in the world.") @Min(0) int players,

        @JsonPropertyDescription("Regions of the world.") @Min(0) int regions,

        @JsonPropertyDescription("Regions whose authority acts.") @Min(0) int readyRegions,

        @JsonPropertyDescription("Ticks a second that the slowest server reaches; absent until one has reported.")
        @Min(0) @Nullable Integer tickRate,

        @JsonPropertyDescription("What kubectl get shows in one cell.") @Nullable Summary summary,

        @JsonPropertyDescription("Where to find the mesh.") @Nullable Endpoints endpoints,

        @JsonPropertyDescription("What the coordinator has to remember, whoever leads.") @Nullable CoordinatorStatus coordinator,

        @JsonPropertyDescription("The game servers, by name.") @Size(max = 128) List<ServerStatus> servers) {

    public GameMeshStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        servers = servers == null ? List.of() : List.copyOf(servers);
    }

    /** Nothing is known yet. */
    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    public GameMeshStatus() {
        this(null, null, 0, 0, 0, null, 0, 0, 0, null, null, null, null, null);
    }

    /** A builder that starts with this status. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes some parts of a status. Not thread-safe. */
    public static final class Builder {
        private @Nullable Long observedGeneration;
        private List<Condition> conditions;
        private int replicas;
        private int readyReplicas;
        private int desiredReplicas;
        private @Nullable String selector;
        private int players;
        private int regions;
        private int readyRegions;
        private @Nullable Integer tickRate;
        private @Nullable Summary summary;
        private @Nullable Endpoints endpoints;
        private @Nullable CoordinatorStatus coordinator;
        private List<ServerStatus> servers;

        private Builder(GameMeshStatus status) {
            observedGeneration = status.observedGeneration;
            conditions = status.conditions;
            replicas = status.replicas;
            readyReplicas = status.readyReplicas;
            desiredReplicas = status.desiredReplicas;
            selector = status.selector;
            players = status.players;
            regions = status.regions;
            readyRegions = status.readyRegions;
            tickRate = status.tickRate;
            summary = status.summary;
            endpoints = status.endpoints;
            coordinator = status.coordinator;
            servers = status.servers;
        }

        /** Sets {@code observedGeneration}: the generation of the spec that this status is about. */
        public Builder observedGeneration(@Nullable Long observedGeneration) {
            this.observedGeneration = observedGeneration;
            return this;
        }

        /** Sets {@code conditions}: the latest observations, by type. */
        public Builder conditions(List<Condition> conditions) {
            this.conditions = conditions;
            return this;
        }

        /** Sets {@code replicas}: game-server pods that exist. */
        public Builder replicas(int replicas) {
            this.replicas = replicas;
            return this;
        }

        /** Sets {@code readyReplicas}: game servers that are ready. */
        public Builder readyReplicas(int readyReplicas) {
            this.readyReplicas = readyReplicas;
            return this;
        }

        /** Sets {@code desiredReplicas}: game servers that the operator wants. */
        public Builder desiredReplicas(int desiredReplicas) {
            this.desiredReplicas = desiredReplicas;
            return this;
        }

        /** Sets {@code selector}: label selector of the game-server pods, for autoscalers. */
        public Builder selector(@Nullable String selector) {
            this.selector = selector;
            return this;
        }

        /** Sets {@code players}: players in the world. */
        public Builder players(int players) {
            this.players = players;
            return this;
        }

        /** Sets {@code regions}: regions of the world. */
        public Builder regions(int regions) {
            this.regions = regions;
            return this;
        }

        /** Sets {@code readyRegions}: regions whose authority acts. */
        public Builder readyRegions(int readyRegions) {
            this.readyRegions = readyRegions;
            return this;
        }

        /** Sets {@code tickRate}: ticks a second that the slowest server reaches. */
        public Builder tickRate(@Nullable Integer tickRate) {
            this.tickRate = tickRate;
            return this;
        }

        /** Sets {@code summary}: what kubectl get shows in one cell. */
        public Builder summary(@Nullable Summary summary) {
            this.summary = summary;
            return this;
        }

        /** Sets {@code endpoints}: where to find the mesh. */
        public Builder endpoints(@Nullable Endpoints endpoints) {
            this.endpoints = endpoints;
            return this;
        }

        /** Sets {@code coordinator}: what the coordinator has to remember, whoever leads. */
        public Builder coordinator(@Nullable CoordinatorStatus coordinator) {
            this.coordinator = coordinator;
            return this;
        }

        /** Sets {@code servers}: the game servers, by name. */
        public Builder servers(List<ServerStatus> servers) {
            this.servers = servers;
            return this;
        }

        /** The status as changed. */
        public GameMeshStatus build() {
            return new GameMeshStatus(
                    observedGeneration,
                    conditions,
                    replicas,
                    readyReplicas,
                    desiredReplicas,
                    selector,
                    players,
                    regions,
                    readyRegions,
                    tickRate,
                    summary,
                    endpoints,
                    coordinator,
                    servers);
        }
    }
}
