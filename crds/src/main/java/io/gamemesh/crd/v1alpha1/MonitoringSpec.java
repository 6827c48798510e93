package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * How the mesh is watched.
 *
 * @param podMonitor scraping by the Prometheus Operator
 */
public record MonitoringSpec(
        @JsonPropertyDescription("Scraping of the game servers by the Prometheus Operator.") @Default("{}")
        PodMonitorSpec podMonitor) {

    public MonitoringSpec {
        podMonitor = requireNonNullElseGet(podMonitor, PodMonitorSpec::new);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    MonitoringSpec() {
        this(null);
    }
}
