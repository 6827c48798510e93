package io.gamemesh.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The project's files, wherever a test runs. */
final class Project {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Project() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As JSON that was read, whatever classes the numbers had. */
    static JsonNode tree(Object value) {
        var serialization = new KubernetesSerialization();
        return serialization.unmarshal(serialization.asJson(value), JsonNode.class);
    }

    /** All YAML files in a folder and those below it, in the order of their names. */
    static List<Path> yamlFiles(String folder) {
        try (var files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
