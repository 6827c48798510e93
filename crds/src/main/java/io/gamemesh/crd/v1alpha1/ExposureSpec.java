package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How players outside the cluster reach the game servers.
 *
 * @param type what makes a server reachable
 * @param advertisedHost told to players instead of the address that the cluster reports
 * @param annotations put on each player service
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExposureSpec(
        @JsonPropertyDescription(
                "NodePort: a service for each server on a port that the API server picks. LoadBalancer: a "
                        + "load balancer for each server. HostPort: port 7777 of the node, one server a node.")
        @Default("NodePort")
        ExposureType type,

        @JsonPropertyDescription(
                "Host name or IP address that players are told instead of the node's or load balancer's own.")
        @Size(min = 1, max = 253) @Pattern("^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$") @Nullable String advertisedHost,

        @JsonPropertyDescription("Annotations for the players' services, for load balancers and DNS controllers.")
        @Size(max = 64) Map<String, String> annotations) {

    public ExposureSpec {
        type = requireNonNullElse(type, ExposureType.NODE_PORT);
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    ExposureSpec() {
        this(null, null, null);
    }
}
