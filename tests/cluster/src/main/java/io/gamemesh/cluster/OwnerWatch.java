package io.gamemesh.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.crd.v1alpha1.RegionStatus;
import io.gamemesh.crd.v1alpha1.ServerIncarnation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the pods and the regions of a mesh, and tells which pods were deleted although a region's status named them at
 * that moment. Both kinds come over watches of their own, so what was before what is told by their resource versions:
 * revisions of the one store that holds both. Safe for use by several threads.
 *
 * @see <a href="https://etcd.io/docs/v3.6/learning/data_model/">etcd's data model: revisions</a>
 */
public final class OwnerWatch implements AutoCloseable {

    private final Watch pods;
    private final Watch regions;

    /** By region, which servers its status named from which revision on. */
    private final Map<String, NavigableMap<Long, Set<String>>> owners = new HashMap<>();

    private final Map<String, Deletion> deletionsByUid = new HashMap<>();
    private final List<String> gaps = new ArrayList<>();

    private record Deletion(String pod, long revision) {}

    private OwnerWatch(KubernetesClient client, Mesh mesh) {
        regions = client.resources(Region.class)
                .inNamespace(mesh.namespace())
                .watch(new Recorder<>((action, region) -> region(mesh, action, region)));
        pods = client.pods()
                .inNamespace(mesh.namespace())
                .withLabel("app.kubernetes.io/instance", mesh.name())
                .watch(new Recorder<>(this::pod));
    }

    /** Watches from now until it is closed. */
    public static OwnerWatch open(TestNamespace namespace, Mesh mesh) {
        return new OwnerWatch(namespace.client(), mesh);
    }

    /** All servers that any region's status has named. */
    public synchronized Set<String> owners() {
        return owners.values().stream()
                .flatMap(versions -> versions.values().stream())
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    /** Names of the pods that were deleted, in that order. */
    public synchronized List<String> deleted() {
        return deletionsByUid.values().stream()
                .sorted((one, other) -> Long.compare(one.revision(), other.revision()))
                .map(Deletion::pod)
                .toList();
    }

    /** A sentence for each deletion of a pod that a region's status named, and for each break in what was watched. */
    public synchronized List<String> violations() {
        List<String> found = new ArrayList<>(gaps);
        for (Deletion deletion : deletionsByUid.values()) {
            owners.forEach((region, versions) -> {
                Map.Entry<Long, Set<String>> then = versions.floorEntry(deletion.revision());
                if (then != null && then.getValue().contains(deletion.pod())) {
                    found.add("%s was deleted at revision %d, and %s has named it since %d"
                            .formatted(deletion.pod(), deletion.revision(), region, then.getKey()));
                }
            });
        }
        return found;
    }

    private synchronized void pod(Watcher.Action action, Pod pod) {
        if (action == Watcher.Action.DELETED || pod.getMetadata().getDeletionTimestamp() != null) {
            deletionsByUid.putIfAbsent(
                    pod.getMetadata().getUid(), new Deletion(pod.getMetadata().getName(), revision(pod)));
        }
    }

    private synchronized void region(Mesh mesh, Watcher.Action action, Region region) {
        if (region.getSpec().mesh().equals(mesh.name())) {
            owners.computeIfAbsent(region.getMetadata().getName(), any -> new TreeMap<>())
                    .put(revision(region), action == Watcher.Action.DELETED ? Set.of() : named(region.getStatus()));
        }
    }

    private synchronized void gap(@Nullable WatcherException cause) {
        gaps.add("a watch ended: " + cause);
    }

    private static Set<String> named(@Nullable RegionStatus status) {
        if (status == null) {
            return Set.of();
        }
        return Stream.of(status.authority(), status.next())
                .filter(Objects::nonNull)
                .map(ServerIncarnation::server)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static long revision(HasMetadata resource) {
        return Long.parseLong(resource.getMetadata().getResourceVersion());
    }

    @Override
    public void close() {
        pods.close();
        regions.close();
    }

    private final class Recorder<T> implements Watcher<T> {

        private final BiConsumer<Action, T> record;

        Recorder(BiConsumer<Action, T> record) {
            this.record = record;
        }

        @Override
        public void eventReceived(Action action, T resource) {
            record.accept(action, resource);
        }

        @Override
        public void onClose(WatcherException cause) {
            gap(cause);
        }
    }
}
