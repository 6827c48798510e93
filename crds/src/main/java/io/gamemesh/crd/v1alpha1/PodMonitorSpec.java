package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/**
 * The Prometheus Operator's PodMonitor for the game servers.
 *
 * @param enabled made where the cluster knows the kind, unless false
 * @param intervalSeconds between two scrapes
 * @param labels by which a Prometheus selects it
 */
public record PodMonitorSpec(
        @JsonPropertyDescription("Whether a PodMonitor is made, where the cluster has that kind.") @Default("true")
        Boolean enabled,

        @JsonPropertyDescription("Seconds between two scrapes.") @Default("15") @Min(1) @Max(3600) Integer intervalSeconds,

        @JsonPropertyDescription("Labels of the PodMonitor, by which a Prometheus selects it.") @Size(max = 64) Map<String, String> labels) {

    public PodMonitorSpec {
        enabled = requireNonNullElse(enabled, true);
        intervalSeconds = requireNonNullElse(intervalSeconds, 15);
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    PodMonitorSpec() {
        this(null, null, null);
    }
}
