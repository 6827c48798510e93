package io.gamemesh.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is generated and checked in is what the model says now. */
class GeneratedFilesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void customResourceDefinitionsAreCurrent() throws IOException {
        var generated = CustomResourceDefinitions.generate(ROOT.resolve("crds/target/crds"));

        assertCurrent(ROOT.resolve("manifests/base/crds"), generated);
    }

    private static void assertCurrent(Path directory, Map<String, String> generated) throws IOException {
        for (var file : generated.entrySet()) {
            var checkedIn = directory.resolve(file.getKey());
            if (Boolean.getBoolean("gamemesh.regenerate")) {
                Files.createDirectories(directory);
                Files.writeString(checkedIn, file.getValue());
            }
            assertThat(checkedIn)
                    .as(
                            "%s is generated: after a change of the model run mvn -pl crds test -Dgamemesh.regenerate=true",
                            ROOT.relativize(checkedIn))
                    .hasContent(file.getValue());
        }
    }
}
