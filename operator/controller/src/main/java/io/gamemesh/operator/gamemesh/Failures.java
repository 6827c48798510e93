package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowReconcileResult;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says for people why dependents could not be written. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static List<String> of(WorkflowReconcileResult result) {
        List<String> failures = new ArrayList<>();
        result.getErroredDependents().forEach((dependent, failure) -> failures.add(describe(dependent, failure)));
        return failures.stream().sorted().toList();
    }

    private static String describe(DependentResource<?, ?> dependent, Exception failure) {
        LOG.atWarn()
                .addKeyValue("dependent", dependent.name())
                .setCause(failure)
                .log("dependent not written");
        String kind = dependent.resourceType().getSimpleName();
        return failure instanceof KubernetesClientException refused && refused.getStatus() != null
                ? kind + ": " + refused.getStatus().getMessage()
                : kind + ": " + failure.getMessage();
    }
}
