package io.gamemesh.operator.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.bundle.Bundle;
import io.gamemesh.bundle.BundleMaker;
import io.gamemesh.bundle.Catalog;
import io.gamemesh.bundle.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is generated and checked in is what the operator and its manifests say now. */
class BundleFilesIT {

    private static final Path PROJECT = Path.of(System.getProperty("gamemesh.project"));
    private static final Path START =
            Path.of("target/bundle/gamemesh-operator/manifests/gamemesh-operator.clusterserviceversion.yaml");
    private static final String VERSION = System.getProperty(
            "gamemesh.release.version", System.getProperty("gamemesh.version").replace("-SNAPSHOT", ""));
    /** Registry and prefix of the images that a release names. */
    private static final String IMAGES = System.getProperty("gamemesh.release.images", "gamemesh");

    @Test
    void theBundleIsCurrent() throws IOException {
        assertCurrent("olm-bundle/bundle", bundle().files());
    }

    @Test
    void theCatalogIsCurrent() throws IOException {
        assertCurrent(
                "olm-bundle/catalog", Map.of("gamemesh-operator/catalog.yaml", new Catalog(List.of(bundle())).yaml()));
    }

    private static Bundle bundle() {
        return new BundleMaker(PROJECT)
                .make(
                        START,
                        new Release(
                                VERSION,
                                Optional.empty(),
                                IMAGES + "/operator:" + VERSION,
                                IMAGES + "/server:" + VERSION));
    }

    private static void assertCurrent(String folder, Map<String, String> generated) throws IOException {
        Path checkedIn = PROJECT.resolve(folder);
        if (Boolean.getBoolean("gamemesh.regenerate")) {
            for (String file : files(checkedIn).keySet()) {
                Files.delete(checkedIn.resolve(file));
            }
            for (Map.Entry<String, String> file : generated.entrySet()) {
                Path path = checkedIn.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        }
        assertThat(files(checkedIn))
                .as(
                        "%s is generated: write it anew with mvn -pl operator/controller -am verify -Dgamemesh.regenerate=true",
                        folder)
                .containsExactlyEntriesOf(new TreeMap<>(generated));
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path file : paths.filter(Files::isRegularFile).toList()) {
                    files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readString(file));
                }
            }
        }
        return files;
    }
}
