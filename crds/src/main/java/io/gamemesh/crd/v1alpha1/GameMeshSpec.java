package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for: a world and the servers that run it. Everything has a default, so {@code spec: {}} is a whole,
 * unbounded world on three servers.
 *
 * @param world what it is made from and how it is divided
 * @param servers the game servers
 * @param autoscaling whether the operator chooses their number
 * @param failover heartbeats and leases
 * @param load weights and limits of load
 * @param stores data stores; none if absent
 * @param security who may play
 * @param monitoring how the mesh is watched
 * @param deletionPolicy what becomes of the stored world on deletion
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!self.autoscaling.enabled || self.servers.replicas <= self.autoscaling.maxReplicas",
        fieldPath = ".autoscaling.maxReplicas",
        messageExpression = "'autoscaling.maxReplicas (%d) must be at least servers.replicas (%d), which is the floor'"
                + ".format([self.autoscaling.maxReplicas, self.servers.replicas])",
        message = "autoscaling.maxReplicas must be at least servers.replicas, which is the floor")
@ValidationRule(
        value = "!self.autoscaling.enabled || self.autoscaling.playersPerServer < self.servers.maxPlayers",
        fieldPath = ".autoscaling.playersPerServer",
        messageExpression =
                "'autoscaling.playersPerServer (%d) must be less than servers.maxPlayers (%d), or no server "
                        + "would ever be added'"
                        + ".format([self.autoscaling.playersPerServer, self.servers.maxPlayers])",
        message = "autoscaling.playersPerServer must be less than servers.maxPlayers, or no server would ever be added")
public record GameMeshSpec(
        @JsonPropertyDescription("The world: what it is made from and how it is divided into regions.") @Default("{}")
        WorldSpec world,

        @JsonPropertyDescription("The game servers that run the world.") @Default("{}")
        ServersSpec servers,

        @JsonPropertyDescription("Whether and how the operator chooses the number of servers.") @Default("{}")
        AutoscalingSpec autoscaling,

        @JsonPropertyDescription("How soon a failure is noticed, and how long permissions to act last.") @Default("{}")
        FailoverSpec failover,

        @JsonPropertyDescription("How load is measured, and when a server has too much.") @Default("{}")
        LoadSpec load,

        @JsonPropertyDescription("Data stores behind the world. This version does not act on redis.") @Nullable StoresSpec stores,

        @JsonPropertyDescription("Who may play.") @Default("{}")
        SecuritySpec security,

        @JsonPropertyDescription("How the mesh is watched. This version does not act on it.") @Default("{}")
        MonitoringSpec monitoring,

        @JsonPropertyDescription(
                "What becomes of the stored world and of volumes when the GameMesh is deleted: Retain keeps "
                        + "them, Delete removes them.")
        @Default("Retain")
        DeletionPolicy deletionPolicy) {

    public GameMeshSpec {
        world = requireNonNullElseGet(world, WorldSpec::new);
        servers = requireNonNullElseGet(servers, ServersSpec::new);
        autoscaling = requireNonNullElseGet(autoscaling, AutoscalingSpec::new);
        failover = requireNonNullElseGet(failover, FailoverSpec::new);
        load = requireNonNullElseGet(load, LoadSpec::new);
        security = requireNonNullElseGet(security, SecuritySpec::new);
        monitoring = requireNonNullElseGet(monitoring, MonitoringSpec::new);
        deletionPolicy = requireNonNullElse(deletionPolicy, DeletionPolicy.RETAIN);
    }

    /** All defaults: an unbounded world on three servers. */
    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    public GameMeshSpec() {
        this(null, null, null, null, null, null, null, null, null);
    }
}
