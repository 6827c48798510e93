package io.gamemesh.cluster.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.gamemesh.cluster.ClusterTest;
import io.gamemesh.cluster.TestCluster;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one file that installs Gamemesh is one that the API server takes. */
@ClusterTest(operator = false)
class InstallYamlIT {

    private static final String FIELD_MANAGER = "install-yaml-it";

    @Test
    void isTakenWhole(TestCluster cluster) throws Exception {
        List<HasMetadata> objects;
        try (var yaml = Files.newInputStream(TestCluster.project().resolve("manifests/install.yaml"))) {
            objects = cluster.client().load(yaml).items();
        }

        List<String> taken = objects.stream()
                .map(object -> cluster.client()
                        .resource(object)
                        .dryRun()
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply())
                .map(HasMetadata::getKind)
                .toList();

        assertThat(taken)
                .contains("CustomResourceDefinition", "Namespace", "ServiceAccount", "ClusterRole", "Deployment");
    }
}
