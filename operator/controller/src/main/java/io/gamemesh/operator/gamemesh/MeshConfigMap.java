package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;

/** The game servers' configuration, and the certificates that they and clients trust. */
@Singleton
@KubernetesDependent(informer = @Informer(labelSelector = MeshLabels.MANAGED))
class MeshConfigMap extends CRUDKubernetesDependentResource<ConfigMap, GameMesh> {

    /** What clients trust: the mesh's own authority. */
    static final String CA = "ca.crt";

    /** What servers trust the control plane by. */
    static final String COORDINATOR_CA = "coordinator-ca.crt";

    /** The spec that all this was made from, which goes on should the next one be invalid. */
    static final String VALID_SPEC = "gamemesh.io/valid-spec";

    private final SpecArchive archive;

    MeshConfigMap(SpecArchive archive) {
        super(ConfigMap.class);
        this.archive = archive;
    }

    @Override
    protected ConfigMap desired(GameMesh mesh, Context<GameMesh> context) {
        String ca = context.getSecondaryResource(Secret.class)
                .flatMap(ServerSecret::authorityCertificate)
                .orElseThrow(() -> new IllegalStateException(
                        "Secret of mesh " + mesh.getMetadata().getName() + " has no " + ServerSecret.CA_CERTIFICATE));
        MeshModel model = MeshModel.of(context);
        return of(model, ca, archive.write(model.spec()));
    }

    static ConfigMap of(MeshModel model, String ca, String spec) {
        return new ConfigMapBuilder()
                .withMetadata(model.metadata(model.names().config()))
                .editMetadata()
                .addToAnnotations(VALID_SPEC, spec)
                .endMetadata()
                .addToData(MeshProperties.FILE, MeshProperties.of(model))
                .addToData(CA, ca)
                .addToData(COORDINATOR_CA, model.coordinatorCa())
                .build();
    }
}
