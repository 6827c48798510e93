package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;

/** One server at a time may be evicted: the others have to take its regions. */
@Singleton
@KubernetesDependent(informer = @Informer(labelSelector = MeshLabels.MANAGED))
class ServerDisruptionBudget extends CRUDKubernetesDependentResource<PodDisruptionBudget, GameMesh> {

    ServerDisruptionBudget() {
        super(PodDisruptionBudget.class);
    }

    @Override
    protected PodDisruptionBudget desired(GameMesh mesh, Context<GameMesh> context) {
        return of(MeshModel.of(context));
    }

    static PodDisruptionBudget of(MeshModel model) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(model.metadata(model.names().disruptionBudget()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(model.selector())
                .endSelector()
                .endSpec()
                .build();
    }
}
