package io.gamemesh.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a copy of what the bundle is made of, so that some of it can be wrong. */
class BundleMakerTest {

    private static final Path PROJECT = Path.of("..");
    private static final String START = "olm-bundle/bundle/manifests/gamemesh-operator.clusterserviceversion.yaml";
    private static final String ROLE = "manifests/base/operator-role.yaml";
    private static final Release RELEASE = new Release("1.2.3", Optional.empty(), "operator", "server");

    @TempDir
    private Path project;

    @BeforeEach
    void copiesTheSources() throws IOException {
        for (String folder : List.of("manifests/base", "crds/samples", "crds/src/test/valid", "olm-bundle/bundle")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = project.resolve(PROJECT.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        Files.copy(PROJECT.resolve("olm-bundle/icon.svg"), project.resolve("olm-bundle/icon.svg"));
    }

    @Test
    void takesPermissionsFromTheManifests() {
        JsonNode install = csv().at("/spec/install/spec");

        List<ObjectNode> roles = Yaml.objects(project.resolve(ROLE));
        assertThat(install.at("/clusterPermissions/0/rules"))
                .isNotEmpty()
                .isEqualTo(roles.getFirst().path("rules"));
        assertThat(install.at("/permissions/0/rules"))
                .isNotEmpty()
                .isEqualTo(roles.get(2).path("rules"));
        assertThat(install.at("/clusterPermissions/0/serviceAccountName").asText())
                .isEqualTo("gamemesh-operator");
    }

    @Test
    void takesTheDeploymentFromTheManifests() throws IOException {
        replace("manifests/base/deployment.yaml", "replicas: 2", "replicas: 5");

        assertThat(csv().at("/spec/install/spec/deployments/0/spec/replicas").asInt())
                .isEqualTo(5);
    }

    @Test
    void describesBothKindsAndWhatComesOfThem() {
        JsonNode owned = csv().at("/spec/customresourcedefinitions/owned");

        assertThat(owned).extracting(kind -> kind.path("kind").asText()).containsExactly("GameMesh", "Region");
        assertThat(owned).allSatisfy(kind -> {
            assertThat(kind.path("specDescriptors")).isNotEmpty();
            assertThat(kind.path("statusDescriptors")).isNotEmpty();
        });
        assertThat(owned.path(0).path("resources"))
                .extracting(resource -> resource.path("kind").asText())
                .contains("StatefulSet", "Service", "Region", "Pod");
    }

    @Test
    void showsEverySampleAsAnExampleTheDemoFirst() throws IOException {
        JsonNode examples = Yaml.MAPPER.readTree(
                csv().at("/metadata/annotations/alm-examples").asText());

        try (Stream<Path> samples = Files.list(project.resolve("crds/samples"))) {
            long count = samples.filter(file -> file.toString().endsWith(".yaml"))
                    .mapToLong(file -> Yaml.objects(file).size())
                    .sum();
            assertThat(examples).hasSize((int) count + 1);
        }
        assertThat(examples.at("/0/metadata/name").asText()).isEqualTo("demo");
    }

    @Test
    void leavesNamespacesToTheLifecycleManager() {
        assertThat(new BundleMaker(project)
                        .make(project.resolve(START), RELEASE)
                        .objects())
                .allSatisfy(object -> assertThat(object.at("/metadata").has("namespace"))
                        .as(Manifests.name(object))
                        .isFalse());
    }

    @Test
    void asksForTheNameOfAKindThatTheOperatorHasBegunToMake() throws IOException {
        replace(ROLE, "resources: [statefulsets]", "resources: [statefulsets, cronjobs]");

        assertThatThrownBy(this::csv)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of which kind are the cronjobs");
    }

    @Test
    void refusesABindingThatGivesTheRoleToOthersToo() throws IOException {
        replace(
                ROLE,
                "  namespace: gamemesh-system\n---",
                "  namespace: gamemesh-system\n- kind: Group\n  name: everybody\n---");

        assertThatThrownBy(this::csv)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ClusterRoleBinding must bind the operator's account gamemesh-operator alone");
    }

    @Test
    void refusesABindingOfARoleThatIsNotThere() throws IOException {
        replace(ROLE, "  kind: Role\n  name: gamemesh-operator", "  kind: Role\n  name: gamemesh-election");

        assertThatThrownBy(this::csv)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no \"Role\" \"gamemesh-election\" in the manifests");
    }

    @Test
    void refusesMoreThanOneDeployment() throws IOException {
        String deployment = Files.readString(project.resolve("manifests/base/deployment.yaml"));
        Files.writeString(project.resolve("manifests/base/deployment.yaml"), deployment + "---\n" + deployment);

        assertThatThrownBy(this::csv)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected one Deployment in the manifests, not 2");
    }

    @Test
    void refusesAStartThatDoesNotSayWhoMaintainsIt() throws IOException {
        replace(START, "\n  maintainers:", "\n  maintained:");

        assertThatThrownBy(this::csv)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the start of the bundle lacks spec.maintainers");
    }

    private JsonNode csv() {
        return new BundleMaker(project)
                .make(project.resolve(START), RELEASE)
                .objects()
                .getFirst();
    }

    private void replace(String file, String before, String after) throws IOException {
        String content = Files.readString(project.resolve(file));
        assertThat(content).contains(before);
        Files.writeString(project.resolve(file), content.replace(before, after));
    }
}
