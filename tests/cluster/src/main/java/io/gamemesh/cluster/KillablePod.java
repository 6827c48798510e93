package io.gamemesh.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Objects;

/**
 * A game server's pod whose process can be killed from inside. The image has nothing in it but Java, so the program that
 * kills is put there by a ConfigMap; and the first process of a container can't be killed by others of it, so the pod's
 * containers share their processes, of which the first is then none of theirs.
 */
public final class KillablePod {

    private static final String NAME = "sigkill";
    private static final String FOLDER = "/opt/sigkill";
    private static final String FILE = Sigkill.class.getName().replace('.', '/') + ".class";

    private KillablePod() {}

    /** The ConfigMap that the pod template needs. */
    public static ConfigMap configMap() {
        try (InputStream code = Objects.requireNonNull(Sigkill.class.getResourceAsStream("Sigkill.class"))) {
            return new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .endMetadata()
                    .addToBinaryData("Sigkill.class", Base64.getEncoder().encodeToString(code.readAllBytes()))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For {@code spec.servers.template.spec}. */
    public static String podSpec() {
        return """
                shareProcessNamespace: true
                containers:
                  - name: game-server
                    volumeMounts:
                      - {name: %1$s, mountPath: %2$s, readOnly: true}
                volumes:
                  - name: %1$s
                    configMap:
                      name: %1$s
                      items:
                        - {key: Sigkill.class, path: %3$s}
                """.formatted(NAME, FOLDER, FILE);
    }

    static String[] command() {
        return new String[] {
            "/opt/java/openjdk/bin/java",
            "-Xmx16m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            FOLDER,
            Sigkill.class.getName()
        };
    }
}
