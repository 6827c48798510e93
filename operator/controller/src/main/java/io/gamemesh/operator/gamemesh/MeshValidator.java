package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks of a spec that the schema and CEL cannot make. A pure function. */
final class MeshValidator {

    private static final String TEMPLATE = "spec.servers.template";

    /** Volumes of the operator's own: a template that replaced one would take keys or configuration away. */
    private static final Set<String> OWN_VOLUMES =
            Set.of("config", "coordinator-ca", "secret", "token", "jwt", "store");

    private MeshValidator() {}

    static Validity validate(GameMeshSpec spec) {
        List<String> problems = new ArrayList<>();
        ResourceRequirements resources = spec.servers().resources();
        if (resources != null) {
            requestsWithinLimits("spec.servers.resources", resources, problems);
        }
        PodTemplateSpec template = spec.servers().template();
        if (template != null) {
            template(template, problems);
        }
        return new Validity(problems);
    }

    private static void template(PodTemplateSpec template, List<String> problems) {
        if (template.getMetadata() != null) {
            labels(template.getMetadata().getLabels(), problems);
        }
        if (template.getSpec() == null) {
            return;
        }
        privileges(template.getSpec(), problems);
        for (Volume volume : template.getSpec().getVolumes()) {
            if (OWN_VOLUMES.contains(volume.getName())) {
                problems.add(TEMPLATE + ".spec.volumes: \"" + volume.getName()
                        + "\" is a volume of the operator's own; choose another name");
            }
        }
        for (Container container : template.getSpec().getContainers()) {
            container(container, problems);
        }
    }

    /**
     * Who may create a mesh need not be allowed to create pods, so a template gives none of what pods of the operator's
     * making do not have: another account, or a way to the node.
     */
    private static void privileges(PodSpec pod, List<String> problems) {
        if (pod.getServiceAccountName() != null || pod.getServiceAccount() != null) {
            problems.add(TEMPLATE + ".spec.serviceAccountName: servers run as an account of their own without"
                    + " permissions; leave it out");
        }
        Map<String, @Nullable Boolean> shared = new LinkedHashMap<>();
        shared.put("hostNetwork", pod.getHostNetwork());
        shared.put("hostPID", pod.getHostPID());
        shared.put("hostIPC", pod.getHostIPC());
        shared.forEach((field, value) -> {
            if (Boolean.TRUE.equals(value)) {
                problems.add(TEMPLATE + ".spec." + field + ": servers share nothing with their node; leave it out"
                        + " (for ports of the node see spec.servers.exposure)");
            }
        });
        for (Volume volume : pod.getVolumes()) {
            if (volume.getHostPath() != null) {
                problems.add(TEMPLATE + ".spec.volumes: \"" + volume.getName() + "\" is a path of the node, "
                        + volume.getHostPath().getPath() + "; expected another kind of volume");
            }
        }
        Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .filter(container -> container.getSecurityContext() != null
                        && Boolean.TRUE.equals(container.getSecurityContext().getPrivileged()))
                .forEach(container -> problems.add(TEMPLATE + ".spec: container \"" + container.getName()
                        + "\" is privileged, which is as much as being the node; leave it out"));
    }

    private static void labels(@Nullable Map<String, String> labels, List<String> problems) {
        if (labels == null) {
            return;
        }
        for (String key : List.of(MeshLabels.NAME, MeshLabels.INSTANCE, MeshLabels.COMPONENT, MeshLabels.MANAGED_BY)) {
            if (labels.containsKey(key)) {
                problems.add(TEMPLATE + ".metadata.labels: " + key + "=" + labels.get(key)
                        + " is a label that pods are selected by; leave it out");
            }
        }
    }

    private static void container(Container container, List<String> problems) {
        String where = TEMPLATE + ".spec.containers[" + container.getName() + "]";
        if (container.getResources() != null) {
            requestsWithinLimits(where + ".resources", container.getResources(), problems);
        }
        if (!ServerPod.CONTAINER.equals(container.getName())) {
            if (container.getImage() == null || container.getImage().isBlank()) {
                problems.add(where + ": a container of your own needs an image; the game server's is called "
                        + ServerPod.CONTAINER);
            }
            return;
        }
        if (container.getTerminationMessagePath() != null || container.getTerminationMessagePolicy() != null) {
            problems.add(where + ": terminationMessagePath and terminationMessagePolicy cannot be changed:"
                    + " a failed server is recognised by its termination message");
        }
        if (!container.getPorts().isEmpty()) {
            problems.add(where + ".ports: the game server's ports cannot be changed; see spec.servers.exposure");
        }
    }

    private static void requestsWithinLimits(String where, ResourceRequirements resources, List<String> problems) {
        Map<String, Quantity> requests = resources.getRequests();
        Map<String, Quantity> limits = resources.getLimits();
        if (requests == null || limits == null) {
            return;
        }
        requests.forEach((resource, request) -> {
            Quantity limit = limits.get(resource);
            if (limit != null && bytes(request).compareTo(bytes(limit)) > 0) {
                problems.add(where + ".requests." + resource + ": " + request + " is above the limit, " + limit
                        + "; expected at most that");
            }
        });
    }

    private static BigDecimal bytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity);
    }
}
