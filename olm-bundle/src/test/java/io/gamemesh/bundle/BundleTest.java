package io.gamemesh.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

    private static final Path FOLDER = Path.of("bundle");
    private static final Release NEXT =
            new Release("9.9.9-rc.1", Optional.of("9.9.8"), "example.com/operator:9", "example.com/server:9");

    @Test
    void writesWhatItHasRead() throws IOException {
        Bundle bundle = Bundle.read(FOLDER);

        assertThat(bundle.files()).isNotEmpty();
        for (var file : bundle.files().entrySet()) {
            assertThat(FOLDER.resolve(file.getKey())).hasContent(file.getValue());
        }
    }

    @Test
    void hasItsVersionWhereverOneIsSaid() {
        Bundle bundle = Bundle.read(FOLDER).release(NEXT);

        JsonNode csv = csv(bundle);
        assertThat(bundle.name()).isEqualTo("gamemesh-operator.v9.9.9-rc.1");
        assertThat(bundle.version()).isEqualTo("9.9.9-rc.1");
        assertThat(csv.at("/spec/replaces").asText()).isEqualTo("gamemesh-operator.v9.9.8");
        assertThat(pod(csv).at("/metadata/labels").path("app.kubernetes.io/version"))
                .hasToString("\"9.9.9-rc.1\"");
    }

    @Test
    void namesItsImagesWhereverTheyAreSaid() {
        JsonNode csv = csv(Bundle.read(FOLDER).release(NEXT));

        assertThat(csv.at("/metadata/annotations/containerImage").asText()).isEqualTo("example.com/operator:9");
        assertThat(pod(csv).at("/spec/containers/0/image").asText()).isEqualTo("example.com/operator:9");
        assertThat(pod(csv).at("/spec/containers/0/env"))
                .filteredOn(variable -> variable.path("name").asText().equals("GAMEMESH_SERVER_IMAGE"))
                .singleElement()
                .satisfies(
                        variable -> assertThat(variable.path("value").asText()).isEqualTo("example.com/server:9"));
        assertThat(csv.at("/spec/relatedImages"))
                .extracting(image -> image.path("image").asText())
                .containsExactly("example.com/operator:9", "example.com/server:9");
    }

    @Test
    void replacesNothingIfItIsTheFirst() {
        Bundle later = Bundle.read(FOLDER).release(NEXT);

        Bundle first = later.release(new Release("1.0.0", Optional.empty(), "operator", "server"));

        assertThat(csv(first).at("/spec").has("replaces")).isFalse();
    }

    @Test
    void staysAsItIsWhenAnotherIsMadeOfIt() {
        Bundle bundle = Bundle.read(FOLDER);
        var files = bundle.files();

        bundle.release(NEXT);
        bundle.withDeployment("", "progressDeadlineSeconds", 20);

        assertThat(bundle.files()).isEqualTo(files);
    }

    @Test
    void changesItsDeploymentAsATestAsks() {
        Bundle changed = Bundle.read(FOLDER).withDeployment("", "progressDeadlineSeconds", 20);

        assertThat(csv(changed)
                        .at("/spec/install/spec/deployments/0/spec/progressDeadlineSeconds")
                        .asInt())
                .isEqualTo(20);
    }

    @Test
    void refusesAFolderWithoutAVersion(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("manifests"));
        Files.writeString(folder.resolve("manifests/service.yaml"), "kind: Service\n");

        assertThatThrownBy(() -> Bundle.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(folder.toString(), "no ClusterServiceVersion");
    }

    @Test
    void refusesAFileThatIsNoObject(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("manifests"));
        Files.writeString(folder.resolve("manifests/list.yaml"), "- one\n- two\n");

        assertThatThrownBy(() -> Bundle.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("list.yaml", "objects only");
    }

    private static JsonNode csv(Bundle bundle) {
        return bundle.objects().getFirst();
    }

    private static JsonNode pod(JsonNode csv) {
        return csv.at("/spec/install/spec/deployments/0/spec/template");
    }
}
