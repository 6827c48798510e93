package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.crd.v1alpha1.ServerIncarnation;
import io.gamemesh.operator.gamemesh.MeshLabels;
import io.gamemesh.operator.region.RegionWatch;
import io.gamemesh.protocol.id.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of pods that are being deleted once nothing depends on their termination messages any more: no region names a
 * process that has ended in them. So whichever operator comes to lead, the death of a process cannot be missed.
 */
public final class PodRelease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PodRelease.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final PodWatch pods;
    private final RegionWatch regions;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("pod-release").daemon().factory());
    private volatile @Nullable ScheduledFuture<?> sweeping;

    /**
     * Makes a release; {@link #start} makes it run.
     *
     * @param client  the API server
     * @param pods    the game servers
     * @param regions of all meshes
     */
    public PodRelease(KubernetesClient client, PodWatch pods, RegionWatch regions) {
        this.client = client;
        this.pods = pods;
        this.regions = regions;
    }

    /** Looks once a second from now on. */
    public void start() {
        sweeping =
                timer.scheduleWithFixedDelay(this::sweep, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ScheduledFuture<?> running = sweeping;
        if (running != null) {
            running.cancel(false);
        }
        timer.shutdown();
    }

    private void sweep() {
        for (Pod pod : pods.held()) {
            try {
                if (PodEnd.complete(pod) && !awaited(pod)) {
                    release(pod);
                }
            } catch (RuntimeException failure) {
                LOG.atWarn()
                        .addKeyValue("namespace", pod.getMetadata().getNamespace())
                        .addKeyValue("pod", pod.getMetadata().getName())
                        .setCause(failure)
                        .log("pod not let go; the next try is in a second");
            }
        }
    }

    private boolean awaited(Pod pod) {
        List<ServerId> ended = TerminationMessages.ended(pod);
        return MeshLabels.meshOf(pod).stream()
                .flatMap(this::named)
                .anyMatch(process -> ended.contains(new ServerId(process.server(), process.incarnation())));
    }

    private Stream<ServerIncarnation> named(MeshKey mesh) {
        return regions.list(mesh).stream().map(Region::getStatus).flatMap(status -> {
            List<ServerIncarnation> processes = new ArrayList<>();
            if (status != null && status.authority() != null) {
                processes.add(status.authority());
            }
            if (status != null && status.next() != null) {
                processes.add(status.next());
            }
            return processes.stream();
        });
    }

    /** Takes off the finalizer if the finalizers are still those that were seen. */
    private void release(Pod pod) {
        List<String> seen = pod.getMetadata().getFinalizers();
        List<String> left = seen.stream()
                .filter(finalizer -> !PodEnd.FINALIZER.equals(finalizer))
                .toList();
        String path = "/metadata/finalizers";
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .patch(
                        PatchContext.of(PatchType.JSON),
                        client.getKubernetesSerialization()
                                .asJson(List.of(
                                        Map.of("op", "test", "path", path, "value", seen),
                                        Map.of("op", "replace", "path", path, "value", left))));
    }
}
