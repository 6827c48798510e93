package io.gamemesh.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.gamemesh.crd.v1alpha1.GameMesh;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The cluster of one run, with the operator in it. Whoever opens it closes it; what it found running goes on running,
 * what it started is stopped unless the settings say to keep it. Safe for use by several threads.
 */
public final class TestCluster implements AutoCloseable {

    static final String OPERATOR_NAMESPACE = "gamemesh-system";

    private static final String OPERATOR = "gamemesh-operator";

    private static final System.Logger LOG = System.getLogger(TestCluster.class.getName());

    private final ClusterSource source;
    private final Settings settings;
    private final boolean startedHere;
    private final Config connection;
    private final KubernetesClient client;
    private final Map<String, Supplier<String>> further = new ConcurrentHashMap<>();

    private TestCluster(ClusterSource source, Settings settings, boolean startedHere, Config connection) {
        this.source = source;
        this.settings = settings;
        this.startedHere = startedHere;
        this.connection = connection;
        this.client = client(connection);
    }

    /**
     * Finds the cluster that system properties or the environment ask for, starts it if it does not run, and installs
     * the operator if it has none. An operator that is there is used as it is: {@code ./mesh up} renews it.
     */
    public static TestCluster open() {
        Settings settings = Settings.ofThisProcess();
        ClusterSource source = ClusterSource.find(settings);
        boolean started = !source.exists();
        if (!source.isRunning()) {
            source.start();
        }
        TestCluster cluster = new TestCluster(source, settings, started, source.connection());
        if (cluster.operator().get() == null) {
            source.start();
        }
        return cluster;
    }

    /** The root folder of the project. */
    public static Path project() {
        return Settings.ofThisProcess().project();
    }

    /**
     * Opens the cluster, waits for its operator, and does something in a namespace of its own, which is deleted afterwards.
     *
     * @param prefix of the namespace's name
     */
    public static <T> T inNamespace(String prefix, BiFunction<TestCluster, TestNamespace, T> work) {
        try (TestCluster cluster = open()) {
            cluster.awaitOperator();
            TestNamespace namespace = cluster.createNamespace(prefix);
            try {
                return work.apply(cluster, namespace);
            } finally {
                cluster.deleteNamespace(namespace);
            }
        }
    }

    /** A client without a default namespace. */
    public KubernetesClient client() {
        return client;
    }

