package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.gamemesh.crd.v1alpha1.ExposureSpec;
import io.gamemesh.crd.v1alpha1.ExposureType;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.CRUDBulkDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Service for each server, so that players reach exactly the one that acts for where they are. Traffic stays on the
 * node that it comes to: a second hop would cost time and hide the player's address.
 */
@Singleton
@KubernetesDependent(
        informer = @Informer(labelSelector = MeshLabels.MANAGED + "," + MeshLabels.SERVICE + "=" + MeshLabels.PLAYERS))
class PlayersServices extends CRUDKubernetesDependentResource<Service, GameMesh>
        implements CRUDBulkDependentResource<Service, GameMesh> {

    PlayersServices() {
        super(Service.class);
    }

    @Override
    public Map<String, Service> desiredResources(GameMesh mesh, Context<GameMesh> context) {
        return of(MeshModel.of(context));
    }

    @Override
    public Map<String, Service> getSecondaryResources(GameMesh mesh, Context<GameMesh> context) {
        return context.getSecondaryResourcesAsStream(Service.class)
                .filter(service -> MeshLabels.PLAYERS.equals(
                        service.getMetadata().getLabels().get(MeshLabels.SERVICE)))
                .collect(Collectors.toMap(
                        service -> service.getMetadata().getName(), Function.identity(), (first, same) -> first));
    }

    /** The Services by name; none where players reach a server by its node's port. */
    static Map<String, Service> of(MeshModel model) {
        if (model.spec().servers().exposure().type() == ExposureType.HOST_PORT) {
            return Map.of();
        }
        return IntStream.range(0, model.playerServices())
                .mapToObj(ordinal -> service(model, ordinal))
                .collect(Collectors.toMap(service -> service.getMetadata().getName(), Function.identity()));
    }

    private static Service service(MeshModel model, int ordinal) {
        ExposureSpec exposure = model.spec().servers().exposure();
        return new ServiceBuilder()
                .withMetadata(model.serviceMetadata(model.names().playersService(ordinal), MeshLabels.PLAYERS))
                .editMetadata()
                .addToAnnotations(exposure.annotations())
                .endMetadata()
                .withNewSpec()
                .withType(exposure.type() == ExposureType.LOAD_BALANCER ? "LoadBalancer" : "NodePort")
                .withExternalTrafficPolicy("Local")
                .withPublishNotReadyAddresses(true)
                .withSelector(model.selector())
                .addToSelector(
                        "statefulset.kubernetes.io/pod-name", model.names().pod(ordinal))
                .withPorts(ServicePorts.udp("players", ServerPod.PLAYERS_PORT))
                .endSpec()
                .build();
    }
}
