package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DependentsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final PodOverlay overlay = new PodOverlay(Meshes.SERIALIZATION);

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "everything", "host-port"})
    void areWhatTheFilesSay(String name) throws IOException {
        String desired = objects(Meshes.model(name)).stream()
                .map(Meshes.SERIALIZATION::asYaml)
                .collect(Collectors.joining());

        Path file = GOLDEN.resolve(name + ".yaml");
        if (Boolean.getBoolean("gamemesh.regenerate")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, desired);
        }
        assertThat(desired).isEqualTo(Files.readString(file));
    }

    @Test
    void keepServicesOfServersThatAreStillStopping() {
        MeshModel wanted = Meshes.model("defaults");
        MeshModel shrinking = new MeshModel(
                wanted.names(), wanted.spec(), 1, 3, wanted.defaultImage(), wanted.coordinatorEndpoint(), "");

        assertThat(PlayersServices.of(shrinking)).containsOnlyKeys("demo-0", "demo-1", "demo-2");
        assertThat(ServerStatefulSet.of(shrinking, overlay).getSpec().getReplicas())
                .isEqualTo(1);
    }

    @Test
    void changeThePodTemplateWithTheConfigurationAndNotWithTheNumberOfServers() {
        MeshModel before = Meshes.model("defaults");
        MeshModel more = new MeshModel(
                before.names(), before.spec(), 5, 5, before.defaultImage(), before.coordinatorEndpoint(), "");
        MeshModel faster = Meshes.model("everything");

        assertThat(template(more)).isEqualTo(template(before));
        assertThat(template(faster).getMetadata().getAnnotations().get(ServerStatefulSet.CONFIG_CHECKSUM))
                .isNotEqualTo(template(before).getMetadata().getAnnotations().get(ServerStatefulSet.CONFIG_CHECKSUM));
    }

    private PodTemplateSpec template(MeshModel model) {
        return ServerStatefulSet.of(model, overlay).getSpec().getTemplate();
    }

    /** All but the Secret, which is different each time. */
    private List<HasMetadata> objects(MeshModel model) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(ServerAccount.of(model));
        objects.add(MeshConfigMap.of(model, "mesh authority\n", "{}"));
        objects.add(ServersService.of(model));
        objects.add(QueryService.of(model));
        objects.addAll(new TreeMap<>(PlayersServices.of(model)).values());
        objects.add(ServerDisruptionBudget.of(model));
        objects.add(ServerStatefulSet.of(model, overlay));
        return objects;
    }
}
