package io.gamemesh.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.crd.v1alpha1.Backup;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshStatus;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.crd.v1alpha1.RegionPhase;
import io.gamemesh.crd.v1alpha1.RegionStatus;
import io.gamemesh.crd.v1alpha1.ServerIncarnation;
import io.gamemesh.crd.v1alpha1.ServerStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A GameMesh in a test's namespace, as somebody with {@code kubectl} sees and handles it. Everything is asked of the
 * API server each time, nothing is remembered. Safe for use by several threads.
 */
public final class Mesh {

    /** The name of the container that a server is in. */
    public static final String CONTAINER = "game-server";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    private Mesh(TestNamespace namespace, String name) {
        this.client = namespace.client();
        this.namespace = namespace.name();
        this.name = name;
    }

    /** Applies the manifest of one GameMesh, as {@code kubectl apply --server-side} does. */
    public static Mesh apply(TestNamespace namespace, String yaml) {
        GenericKubernetesResource mesh = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        namespace
                .client()
                .resource(mesh)
                .inNamespace(namespace.name())
                .forceConflicts()
                .serverSideApply();
        return new Mesh(namespace, mesh.getMetadata().getName());
    }

    /** A GameMesh of that name, which may not be there yet. */
    public static Mesh named(TestNamespace namespace, String name) {
        return new Mesh(namespace, name);
    }

    public String name() {
        return name;
    }

    public String namespace() {
        return namespace;
    }

