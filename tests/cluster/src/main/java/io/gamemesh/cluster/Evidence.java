package io.gamemesh.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps what explains a failure: the logs of all containers, previous ones included, Events and resources. */
final class Evidence {

    private static final List<String> KINDS = List.of("GameMesh", "Region");

    private final KubernetesClient client;
    private final Path folder;

    Evidence(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    /** Collects from the namespaces, each into a folder of its name. What can't be had is said in the file's place. */
    void collect(List<String> namespaces) {
        for (String namespace : namespaces) {
            Path into = folder.resolve(namespace);
            logs(namespace, into);
            write(into.resolve("events.txt"), () -> events(namespace));
            for (String kind : KINDS) {
                write(into.resolve(kind.toLowerCase(Locale.ROOT) + ".yaml"), () -> custom(namespace, kind));
            }
            write(
                    into.resolve("pods.yaml"),
                    () -> yaml(client.pods().inNamespace(namespace).list().getItems()));
            write(
                    into.resolve("statefulsets.yaml"),
                    () -> yaml(client.apps()
                            .statefulSets()
                            .inNamespace(namespace)
                            .list()
                            .getItems()));
            write(
                    into.resolve("services.yaml"),
                    () -> yaml(client.services().inNamespace(namespace).list().getItems()));
            write(
                    into.resolve("leases.yaml"),
                    () -> yaml(client.leases().inNamespace(namespace).list().getItems()));
        }
    }

    /** Adds files by their names. */
    void add(Map<String, Supplier<String>> files) {
        files.forEach((file, text) -> write(folder.resolve(file), text::get));
    }

    private void logs(String namespace, Path into) {
        for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
            String name = pod.getMetadata().getName();
            for (ContainerStatus container : statuses(pod)) {
                var log = client.pods().inNamespace(namespace).withName(name).inContainer(container.getName());
                write(into.resolve("%s.%s.log".formatted(name, container.getName())), log::getLog);
                if (container.getRestartCount() > 0) {
                    write(
                            into.resolve("%s.%s.previous.log".formatted(name, container.getName())),
                            () -> log.terminated().getLog());
                }
            }
        }
    }

    private static List<ContainerStatus> statuses(Pod pod) {
        List<ContainerStatus> all = new ArrayList<>();
        if (pod.getStatus() != null) {
            all.addAll(pod.getStatus().getInitContainerStatuses());
            all.addAll(pod.getStatus().getContainerStatuses());
        }
        return all;
    }

    private String events(String namespace) {
        Stream<Event> events = client.v1().events().inNamespace(namespace).list().getItems().stream();
        StringBuilder text = new StringBuilder();
        events.sorted(Comparator.comparing(Evidence::time)).forEach(event -> text.append(line(event)));
        return text.toString();
    }

    static String line(Event event) {
        return "%s %s %s/%s %s: %s (%d)%n"
                .formatted(
                        time(event),
                        event.getType(),
                        event.getInvolvedObject().getKind(),
                        event.getInvolvedObject().getName(),
                        event.getReason(),
                        event.getMessage(),
                        count(event));
    }

    /** An Event written through events.k8s.io has no count: it stands for a series, or for the one time. */
    private static int count(Event event) {
        return Stream.of(
                        event.getCount(),
                        event.getSeries() == null ? null : event.getSeries().getCount())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(1);
    }

    private static String time(Event event) {
        return Stream.of(
                        event.getLastTimestamp(),
                        event.getEventTime() == null
                                ? null
                                : event.getEventTime().getTime(),
                        event.getMetadata().getCreationTimestamp())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private String custom(String namespace, String kind) {
        List<GenericKubernetesResource> all = client.genericKubernetesResources("gamemesh.io/v1alpha1", kind)
                .inNamespace(namespace)
                .list()
                .getItems();
        return yaml(all);
    }

    private static String yaml(List<? extends HasMetadata> resources) {
        StringBuilder text = new StringBuilder();
        for (HasMetadata resource : resources) {
            resource.getMetadata().setManagedFields(List.of());
            text.append(Serialization.asYaml(resource));
        }
        return text.toString();
    }

    private static void write(Path file, Source source) {
        String text;
        try {
            text = source.read();
        } catch (KubernetesClientException e) {
            text = "not to be had: " + e.getMessage();
        }
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text == null ? "" : text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Source {
        @Nullable String read();
    }
}
