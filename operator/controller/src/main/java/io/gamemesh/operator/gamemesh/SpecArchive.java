package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** Keeps the last valid spec of a mesh beside what was made from it, so that a leader that comes later knows it. */
@Singleton
class SpecArchive {

    private final KubernetesSerialization serialization;

    SpecArchive(KubernetesClient client) {
        this.serialization = client.getKubernetesSerialization();
    }

    String write(GameMeshSpec spec) {
        return serialization.asJson(spec);
    }

    Optional<GameMeshSpec> read(ConfigMap config) {
        Map<String, String> annotations = config.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations)
                .map(present -> present.get(MeshConfigMap.VALID_SPEC))
                .map(json -> serialization.unmarshal(json, GameMeshSpec.class));
    }
}