    /** What the API server holds now. */
    public Optional<GameMesh> read() {
        return Optional.ofNullable(client.resources(GameMesh.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** The status now; one that knows nothing if the operator has not written any. */
    public GameMeshStatus status() {
        return read().map(GameMesh::getStatus).orElseGet(GameMeshStatus::new);
    }

    public Optional<Condition> condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    /** What the Events about the mesh itself say that have that reason, the oldest first. */
    public List<String> events(String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("GameMesh"))
                .filter(event -> event.getInvolvedObject().getName().equals(name))
                .filter(event -> event.getReason().equals(reason))
                .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
                .map(Event::getMessage)
                .toList();
    }

    /** The mesh's regions with their present status, by name. */
    public Map<String, RegionStatus> regions() {
        return client.resources(Region.class).inNamespace(namespace).list().getItems().stream()
                .filter(region -> region.getSpec().mesh().equals(name))
                .collect(Collectors.toMap(
                        region -> region.getMetadata().getName(),
                        region -> Objects.requireNonNullElseGet(region.getStatus(), RegionStatus::new),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** Pins each region to the server that acts for it, and waits until none is on its way: until unpinned, none moves. */
    public void pinRegions(Duration limit) {
        Map<String, String> servers = new TreeMap<>();
        regions()
                .forEach((region, status) -> servers.put(
                        region,
                        Objects.requireNonNull(status.authority(), () -> region + " has no authority")
                                .server()));
        pinRegions(servers, limit);
    }

    /**
     * Pins regions to servers, and waits until they are there.
     *
     * @param servers names of servers by names of regions
     */
    public void pinRegions(Map<String, String> servers, Duration limit) {
        servers.forEach((region, server) -> pin(region, "\"%s\"".formatted(server)));
        awaitThat(
                "all regions to be active where they are pinned to",
                limit,
                any -> servers.entrySet().stream().allMatch(pinned -> {
                    RegionStatus region = any.regions().get(pinned.getKey());
                    return region != null
                            && region.phase() == RegionPhase.ACTIVE
                            && region.authority() != null
                            && region.authority().server().equals(pinned.getValue());
                }));
    }

    /** Lets regions be moved again after {@link #pinRegions}. */
    public void unpinRegions() {
        regions().keySet().forEach(region -> pin(region, "null"));
    }

    private void pin(String region, String server) {
        client.resources(Region.class)
                .inNamespace(namespace)
                .withName(region)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"pinnedTo\": %s}}".formatted(server));
    }

    /** How many active regions each server acts for; servers without any are left out. */
    public Map<String, Long> regionsByServer() {
        return regions().values().stream()
                .filter(region -> region.phase() == RegionPhase.ACTIVE)
                .map(RegionStatus::authority)
                .filter(Objects::nonNull)
                .map(ServerIncarnation::server)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** The pods of the game servers that have not been deleted. */
    public List<Pod> pods() {
        return client
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", name)
                .withLabel("app.kubernetes.io/component", "game-server")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /**
     * Waits until the present spec is what runs: condition Ready is true of it, all servers are ready and all regions
     * active.
     *
     * @param limit after which it is an error that names what is missing
     */
    public void awaitReady(Duration limit) {
        await("%s/%s to be ready".formatted(namespace, name))
                .atMost(limit)
                .pollInterval(Duration.ofMillis(250))
                .until(this::summary, Summary::isReady);
    }

    /** Waits until each region is active and has a backup that can take over at once. */
    public void awaitBackups(Duration limit) {
        awaitThat(
                "each region to have a backup in sync",
                limit,
                any -> any.regions().values().stream()
                        .allMatch(region -> region.phase() == RegionPhase.ACTIVE
                                && region.backups().stream().anyMatch(Backup::inSync)));
    }

    /** Waits until what is read of the mesh satisfies the condition. */
    public void awaitThat(String what, Duration limit, Predicate<Mesh> condition) {
        await("%s/%s: %s".formatted(namespace, name, what))
                .atMost(limit)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> condition.test(this));
    }

    /**
     * Everything in the namespace that was made for this mesh, as {@code kind/name}, but Events: what bears its label
     * or a name that begins with its own, of all kinds that the API server knows and that can be deleted: measurements
     * of pods cannot.
     */
    public Set<String> objects() {
        Set<String> found = new TreeSet<>();
        for (APIGroup group : client.getApiGroups().getGroups()) {
            found.addAll(objects(group.getPreferredVersion().getGroupVersion()));
        }
        found.addAll(objects("v1"));
        return found;
    }

    private Set<String> objects(String groupVersion) {
        Set<String> found = new TreeSet<>();
        for (APIResource resource : client.getApiResources(groupVersion).getResources()) {
            boolean listable = resource.getNamespaced() && resource.getVerbs().containsAll(List.of("list", "delete"));
            if (!listable
                    || resource.getName().contains("/")
                    || resource.getKind().equals("Event")) {
                continue;
            }
            ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                    .withGroup(groupVersion.contains("/") ? groupVersion.substring(0, groupVersion.indexOf('/')) : "")
                    .withVersion(groupVersion.substring(groupVersion.indexOf('/') + 1))
                    .withKind(resource.getKind())
                    .withPlural(resource.getName())
                    .withNamespaced(true)
                    .build();
            client.genericKubernetesResources(context).inNamespace(namespace).list().getItems().stream()
                    .map(HasMetadata::getMetadata)
                    .filter(this::isOfThisMesh)
                    .forEach(metadata -> found.add("%s/%s".formatted(resource.getKind(), metadata.getName())));
        }
        return found;
    }

    private boolean isOfThisMesh(ObjectMeta metadata) {
        Map<String, String> labels = Objects.requireNonNullElse(metadata.getLabels(), Map.of());
        return name.equals(labels.get("app.kubernetes.io/instance"))
                || metadata.getName().equals(name)
                || metadata.getName().startsWith(name + "-");
    }

    /** Asks for another number of servers the way autoscalers and {@code kubectl scale} do. */
    public void scale(int servers) {
        client.resources(GameMesh.class).inNamespace(namespace).withName(name).scale(servers);
    }

    /** What autoscalers are told of the mesh: its number of servers, and how its pods are selected. */
    public Scale scale() {
        return client.resources(GameMesh.class)
                .inNamespace(namespace)
                .withName(name)
                .scale();
    }

    /** Deletes the mesh; what follows from that is the operator's. */
    public void delete() {
        client.resources(GameMesh.class).inNamespace(namespace).withName(name).delete();
    }

    /** Deletes the pod of a server, which is told to stop and given its time for it. */
    public void deletePod(String server) {
        client.pods().inNamespace(namespace).withName(server).delete();
    }

    /**
     * Kills the process of a server from within its pod with SIGKILL, so that nothing of it runs any more. The mesh's
     * pod template must be that of {@link KillablePod}.
     */
    public void kill(String server) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int restarts = restarts(server);
        ExecWatch killing = client.pods()
                .inNamespace(namespace)
                .withName(server)
                .inContainer(CONTAINER)
                .writingOutput(said)
                .writingError(said)
                .exec(KillablePod.command());
        try {
            awaitThat(server + " to have been killed", Duration.ofSeconds(30), any -> restarts(server) > restarts);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "%s could not be killed: %s".formatted(server, said.toString(StandardCharsets.UTF_8)), e);
        } finally {
            killing.close();
        }
    }

    /** {@linkplain #kill(String) Kills} several servers at the same time. */
    public void kill(Set<String> servers) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(servers.stream()
                            .map(server -> CompletableFuture.runAsync(() -> kill(server), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    private int restarts(String server) {
        return client
                .pods()
                .inNamespace(namespace)
                .withName(server)
                .require()
                .getStatus()
                .getContainerStatuses()
                .stream()
                .filter(container -> container.getName().equals(CONTAINER))
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }

    /** host:port (UDP) at which players outside the cluster reach each ready server, in the order of their names. */
    public List<String> playerAddresses() {
        return status().servers().stream()
                .map(ServerStatus::address)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The certificate authority that players check servers against, in PEM. */
    public String certificateAuthority() {
        ConfigMap config = client.configMaps()
                .inNamespace(namespace)
                .withName(name + "-config")
                .require();
        return Objects.requireNonNull(config.getData().get("ca.crt"), "%s-config has no ca.crt".formatted(name));
    }

    /** The name in the servers' certificates. */
    public String tlsName() {
        return "%s.%s.gamemesh".formatted(name, namespace);
    }

    /** What each server's {@code /metrics} says now, by the server's name. */
    public Map<String, Samples> scrape() {
        return pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toMap(Function.identity(), this::scrape));
    }

    /**
     * What all servers together have counted between two scrapes; a server that was not there at the first counts from
     * its start.
     */
    public static Histogram between(Map<String, Samples> before, Map<String, Samples> after, String histogram) {
        Histogram sum = Histogram.EMPTY;
        for (Map.Entry<String, Samples> server : after.entrySet()) {
            Samples earlier = before.get(server.getKey());
            Histogram start = earlier == null ? Histogram.EMPTY : earlier.histogram(histogram);
            sum = sum.plus(server.getValue().histogram(histogram).since(start));
        }
        return sum;
    }

    /** What a server's {@code /metrics} says now. */
    public Samples scrape(String server) {
        String path = "/api/v1/namespaces/%s/pods/%s:8081/proxy/metrics".formatted(namespace, server);
        return Samples.parse(Objects.requireNonNull(client.raw(path), path));
    }

    private Summary summary() {
        Optional<GameMesh> mesh = read();
        GameMeshStatus status = mesh.map(GameMesh::getStatus).orElseGet(GameMeshStatus::new);
        long generation =
                mesh.map(present -> present.getMetadata().getGeneration()).orElse(0L);
        String ready = status.conditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .filter(condition -> Objects.equals(condition.getObservedGeneration(), generation))
                .map(condition -> "%s %s"
                        .formatted(condition.getStatus(), Objects.requireNonNullElse(condition.getMessage(), "")))
                .findFirst()
                .orElse("not reported for generation " + generation);
        return new Summary(
                ready,
                status.readyReplicas(),
                mesh.map(present -> present.getSpec().servers().replicas()).orElse(0),
                regions().values().stream()
                        .collect(Collectors.groupingBy(RegionStatus::phase, TreeMap::new, Collectors.counting())));
    }

    private record Summary(String ready, int readyServers, int servers, Map<RegionPhase, Long> regions) {

        boolean isReady() {
            return ready.startsWith("True")
                    && readyServers == servers
                    && regions.keySet().equals(Set.of(RegionPhase.ACTIVE));
        }
    }
}
