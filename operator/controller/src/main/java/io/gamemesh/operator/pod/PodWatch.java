package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.ExposureSpec;
import io.gamemesh.operator.gamemesh.MeshLabels;
import io.gamemesh.operator.gamemesh.MeshPods;
import io.gamemesh.planner.coordinator.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches the game-server pods of all meshes, and the Services that lead players to them, and tells each mesh's
 * coordinator. Safe for use by several threads.
 */
public final class PodWatch implements AutoCloseable {

    private static final String BY_MESH = "mesh";

    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<Service> services;
    private final BiConsumer<MeshKey, Event> coordinators;
    private final Function<MeshKey, Optional<ExposureSpec>> exposures;
    private final Consumer<MeshKey> troubled;

    /**
     * Makes a watch; {@link #start} makes it run.
     *
     * @param client       the API server
     * @param coordinators takes events for a mesh
     * @param exposures    how players reach a mesh, if it is known
     * @param troubled     is told of a mesh when other {@link #troubles} befall its pods; must return at once
     */
    public PodWatch(
            KubernetesClient client,
            BiConsumer<MeshKey, Event> coordinators,
            Function<MeshKey, Optional<ExposureSpec>> exposures,
            Consumer<MeshKey> troubled) {
        this.troubled = troubled;
        this.coordinators = coordinators;
        this.exposures = exposures;
        this.pods = client.pods()
                .inAnyNamespace()
                .withLabelSelector(MeshLabels.GAME_SERVERS)
                .runnableInformer(0);
        this.services = client.services()
                .inAnyNamespace()
                .withLabelSelector(MeshLabels.PLAYERS_SERVICES)
                .runnableInformer(0);
        pods.addIndexers(Map.of(
                BY_MESH,
                pod -> MeshLabels.meshOf(pod).stream().map(MeshKey::toString).toList()));
        pods.exceptionHandler((started, failure) -> true);
        services.exceptionHandler((started, failure) -> true);
        pods.addEventHandler(new PodHandler());
        services.addEventHandler(new ServiceHandler());
    }

    /** Watches from now on; returns when all present pods are known. */
    public void start() {
        services.run();
        pods.run();
    }

    /**
     * Tells a mesh's coordinator of all its pods, since it has just begun or addresses may have changed.
     *
     * @param mesh which
     */
    public void report(MeshKey mesh) {
        pods.getIndexer().byIndex(BY_MESH, mesh.toString()).forEach(this::observed);
    }

    /**
     * Why pods of a mesh cannot start, for people.
     *
     * @param mesh which
     * @return a sentence for each such pod, in the order of their names
     */
    public List<String> troubles(MeshKey mesh) {
        return pods.getIndexer().byIndex(BY_MESH, mesh.toString()).stream()
                .flatMap(pod -> PodStates.trouble(pod).stream())
                .sorted()
                .toList();
    }

    private void troubled(Pod pod) {
        MeshLabels.meshOf(pod).ifPresent(troubled);
    }

    /**
     * Lists the pods that are being deleted and held until what their end means has been recorded.
     *
     * @return as last seen
     */
    List<Pod> held() {
        return pods.getIndexer().list().stream().filter(PodEnd::held).toList();
    }

    @Override
    public void close() {
        pods.stop();
        services.stop();
    }

    private void observed(Pod pod) {
        MeshLabels.meshOf(pod).ifPresent(mesh -> {
            ended(mesh, pod);
            if (!MeshPods.isServerName(pod.getMetadata().getName(), mesh.name())) {
                // Whoever may create pods can give them these labels; the status is to list servers only.
                return;
            }
            coordinators.accept(
                    mesh,
                    new Event.PodObserved(
                            pod.getMetadata().getName(),
                            address(mesh, pod),
                            Optional.ofNullable(pod.getSpec().getNodeName()).orElse(""),
                            PodStates.ready(pod),
                            pod.getMetadata().getDeletionTimestamp() != null));
        });
    }

    private void ended(MeshKey mesh, Pod pod) {
        TerminationMessages.ended(pod)
                .forEach(process -> coordinators.accept(mesh, new Event.ContainerTerminated(process)));
    }

    private String address(MeshKey mesh, Pod pod) {
        @Nullable Service service = services.getIndexer()
                .getByKey(pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName());
        return exposures
                .apply(mesh)
                .flatMap(exposure -> PlayerAddress.of(exposure, pod, service))
                .orElse("");
    }

    private final class PodHandler implements ResourceEventHandler<Pod> {

        @Override
        public void onAdd(Pod pod) {
            observed(pod);
            if (PodStates.trouble(pod).isPresent()) {
                troubled(pod);
            }
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            observed(pod);
            if (!PodStates.trouble(before).equals(PodStates.trouble(pod))) {
                troubled(pod);
            }
        }

        /** The last state that was seen of a pod counts, though the pod is gone. */
        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {
            MeshLabels.meshOf(pod).ifPresent(mesh -> {
                ended(mesh, pod);
                coordinators.accept(mesh, new Event.PodGone(pod.getMetadata().getName()));
            });
            if (PodStates.trouble(pod).isPresent()) {
                troubled(pod);
            }
        }
    }

    private final class ServiceHandler implements ResourceEventHandler<Service> {

        @Override
        public void onAdd(Service service) {
            report(service);
        }

        @Override
        public void onUpdate(Service before, Service service) {
            report(service);
        }

        @Override
        public void onDelete(Service service, boolean finalStateUnknown) {
            report(service);
        }

        private void report(Service service) {
            List<Pod> led = Optional.ofNullable(pods.getIndexer()
                            .getByKey(service.getMetadata().getNamespace() + "/"
                                    + service.getMetadata().getName()))
                    .stream()
                    .toList();
            led.forEach(PodWatch.this::observed);
        }
    }
}
