package io.gamemesh.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {

    private final Bundle first = version("1.0.0", Optional.empty());
    private final Bundle second = version("1.1.0", Optional.of("1.0.0"));

    @TempDir
    private Path folder;

    @Test
    void hasOnePackageWithOneChannel() throws IOException {
        List<ObjectNode> documents = documents(new Catalog(List.of(first, second)));

        assertThat(documents)
                .extracting(document -> document.path("schema").asText())
                .containsExactly("olm.package", "olm.channel", "olm.bundle", "olm.bundle");
        assertThat(documents.getFirst().path("defaultChannel").asText()).isEqualTo("stable");
        assertThat(documents.get(1).path("name").asText()).isEqualTo("stable");
    }

    @Test
    void leadsFromEachVersionToTheNext() throws IOException {
        JsonNode channel = documents(new Catalog(List.of(first, second))).get(1);

        assertThat(channel.path("entries"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"name\":\"gamemesh-operator.v1.0.0\"}",
                        "{\"name\":\"gamemesh-operator.v1.1.0\",\"replaces\":\"gamemesh-operator.v1.0.0\"}");
    }

    @Test
    void holdsTheObjectsThemselves() throws IOException {
        JsonNode bundle = documents(new Catalog(List.of(first, second))).getLast();

        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode property : bundle.path("properties")) {
            if (property.path("type").asText().equals("olm.bundle.object")) {
                byte[] data =
                        Base64.getDecoder().decode(property.at("/value/data").asText());
                objects.add(Yaml.MAPPER.readTree(data));
            }
        }
        assertThat(objects).hasSameSizeAs(second.objects()).containsAll(second.objects());
    }

    @Test
    void saysWhichKindsAndWhichVersionItProvides() throws IOException {
        JsonNode properties =
                documents(new Catalog(List.of(first, second))).getLast().path("properties");

        assertThat(properties)
                .filteredOn(property -> property.path("type").asText().equals("olm.gvk"))
                .extracting(property -> property.at("/value/kind").asText())
                .containsExactly("GameMesh", "Region");
        assertThat(properties)
                .filteredOn(property -> property.path("type").asText().equals("olm.package"))
                .singleElement()
                .satisfies(property ->
                        assertThat(property.at("/value/version").asText()).isEqualTo("1.1.0"));
    }

    private List<ObjectNode> documents(Catalog catalog) throws IOException {
        return Yaml.objects(Files.writeString(folder.resolve("catalog.yaml"), catalog.yaml()));
    }

    private static Bundle version(String version, Optional<String> replaces) {
        return Bundle.read(Path.of("bundle")).release(new Release(version, replaces, "operator", "server"));
    }
}
