package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How soon a failure is noticed and for how long a permission to act lasts.
 *
 * @param backups warm copies of each region on other servers
 * @param heartbeatMillis between two heartbeats of a server
 * @param replicationLeaseMillis what a backup grants the authority with each acknowledgement
 * @param coordinatorLeaseMillis what the coordinator grants a server with each heartbeat
 */
@ValidationRule(
        value = "self.coordinatorLeaseMillis >= 2 * self.heartbeatMillis",
        fieldPath = ".coordinatorLeaseMillis",
        messageExpression =
                "'coordinatorLeaseMillis (%d) must be at least twice heartbeatMillis (%d), so that one lost "
                        + "heartbeat is survived'"
                        + ".format([self.coordinatorLeaseMillis, self.heartbeatMillis])",
        message = "coordinatorLeaseMillis must be at least twice heartbeatMillis, so that one lost heartbeat "
                + "is survived")
public record FailoverSpec(
        @JsonPropertyDescription(
                "Warm copies that each region has on other servers, as far as there are other servers.")
        @Default("1")
        @Min(0) @Max(3) Integer backups,

        @JsonPropertyDescription("Milliseconds between two heartbeats from a game server to the coordinator.")
        @Default("1000")
        @Min(100) @Max(10000) Integer heartbeatMillis,

        @JsonPropertyDescription(
                "Milliseconds for which a backup lets the authority act, from when the authority sent what "
                        + "the backup acknowledges.")
        @Default("1000")
        @Min(200) @Max(60000) Integer replicationLeaseMillis,

        @JsonPropertyDescription(
                "Milliseconds for which the coordinator lets an authority without a backup act; at least "
                        + "twice heartbeatMillis.")
        @Default("2000")
        @Min(200) @Max(60000) Integer coordinatorLeaseMillis) {

    public FailoverSpec {
        backups = requireNonNullElse(backups, 1);
        heartbeatMillis = requireNonNullElse(heartbeatMillis, 1000);
        replicationLeaseMillis = requireNonNullElse(replicationLeaseMillis, 1000);
        coordinatorLeaseMillis = requireNonNullElse(coordinatorLeaseMillis, 2000);
    }

    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    FailoverSpec() {
        this(null, null, null, null);
    }
}
