package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/**
 * The game servers: a StatefulSet of pods, of which each acts for a part of the regions.
 *
 * @param image the operator's default if absent
 * @param imagePullPolicy when the kubelet pulls the image
 * @param replicas exact without autoscaling, the floor with it
 * @param tickRate ticks a second of each region
 * @param maxPlayers players whom one server admits; crossings are never refused
 * @param resources of the game-server container; the operator's default if absent
 * @param volume cache volume of each server; an emptyDir if absent
 * @param exposure how players reach the servers
 * @param template merged over the pod that the operator makes
 * @param drainTimeoutSeconds how long a stopping server may take to hand over its regions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = """
                has(self.volume) == has(oldSelf.volume) \
                && (!has(self.volume) || (has(self.volume.storageClassName) == has(oldSelf.volume.storageClassName) \
                && (!has(self.volume.storageClassName) \
                || self.volume.storageClassName == oldSelf.volume.storageClassName)))""",
        fieldPath = ".volume",
        message = "volume cannot be added, removed or given another storageClassName, as the volume claims of "
                + "a StatefulSet are immutable")
public record ServersSpec(
        @JsonPropertyDescription("Image of the game server; the one that came with the operator if absent.")
        @Size(min = 1, max = 1024) @Nullable String image,

        @JsonPropertyDescription("When the kubelet pulls the image.") @Default("IfNotPresent")
        ImagePullPolicy imagePullPolicy,

        @JsonPropertyDescription("Number of game servers; with autoscaling the least number.")
        @Default("3")
        @SpecReplicas
        @Min(1) @Max(ServersSpec.MAX_SERVERS) Integer replicas,

        @JsonPropertyDescription("Ticks a second at which regions are simulated.") @Default("20") @Min(10) @Max(90) Integer tickRate,

        @JsonPropertyDescription(
                "Players that one server admits. A full server refuses joins, never players who cross a border.")
        @Default("60")
        @Min(1) @Max(1000) Integer maxPlayers,

        @JsonPropertyDescription(
                "CPU and memory of a game server's container. By default 100m and 384Mi are requested, and "
                        + "there is no limit on CPU.")
        @Nullable ResourceRequirements resources,

        @JsonPropertyDescription("A volume for each server, as a cache. An emptyDir if absent.") @Nullable VolumeSpec volume,

        @JsonPropertyDescription("How players outside the cluster reach the servers.") @Default("{}")
        ExposureSpec exposure,

        @JsonPropertyDescription("A PodTemplateSpec that is merged over the one that the operator makes: labels, "
                + "annotations, node selector, tolerations, affinity, topology spread, sidecars, volumes. The "
                + "game server's container is called game-server.")
        @PreserveUnknownFields
        @SchemaFrom(type = ObjectNode.class)
        @Nullable PodTemplateSpec template,

        @JsonPropertyDescription(
                "Seconds that a stopping server may take to hand over its regions before it is killed.")
        @Default("60")
        @Min(5) @Max(3600) Integer drainTimeoutSeconds) {

    /** The most game servers that a mesh may have. */
    public static final int MAX_SERVERS = 100;

    public ServersSpec {
        imagePullPolicy = requireNonNullElse(imagePullPolicy, ImagePullPolicy.IF_NOT_PRESENT);
        replicas = requireNonNullElse(replicas, 3);
        tickRate = requireNonNullElse(tickRate, 20);
        maxPlayers = requireNonNullElse(maxPlayers, 60);
        exposure = requireNonNullElseGet(exposure, ExposureSpec::new);
        drainTimeoutSeconds = requireNonNullElse(drainTimeoutSeconds, 60);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    ServersSpec() {
        this(null, null, null, null, null, null, null, null, null, null);
    }
}
