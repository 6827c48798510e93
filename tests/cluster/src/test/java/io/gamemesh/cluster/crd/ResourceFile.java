package io.gamemesh.cluster.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.cluster.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A YAML file with the successive states of one resource, and what the API server is expected to say of the last.
 *
 * @param name for the test report
 * @param states one document each; the last one is what the file is about
 * @param expected from the lines {@code # expected: MESSAGE}, each a part of the API server's answer
 */
record ResourceFile(String name, List<GenericKubernetesResource> states, List<String> expected) {

    private static final String EXPECTED = "# expected: ";

    /** All files in a folder of {@code crds} and below it, by name. */
    static Stream<ResourceFile> in(String folder) {
        Path root = TestCluster.project().resolve("crds").resolve(folder);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream()
                    .map(file -> read(root, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResourceFile read(Path root, Path file) {
        try {
            String text = Files.readString(file);
            return new ResourceFile(
                    root.relativize(file).toString(),
                    Arrays.stream(text.split("(?m)^---$", -1))
                            .map(state -> Serialization.unmarshal(state, GenericKubernetesResource.class))
                            .toList(),
                    text.lines()
                            .filter(line -> line.startsWith(EXPECTED))
                            .map(line -> line.substring(EXPECTED.length()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<GenericKubernetesResource> earlier() {
        return states.subList(0, states.size() - 1);
    }

    GenericKubernetesResource last() {
        return states.getLast();
    }

    @Override
    public String toString() {
        return name;
    }
}
