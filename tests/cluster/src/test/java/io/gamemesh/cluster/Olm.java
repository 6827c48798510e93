package io.gamemesh.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.bundle.Bundle;
import io.gamemesh.bundle.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The Operator Lifecycle Manager: its two programs and a catalog's, run on this machine against the cluster, and what a
 * user asks of them in one namespace. What they say is among the evidence of a failure. Used by one thread.
 */
final class Olm implements AutoCloseable {

    private static final String OUR_LABEL = "gamemesh.io/test";
    private static final String FIELD_MANAGER = "olm-test";
    private static final List<String> KINDS =
            List.of("CatalogSource", "Subscription", "InstallPlan", "ClusterServiceVersion");
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration GONE = Duration.ofMinutes(2);

    /** Without target namespaces, as the only install mode of the bundle asks: for all of them. */
    private static final String OPERATOR_GROUP = """
            apiVersion: operators.coreos.com/v1
            kind: OperatorGroup
            metadata:
              name: gamemesh
            spec: {}
            """;

    private final TestCluster cluster;
    private final KubernetesClient client;
    private final String namespace;
    private final Path programs;
    private final Path folder;
    private final int port;
    private final Map<String, Process> running = new LinkedHashMap<>();

    private Olm(TestCluster cluster, TestNamespace namespace, Path programs, Path folder, int port) {
        this.cluster = cluster;
        this.client = namespace.client();
        this.namespace = namespace.name();
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /** Whether the cluster has a lifecycle manager of its own, beside which another can't be run. */
    static boolean isInstalled(TestCluster cluster) {
        return cluster.client().apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(definition -> definition
                        .getSpec()
                        .getGroup()
                        .equals(context("Subscription").getGroup()))
                .anyMatch(definition -> !Objects.requireNonNullElse(
                                definition.getMetadata().getLabels(), Map.<String, String>of())
                        .containsKey(OUR_LABEL));
    }

    /**
     * Starts it, with a namespace that is ready for a subscription.
     *
     * @param programs the folder that {@code tests/cluster/olm/tools processes} prints
     */
    static Olm start(TestCluster cluster, TestNamespace namespace, Path programs) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path folder = Files.createTempDirectory("gamemesh-olm");
            Olm olm = new Olm(cluster, namespace, programs, folder, free.getLocalPort());
            try {
                olm.start();
            } catch (RuntimeException | IOException e) {
                olm.abandon(e);
                throw e;
            }
            return olm;
        } catch (IOException e) {
            throw new UncheckedIOException("the Operator Lifecycle Manager could not be started", e);
        }
    }

    private void abandon(Exception why) {
        try {
            stopAll();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private void start() throws IOException {
        definitions().forEach(definition -> {
            client.resource(definition)
                    .fieldManager(FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
            Definitions.awaitEstablished(client, definition);
        });
        Path kubeconfig = folder.resolve("kubeconfig");
        cluster.writeKubeconfig(kubeconfig);
        Map<String, String> environment = Map.of("KUBECONFIG", kubeconfig.toString(), "OPERATOR_NAMESPACE", namespace);
        run("olm", environment, List.of("--namespace", namespace, "--writeStatusName", ""));
        run("catalog", environment, List.of("--namespace", namespace, "--writeStatusName", ""));
        cluster.keepOnFailure("olm.yaml", this::resources);
        apply("OperatorGroup", OPERATOR_GROUP);
    }

    private List<CustomResourceDefinition> definitions() {
        try (Stream<Path> files = Files.list(programs.resolve("crds"))) {
            return files.sorted().map(this::definition).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no definitions of OLM's resources", e);
        }
    }

    private CustomResourceDefinition definition(Path file) {
        try (InputStream yaml = Files.newInputStream(file)) {
            CustomResourceDefinition definition = client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(yaml)
                    .item();
            Map<String, String> labels = new LinkedHashMap<>(
                    Objects.requireNonNullElse(definition.getMetadata().getLabels(), Map.of()));
            labels.put(OUR_LABEL, "olm");
            definition.getMetadata().setLabels(labels);
            return definition;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Offers these versions, and no others, in the channel. The last is the one that is to be had. */
    void offer(Bundle... versions) {
        stop("opm");
        Instant restart = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Path catalog = folder.resolve("content");
        try {
            Files.createDirectories(catalog);
            Files.writeString(catalog.resolve("catalog.yaml"), new Catalog(List.of(versions)).yaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(
                "opm",
                Map.of("TMPDIR", folder.toString()),
                List.of(
                        "serve",
                        catalog.toString(),
                        "--port",
                        Integer.toString(port),
                        "--pprof-addr",
                        "127.0.0.1:0",
                        "--termination-log",
                        folder.resolve("opm.termination").toString()));
        apply("CatalogSource", """
                apiVersion: operators.coreos.com/v1alpha1
                kind: CatalogSource
                metadata:
                  name: gamemesh
                spec:
                  sourceType: grpc
                  address: 127.0.0.1:%d
                  displayName: Gamemesh
                """.formatted(port));
        awaitOr(() -> await("the catalog to have been looked at anew")
                .atMost(GONE)
                .pollInterval(POLL)
                .until(() -> isKnownSince(restart), known -> known));
    }

    /** Until it has connected again, OLM goes by what the catalog held before. */
    private boolean isKnownSince(Instant restart) {
        requirePrograms();
        GenericKubernetesResource source = resources("CatalogSource")
                .inNamespace(namespace)
                .withName("gamemesh")
                .require();
        String connected = source.get("status", "connectionState", "lastConnect");
        return "READY".equals(source.get("status", "connectionState", "lastObservedState"))
                && connected != null
                && !Instant.parse(connected).isBefore(restart);
    }

    /** Asks for the operator, and for what replaces it in its channel. */
    void subscribe() {
        apply("Subscription", """
                apiVersion: operators.coreos.com/v1alpha1
                kind: Subscription
                metadata:
                  name: %1$s
                spec:
                  name: %1$s
                  channel: %2$s
                  source: gamemesh
                  sourceNamespace: %3$s
                """.formatted(Bundle.PACKAGE, Bundle.CHANNEL, namespace));
    }

    /** Waits until that version is the only one that is installed, and runs in all pods of the operator. */
    void awaitInstalled(Bundle version, Duration limit) {
        awaitOr(() -> await(version.name() + " to be installed")
                .atMost(limit)
                .pollInterval(POLL)
                .until(() -> phase(version), phase -> phase.equals(Optional.of("Succeeded"))));
        await("what it replaces to be gone")
                .atMost(GONE)
                .pollInterval(POLL)
                .until(() -> resources("ClusterServiceVersion")
                                .inNamespace(namespace)
                                .list()
                                .getItems()
                                .size()
                        == 1);
        await("all pods of the operator to be of " + version.name())
                .atMost(limit)
                .pollInterval(POLL)
                .until(
                        this::versionsOfPods,
                        versions -> !versions.isEmpty()
                                && versions.values().stream().allMatch(version.version()::equals));
    }

    /** Waits until that version has not come up, and says what OLM gives as the reason. */
    String awaitFailed(Bundle version, Duration limit) {
        return awaitOr(() -> await(version.name() + " to have failed")
                        .atMost(limit)
                        .pollInterval(POLL)
                        .until(() -> failure(version), Optional::isPresent))
                .orElseThrow();
    }

    private <T> T awaitOr(Supplier<T> awaited) {
        try {
            return awaited.get();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("%s%n%s".formatted(e.getMessage(), statuses()), e);
        }
    }

    /** How far OLM and Kubernetes have come, short enough for a failure's message. */
    private String statuses() {
        StringBuilder lines = new StringBuilder();
        for (String kind : KINDS) {
            for (GenericKubernetesResource each :
                    resources(kind).inNamespace(namespace).list().getItems()) {
                Map<String, Object> status = new LinkedHashMap<>(
                        Objects.requireNonNullElse(each.<Map<String, Object>>get("status"), Map.of()));
                // Manifests.
                status.keySet().removeAll(List.of("plan", "bundleLookups", "requirementStatus"));
                lines.append(line(each, status));
            }
        }
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(deployment -> lines.append(line(deployment, deployment.getStatus())));
        client.apps()
                .replicaSets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(set -> lines.append(line(set, set.getStatus())));
        pods().forEach(pod -> lines.append(line(pod, pod.getStatus().getContainerStatuses())));
        return lines.toString();
    }

    private static String line(HasMetadata of, Object status) {
        return "%s %s, generation %s: %s%n"
                .formatted(
                        of.getKind(),
                        of.getMetadata().getName(),
                        of.getMetadata().getGeneration(),
                        Serialization.asJson(status));
    }

    /** How far the installation of a version is, if it has begun. */
    Optional<String> phase(Bundle version) {
        requirePrograms();
        return version(version).map(csv -> csv.get("status", "phase"));
    }

    /** It tries again and again, so the reason is looked for in what it has been through. */
    private Optional<String> failure(Bundle version) {
        requirePrograms();
        List<Map<String, String>> conditions = version(version)
                .map(csv -> csv.<List<Map<String, String>>>get("status", "conditions"))
                .orElse(List.of());
        return conditions.stream()
                .filter(condition ->
                        "Failed".equals(condition.get("phase")) && "InstallCheckFailed".equals(condition.get("reason")))
                .map(condition -> condition.get("message"))
                .findFirst();
    }

    private Optional<GenericKubernetesResource> version(Bundle version) {
        return Optional.ofNullable(resources("ClusterServiceVersion")
                .inNamespace(namespace)
                .withName(version.name())
                .get());
    }

    /** The version of each of the operator's pods that has not been told to stop, by the pod's name. */
    Map<String, String> versionsOfPods() {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .collect(Collectors.toMap(
                        pod -> pod.getMetadata().getName(),
                        pod -> pod.getMetadata().getLabels().getOrDefault("app.kubernetes.io/version", "")));
    }

    /** The reasons for which containers of that version's pods wait. */
    List<String> whyPodsWait(Bundle version) {
        return pods().stream()
                .filter(pod ->
                        version.version().equals(pod.getMetadata().getLabels().get("app.kubernetes.io/version")))
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .map(container -> container.getState().getWaiting())
                .filter(Objects::nonNull)
                .map(ContainerStateWaiting::getReason)
                .toList();
    }

    private List<Pod> pods() {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", "operator")
                .list()
                .getItems();
    }

    /** Takes the operator away as its documentation says, and waits until nothing of it runs. */
    void uninstall() {
        resources("Subscription")
                .inNamespace(namespace)
                .withName(Bundle.PACKAGE)
                .delete();
        resources("ClusterServiceVersion")
                .inNamespace(namespace)
                .withLabel("operators.coreos.com/%s.%s".formatted(Bundle.PACKAGE, namespace))
                .delete();
        await("the operator to be gone")
                .atMost(GONE)
                .pollInterval(POLL)
                .until(() -> resources("ClusterServiceVersion")
                                .inNamespace(namespace)
                                .list()
                                .getItems()
                                .isEmpty()
                        && pods().isEmpty());
    }

    /** Uninstalls what still is installed, stops the programs, and removes what they have left in the cluster. */
    @Override
    public void close() {
        try {
            uninstall();
        } finally {
            stopAll();
        }
    }

    private void stopAll() {
        List.copyOf(running.keySet()).forEach(this::stop);
        cluster.stopKeeping("olm.yaml");
        delete(folder);
        removeTraces();
    }

    /** Deleting the definitions takes along all of their kinds, also copies that were made in other namespaces. */
    private void removeTraces() {
        List<CustomResourceDefinition> definitions = definitions().stream()
                .filter(definition -> client.resource(definition).get() != null)
                .toList();
        if (definitions.stream()
                .anyMatch(
                        definition -> definition.getSpec().getNames().getKind().equals("ClusterServiceVersion"))) {
            removeFinalizers();
        }
        definitions.forEach(definition -> client.resource(definition).delete());
        definitions.forEach(definition -> Definitions.awaitGone(client, definition));
        client.rbac().clusterRoleBindings().withLabel("olm.managed", "true").delete();
        client.rbac().clusterRoles().withLabel("olm.managed", "true").delete();
    }

    private void removeFinalizers() {
        for (GenericKubernetesResource csv :
                resources("ClusterServiceVersion").inAnyNamespace().list().getItems()) {
            if (!csv.getFinalizers().isEmpty()) {
                resources("ClusterServiceVersion")
                        .inNamespace(csv.getMetadata().getNamespace())
                        .withName(csv.getMetadata().getName())
                        .edit(present -> {
                            present.getMetadata().setFinalizers(List.of());
                            return present;
                        });
            }
        }
    }

    private void run(String program, Map<String, String> environment, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(programs.resolve(program).toString()));
        line.addAll(arguments);
        Path log = folder.resolve(program + ".log");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            running.put(program, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' could not be started".formatted(String.join(" ", line)), e);
        }
        cluster.keepOnFailure(program + ".log", () -> read(log));
    }

    private void stop(String program) {
        Process process = running.remove(program);
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        cluster.stopKeeping(program + ".log");
    }

    private void requirePrograms() {
        running.forEach((program, process) -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("%s has ended with status %d; it said: %s"
                        .formatted(program, process.exitValue(), read(folder.resolve(program + ".log"))));
            }
        });
    }

    private void apply(String kind, String yaml) {
        resources(kind)
                .inNamespace(namespace)
                .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private String resources() {
        StringBuilder yaml = new StringBuilder();
        for (String kind : KINDS) {
            for (HasMetadata resource :
                    resources(kind).inNamespace(namespace).list().getItems()) {
                resource.getMetadata().setManagedFields(List.of());
                yaml.append(Serialization.asYaml(resource));
            }
        }
        return yaml.toString();
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources(String kind) {
        return client.genericKubernetesResources(context(kind));
    }

    private static ResourceDefinitionContext context(String kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("operators.coreos.com")
                .withVersion(kind.equals("OperatorGroup") ? "v1" : "v1alpha1")
                .withKind(kind)
                .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
                .withNamespaced(true)
                .build();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
