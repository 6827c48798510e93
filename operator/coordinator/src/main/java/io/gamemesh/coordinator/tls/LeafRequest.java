package io.gamemesh.coordinator.tls;

import java.time.Duration;
import java.util.List;

/**
 * What a leaf certificate shall say.
 *
 * @param commonName the subject's common name, 1 to 64 characters; no one checks it, people read it
 * @param dnsNames   the names it is valid for, at least one
 * @param validity   how long from its issue, positive
 */
public record LeafRequest(String commonName, List<String> dnsNames, Duration validity) {

    /** The longest common name that X.520 allows. */
    private static final int LONGEST_COMMON_NAME = 64;

    /** Checks the bounds; a common name that is too long is cut, since only people read it. */
    public LeafRequest {
        commonName =
                commonName.length() > LONGEST_COMMON_NAME ? commonName.substring(0, LONGEST_COMMON_NAME) : commonName;
        dnsNames = List.copyOf(dnsNames);
        if (commonName.isBlank()) {
            throw new IllegalArgumentException("common name: expected 1 to 64 characters, got none");
        }
        if (dnsNames.isEmpty()) {
            throw new IllegalArgumentException(
                    "leaf certificate " + commonName + ": expected at least one DNS name, got none");
        }
        if (!validity.isPositive()) {
            throw new IllegalArgumentException(
                    "leaf certificate " + commonName + ": expected a positive validity, got " + validity);
        }
    }
}
