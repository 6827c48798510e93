package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * What counts how much in a region's load score. The score is the sum of the four, in percent.
 *
 * @param players percent for as many players as a server admits
 * @param thousandEntities percent for each thousand entities
 * @param cpu percent for a whole server's CPU
 * @param network percent for a whole server's bandwidth
 */
public record LoadWeights(
        @JsonPropertyDescription("Percent for as many players as one server admits (servers.maxPlayers).")
        @Default("40")
        @Min(0) @Max(1000) Integer players,

        @JsonPropertyDescription("Percent for each thousand entities.") @Default("30") @Min(0) @Max(1000) Integer thousandEntities,

        @JsonPropertyDescription("Percent for all of a server's CPU.") @Default("20") @Min(0) @Max(1000) Integer cpu,

        @JsonPropertyDescription("Percent for all of a server's bandwidth.") @Default("10") @Min(0) @Max(1000) Integer network) {

    public LoadWeights {
        players = requireNonNullElse(players, 40);
        thousandEntities = requireNonNullElse(thousandEntities, 30);
        cpu = requireNonNullElse(cpu, 20);
        network = requireNonNullElse(network, 10);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    LoadWeights() {
        this(null, null, null, null);
    }
}
