package io.gamemesh.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is generated and checked in is what the model says now. */
class GeneratedFilesTest {

    @Test
    void customResourceDefinitionsAreCurrent() throws IOException {
        var generated = CustomResourceDefinitions.generate(Project.ROOT.resolve("crds/target/crds"));

        for (var file : generated.entrySet()) {
            assertCurrent("manifests/base/crds/" + file.getKey(), file.getValue());
        }
    }

    @Test
    void theReferencePageIsCurrent() throws IOException {
        var generated = CustomResourceDefinitions.generate(Project.ROOT.resolve("crds/target/reference-crds"));

        assertCurrent("docs/reference/api.md", ReferencePage.generate(generated.values()));
    }

    @Test
    void theInstallYamlIsCurrent() throws IOException {
        assertCurrent("manifests/install.yaml", InstallYaml.generate());
    }

    private static void assertCurrent(String file, String generated) throws IOException {
        var checkedIn = Project.ROOT.resolve(file);
        if (Boolean.getBoolean("gamemesh.regenerate")) {
            Files.createDirectories(checkedIn.getParent());
            Files.writeString(checkedIn, generated);
        }
        assertThat(checkedIn)
                .as("%s is generated: write it anew with mvn -pl crds test -Dgamemesh.regenerate=true", file)
                .hasContent(generated);
    }
}
