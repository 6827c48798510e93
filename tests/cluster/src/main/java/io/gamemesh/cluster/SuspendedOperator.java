package io.gamemesh.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The operator that the cluster was given while none of it runs, so that a test can install it in another way. Closing it
 * puts it back as it was, with what another installation may have changed or taken away. Used by one thread.
 */
public final class SuspendedOperator implements AutoCloseable {

    /** As {@code ./mesh up} applies it. */
    private static final String FIELD_MANAGER = "mesh";

    private static final Duration STOPPED = Duration.ofMinutes(1);

    private final TestCluster cluster;
    private final Deployment deployment;

    private SuspendedOperator(TestCluster cluster, Deployment deployment) {
        this.cluster = cluster;
        this.deployment = deployment;
    }

    static SuspendedOperator suspend(TestCluster cluster) {
        return stop(cluster, () -> {});
    }

    static SuspendedOperator kill(TestCluster cluster) {
        return stop(
                cluster,
                () -> pods(cluster)
                        .forEach(pod -> cluster.killOperator(pod.getMetadata().getName())));
    }

    private static SuspendedOperator stop(TestCluster cluster, Runnable also) {
        SuspendedOperator suspended =
                new SuspendedOperator(cluster, cluster.operator().require());
        cluster.operator().scale(0);
        also.run();
        try {
            await("the operator to have stopped")
                    .atMost(STOPPED)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> pods(cluster).isEmpty());
        } catch (ConditionTimeoutException e) {
            suspended.close();
            throw e;
        }
        return suspended;
    }

    private static List<Pod> pods(TestCluster cluster) {
        return cluster.client()
                .pods()
                .inNamespace(TestCluster.OPERATOR_NAMESPACE)
                .withLabel("app.kubernetes.io/component", "operator")
                .list()
                .getItems();
    }

    /** The image that it is of. */
    public String image() {
        return container().getImage();
    }

    /** The image of game servers that it was given. */
    public String serverImage() {
        return container().getEnv().stream()
                .filter(variable -> variable.getName().equals("GAMEMESH_SERVER_IMAGE"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the operator was given no image of game servers"));
    }

    private Container container() {
        return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    @Override
    public void close() {
        for (HasMetadata object : installed()) {
            if (!(object instanceof Deployment)) {
                cluster.client()
                        .resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            }
        }
        cluster.operator().scale(deployment.getSpec().getReplicas());
        cluster.awaitOperator();
    }

    private List<HasMetadata> installed() {
        Path file = TestCluster.project().resolve("manifests/install.yaml");
        try (InputStream yaml = Files.newInputStream(file)) {
            return cluster.client().load(yaml).items();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