    /** Makes a namespace with a name of its own that starts with the given one. The caller deletes it. */
    public TestNamespace createNamespace(String prefix) {
        byte[] random = new byte[3];
        new SecureRandom().nextBytes(random);
        String name = "%s-%s".formatted(prefix, HexFormat.of().formatHex(random));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("gamemesh.io/test", prefix)
                        .endMetadata()
                        .build())
                .create();
        return new TestNamespace(
                client(new ConfigBuilder(connection).withNamespace(name).build()), name);
    }

    /**
     * Deletes the namespace and waits until it and all in it are gone.
     *
     * @throws IllegalStateException if something in it is left behind after two minutes
     * @throws org.awaitility.core.ConditionTimeoutException if a GameMesh is after one
     */
    public void deleteNamespace(TestNamespace namespace) {
        namespace.client().close();
        if (settings.keep()) {
            LOG.log(System.Logger.Level.INFO, "namespace {0} is kept, as asked", namespace.name());
            return;
        }
        // Before the pods and what they need go too, so that servers can still be asked to let go of their regions.
        deleteMeshes(namespace.name());
        client.namespaces().withName(namespace.name()).delete();
        try {
            client.namespaces().withName(namespace.name()).waitUntilCondition(n -> n == null, 2, TimeUnit.MINUTES);
        } catch (KubernetesClientTimeoutException e) {
            throw new IllegalStateException(
                    "namespace %s still is there 2 minutes after its deletion: %s"
                            .formatted(
                                    namespace.name(),
                                    client.namespaces()
                                            .withName(namespace.name())
                                            .get()
                                            .getStatus()
                                            .getConditions()),
                    e);
        }
    }

    private void deleteMeshes(String namespace) {
        var meshes = client.resources(GameMesh.class).inNamespace(namespace);
        meshes.delete();
        await("the GameMeshes in %s to be gone".formatted(namespace))
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> meshes.list().getItems().isEmpty());
    }

    RollableScalableResource<Deployment> operator() {
        return client.apps().deployments().inNamespace(OPERATOR_NAMESPACE).withName(OPERATOR);
    }

    /** Waits until the operator that the cluster was given runs. */
    public void awaitOperator() {
        operator()
                .waitUntilCondition(
                        deployment -> deployment != null
                                && deployment.getStatus() != null
                                && deployment
                                        .getSpec()
                                        .getReplicas()
                                        .equals(deployment.getStatus().getReadyReplicas()),
                        Duration.ofMinutes(3).toSeconds(),
                        TimeUnit.SECONDS);
    }

    /** Whether {@link #startMetricsApi} can be expected to work: it can't where its program can't be built. */
    public boolean hasMetricsProgram() {
        return settings.metrics();
    }

    /**
     * Gives the cluster the metrics API, which HorizontalPodAutoscalers read, unless it has one, and waits until it
     * answers. It stays there.
     *
     * @throws IllegalStateException if the cluster was named by whoever started this run, and has none
     */
    public void startMetricsApi() {
        source.startMetricsApi();
    }

    /**
     * Stops the operator that the cluster was given, so that a test can install it in another way. Whoever asks for that
     * closes what is returned, whereupon it is back.
     */
    public SuspendedOperator suspendOperator() {
        return SuspendedOperator.suspend(this);
    }

    /** As {@link #suspendOperator}, but kills all of its pods at once, without their being told. */
    public SuspendedOperator killOperators() {
        return SuspendedOperator.kill(this);
    }

    /** Has a file among the evidence of failures, until {@link #stopKeeping}. It is written anew for each of them. */
    public void keepOnFailure(String file, Supplier<String> text) {
        further.put(file, text);
    }

    /** Takes back what {@link #keepOnFailure} asked for. */
    public void stopKeeping(String file) {
        further.remove(file);
    }

    Map<String, Supplier<String>> furtherEvidence() {
        return Map.copyOf(further);
    }

    /**
     * The folder with {@code olm}, {@code catalog} and {@code opm}, if whoever runs the tests has named it:
     * {@code ./mesh test} does, where there is Go to build them.
     */
    public Optional<Path> lifecycleManager() {
        return Optional.ofNullable(settings.olm());
    }

    /** Writes how to reach the cluster, as a kubeconfig with secrets in it. */
    public void writeKubeconfig(Path file) {
        Kubeconfig.write(connection, file);
    }

    /** Where figures are kept. */
    public Figures figures() {
        return new Figures(project().resolve("tests/cluster/target/cluster-figures.txt"));
    }

    /** The operator's pod that leads, if one does. */
    public Optional<String> leader() {
        return leader(OPERATOR_NAMESPACE);
    }

    /** The pod that leads of an operator that was installed into that namespace, if one does. */
    public Optional<String> leader(String namespace) {
        return Optional.ofNullable(client.leases()
                        .inNamespace(namespace)
                        .withName(OPERATOR)
                        .get())
                .map(lease -> lease.getSpec().getHolderIdentity())
                .filter(holder -> !holder.isEmpty())
                // The holder is POD@ADDRESS.
                .map(holder -> holder.split("@", 2)[0]);
    }

    /** Kills a pod of the operator at once, without its being told. */
    public void killOperator(String pod) {
        client.pods()
                .inNamespace(OPERATOR_NAMESPACE)
                .withName(pod)
                .withGracePeriod(0)
                .delete();
    }

    @Override
    public void close() {
        client.close();
        if (startedHere && !settings.keep()) {
            source.stop();
        }
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
