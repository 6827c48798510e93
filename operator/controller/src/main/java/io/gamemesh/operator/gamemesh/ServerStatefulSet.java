package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gamemesh.crd.v1alpha1.DeletionPolicy;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.VolumeSpec;
import io.gamemesh.operator.pod.PodEnd;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The game servers' StatefulSet. Pods come and go in parallel, and a changed template reaches a pod only when it is
 * deleted: a server has to hand over its regions first, which is not the StatefulSet controller's business.
 */
@Singleton
@KubernetesDependent(informer = @Informer(labelSelector = MeshLabels.MANAGED))
class ServerStatefulSet extends CRUDKubernetesDependentResource<StatefulSet, GameMesh> {

    /** Tells pods of an older configuration from those of the present one. */
    static final String CONFIG_CHECKSUM = "gamemesh.io/config-checksum";

    private final PodOverlay overlay;

    ServerStatefulSet(KubernetesClient client) {
        super(StatefulSet.class);
        this.overlay = new PodOverlay(client.getKubernetesSerialization());
    }

    @Override
    protected StatefulSet desired(GameMesh mesh, Context<GameMesh> context) {
        return of(MeshModel.of(context), overlay);
    }

    static StatefulSet of(MeshModel model, PodOverlay overlay) {
        String claims = model.spec().deletionPolicy() == DeletionPolicy.DELETE ? "Delete" : "Retain";
        return new StatefulSetBuilder()
                .withMetadata(model.metadata(model.names().statefulSet()))
                .withNewSpec()
                .withReplicas(model.servers())
                .withServiceName(model.names().serversService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted(claims)
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(model.selector())
                .endSelector()
                .withTemplate(template(model, overlay))
                .withVolumeClaimTemplates(claims(model))
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template(MeshModel model, PodOverlay overlay) {
        PodTemplateSpec template =
                overlay.merge(ServerPod.of(model), model.spec().servers().template());
        return template.edit()
                .editMetadata()
                .addToLabels(MeshLabels.all(model.mesh()))
                .addToFinalizers(PodEnd.FINALIZER)
                .addToAnnotations(CONFIG_CHECKSUM, checksum(MeshProperties.of(model)))
                .endMetadata()
                .build();
    }

    private static List<PersistentVolumeClaim> claims(MeshModel model) {
        VolumeSpec volume = model.spec().servers().volume();
        if (volume == null) {
            return List.of();
        }
        return List.of(new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(ServerPod.CACHE)
                .withLabels(model.selector())
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(volume.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", volume.size()))
                .endResources()
                .endSpec()
                .build());
    }

    private static String checksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(checksum.getValue());
    }
}
