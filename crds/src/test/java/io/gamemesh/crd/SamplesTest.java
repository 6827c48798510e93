package io.gamemesh.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.Region;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model reads all that a sample says, and writes it again. */
class SamplesTest {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    static Stream<Path> files() {
        return Stream.concat(
                Project.yamlFiles("crds/samples").stream(), Project.yamlFiles("crds/src/test/valid").stream());
    }

    @ParameterizedTest
    @MethodSource("files")
    void isReadWhole(Path file) {
        for (var document : Project.read(file).split("(?m)^---$", -1)) {
            var written = SERIALIZATION.unmarshal(document, ObjectNode.class);

            var read = SERIALIZATION.unmarshal(document, type(written));

            assertContains(file.getFileName().toString(), Project.tree(read), written);
        }
    }

    private static Class<? extends HasMetadata> type(ObjectNode resource) {
        var kind = resource.path("kind").asText();
        return List.of(GameMesh.class, Region.class).stream()
                .filter(type -> type.getSimpleName().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no kind " + kind));
    }

    private static void assertContains(String path, JsonNode whole, JsonNode part) {
        if (!part.isObject()) {
            assertThat(whole).as(path).isEqualTo(part);
            return;
        }
        part.properties()
                .forEach(field ->
                        assertContains(path + "." + field.getKey(), whole.path(field.getKey()), field.getValue()));
    }
}
