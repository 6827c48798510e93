package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says for people why dependents could not be written. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static List<String> of(AggregatedOperatorException failed) {
        return failed.getAggregatedExceptions().entrySet().stream()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .sorted()
                .toList();
    }

    private static String describe(String dependent, Exception failure) {
        LOG.atWarn().addKeyValue("dependent", dependent).setCause(failure).log("dependent not written");
        return failure instanceof KubernetesClientException refused && refused.getStatus() != null
                ? dependent + ": " + refused.getStatus().getMessage()
                : dependent + ": " + failure.getMessage();
    }
}
