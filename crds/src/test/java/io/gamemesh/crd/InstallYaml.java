package io.gamemesh.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.stream.Collectors;

/** The one file that installs Gamemesh: what {@code kubectl kustomize manifests/base} gives, in the order of the base. */
final class InstallYaml {

    private static final String HEADER = """
            # All that Gamemesh needs in a cluster: kubectl apply --server-side -f install.yaml
            # Generated from manifests/base.
            """;

    private InstallYaml() {}

    static String generate() {
        var base = Project.ROOT.resolve("manifests/base");
        var kustomization = new KubernetesSerialization()
                .unmarshal(Project.read(base.resolve("kustomization.yaml")), JsonNode.class);
        return kustomization
                .path("resources")
                .valueStream()
                .map(resource -> Project.read(base.resolve(resource.asText())))
                .collect(Collectors.joining("---\n", HEADER, ""));
    }
}
