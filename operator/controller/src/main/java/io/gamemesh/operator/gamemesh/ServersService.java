package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;

/** The headless Service that gives each server a DNS name, ready or not: peers have to reach one that is starting. */
@Singleton
@KubernetesDependent(
        informer = @Informer(labelSelector = MeshLabels.MANAGED + "," + MeshLabels.SERVICE + "=" + MeshLabels.SERVERS))
class ServersService extends CRUDKubernetesDependentResource<Service, GameMesh> {

    ServersService() {
        super(Service.class);
    }

    @Override
    protected Service desired(GameMesh mesh, Context<GameMesh> context) {
        return of(MeshModel.of(context));
    }

    static Service of(MeshModel model) {
        return new ServiceBuilder()
                .withMetadata(model.serviceMetadata(model.names().serversService(), MeshLabels.SERVERS))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(model.selector())
                .withPorts(
                        ServicePorts.udp("players", ServerPod.PLAYERS_PORT),
                        ServicePorts.tcp("query", ServerPod.QUERY_PORT),
                        ServicePorts.tcp("http", ServerPod.HTTP_PORT),
                        ServicePorts.tcp("metrics", ServerPod.METRICS_PORT),
                        ServicePorts.tcp("grpc", ServerPod.GRPC_PORT))
                .endSpec()
                .build();
    }
}
