package io.gamemesh.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Meshes without players: made, told what is wrong with them, and deleted. */
@ClusterTest
class LifecycleIT {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration GONE = Duration.ofMinutes(2);
    private static final Duration NOTICED = Duration.ofMinutes(1);

    private static final String SMALL = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: %s
            spec:
              world:
                bounds:
                  min: [0, 0, 0]
                  max: [2048, 2048, 2048]
              servers:
                replicas: 1
            """;

    private static final String TOO_MUCH_MEMORY = """
                resources:
                  requests: {memory: 2Gi}
                  limits: {memory: 1Gi}
            """;

    private static final String WITH_VOLUME = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: %s
            spec:
              servers:
                replicas: 2
                volume:
                  size: 1Mi
                  storageClassName: no-such-class
              deletionPolicy: %s
            """;

    private static final String WITH_IMAGE = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: unpullable
            spec:
              servers:
                replicas: 1
                image: registry.invalid/no-such-server:1
            """;

    @Test
    void runsTwoMeshesSideBySideAndDeletesOneWithoutTheOther(TestNamespace namespace) {
        Mesh stays = Mesh.apply(namespace, SMALL.formatted("stays"));
        Mesh goes = Mesh.apply(namespace, SMALL.formatted("goes"));
        stays.awaitReady(READY);
        goes.awaitReady(READY);
        var incarnation = stays.regions().values().iterator().next().authority();

        goes.delete();
        goes.awaitThat(
                "everything of it to be gone", GONE, mesh -> mesh.objects().isEmpty());

        assertThat(stays.condition("Ready"))
                .hasValueSatisfying(ready -> assertThat(ready.getStatus()).isEqualTo("True"));
        assertThat(stays.regions())
                .hasSize(1)
                .allSatisfy((name, region) -> assertThat(region.authority())
                        .as("the process that acts for %s", name)
                        .isEqualTo(incarnation));
    }

    @Test
    void keepsVolumeClaimsOfADeletedMesh(TestNamespace namespace) {
        Mesh mesh = Mesh.apply(namespace, WITH_VOLUME.formatted("keeps", "Retain"));
        mesh.awaitThat("a volume claim for each server", NOTICED, LifecycleIT::hasTwoVolumeClaims);

        mesh.delete();

        mesh.awaitThat(
                "all but the volume claims to be gone",
                GONE,
                gone -> gone.objects().stream().allMatch(object -> object.startsWith("PersistentVolumeClaim/")));
        assertThat(mesh.objects()).hasSize(2);
    }

    @Test
    void deletesVolumeClaimsWhenToldTo(TestNamespace namespace) {
        Mesh mesh = Mesh.apply(namespace, WITH_VOLUME.formatted("drops", "Delete"));
        mesh.awaitThat("a volume claim for each server", NOTICED, LifecycleIT::hasTwoVolumeClaims);

        mesh.delete();

        mesh.awaitThat(
                "everything of it to be gone", GONE, gone -> gone.objects().isEmpty());
    }

    @Test
    void saysWhichImageCannotBePulled(TestNamespace namespace) {
        Mesh mesh = Mesh.apply(namespace, WITH_IMAGE);

        mesh.awaitThat(
                "Degraded to name the image",
                NOTICED,
                any -> any.condition("Degraded")
                        .filter(degraded -> degraded.getStatus().equals("True"))
                        .filter(degraded -> degraded.getMessage().contains("registry.invalid/no-such-server:1"))
                        .isPresent());
        assertThat(mesh.condition("Ready"))
                .hasValueSatisfying(ready -> assertThat(ready.getStatus()).isEqualTo("False"));
    }

    @Test
    void saysWhatIsWrongWithASpecAndKeepsTheLastValidOneRunning(TestNamespace namespace) {
        String valid = SMALL.formatted("corrected");
        Mesh mesh = Mesh.apply(namespace, valid);
        mesh.awaitReady(READY);
        List<String> pods = uids(mesh);

        Mesh.apply(namespace, valid + TOO_MUCH_MEMORY);

        mesh.awaitThat(
                "Valid to name the field",
                NOTICED,
                any -> any.condition("Valid")
                        .filter(condition -> condition.getStatus().equals("False"))
                        .filter(condition -> condition.getMessage().contains("spec.servers.resources.requests.memory"))
                        .isPresent());
        assertThat(mesh.condition("Available"))
                .hasValueSatisfying(
                        available -> assertThat(available.getStatus()).isEqualTo("True"));
        assertThat(uids(mesh)).isEqualTo(pods);
        Mesh.apply(namespace, valid);
        mesh.awaitReady(NOTICED);
    }

    private static List<String> uids(Mesh mesh) {
        return mesh.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    private static boolean hasTwoVolumeClaims(Mesh mesh) {
        return mesh.objects().stream()
                        .filter(object -> object.startsWith("PersistentVolumeClaim/"))
                        .count()
                == 2;
    }
}
