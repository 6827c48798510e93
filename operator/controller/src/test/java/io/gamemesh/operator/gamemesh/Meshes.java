package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Meshes to test with, from files. */
final class Meshes {

    static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private Meshes() {}

    static GameMesh read(String name) {
        try (InputStream file =
                Objects.requireNonNull(Meshes.class.getResourceAsStream("/meshes/" + name + ".yaml"), name)) {
            return SERIALIZATION.unmarshal(file, GameMesh.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static GameMeshSpec spec(String yaml) {
        return SERIALIZATION.unmarshal(yaml, GameMeshSpec.class);
    }

    static MeshModel model(GameMesh mesh) {
        GameMeshSpec spec = mesh.getSpec();
        return new MeshModel(
                new MeshNames(
                        mesh.getMetadata().getNamespace(), mesh.getMetadata().getName()),
                spec,
                spec.servers().replicas(),
                spec.servers().replicas(),
                "gamemesh/server:test",
                "gamemesh-coordinator.gamemesh-system.svc:9090",
                "-----BEGIN CERTIFICATE-----\ncoordinator\n-----END CERTIFICATE-----\n");
    }

    static MeshModel model(String name) {
        return model(read(name));
    }
}
