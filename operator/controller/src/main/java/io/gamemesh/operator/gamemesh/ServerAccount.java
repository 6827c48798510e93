package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;

/** The game servers' identity. It may do nothing in the API server; its token only says which pod is calling. */
@Singleton
@KubernetesDependent(informer = @Informer(labelSelector = MeshLabels.MANAGED))
class ServerAccount extends CRUDKubernetesDependentResource<ServiceAccount, GameMesh> {

    ServerAccount() {
        super(ServiceAccount.class);
    }

    @Override
    protected ServiceAccount desired(GameMesh mesh, Context<GameMesh> context) {
        return of(MeshModel.of(context));
    }

    static ServiceAccount of(MeshModel model) {
        return new ServiceAccountBuilder()
                .withMetadata(model.metadata(model.names().serviceAccount()))
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
