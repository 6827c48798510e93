package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;

/** The Service for JSON queries: any ready server answers. */
@Singleton
@KubernetesDependent(
        informer = @Informer(labelSelector = MeshLabels.MANAGED + "," + MeshLabels.SERVICE + "=" + MeshLabels.QUERY))
class QueryService extends CRUDKubernetesDependentResource<Service, GameMesh> {

    QueryService() {
        super(Service.class);
    }

    @Override
    protected Service desired(GameMesh mesh, Context<GameMesh> context) {
        return of(MeshModel.of(context));
    }

    static Service of(MeshModel model) {
        return new ServiceBuilder()
                .withMetadata(model.serviceMetadata(model.names().queryService(), MeshLabels.QUERY))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(model.selector())
                .withPorts(
                        ServicePorts.tcp("query", ServerPod.QUERY_PORT), ServicePorts.tcp("http", ServerPod.HTTP_PORT))
                .endSpec()
                .build();
    }
}
