package io.gamemesh.operator;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.gamemesh.coordinator.ControlPlane;
import io.gamemesh.coordinator.Leadership;
import io.gamemesh.operator.coordination.ControlPlaneListener;
import io.gamemesh.operator.coordination.MeshCoordination;
import io.gamemesh.operator.leader.LeaderElection;
import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What starts and stops when. Every replica serves the control plane and stands for election; the one that leads watches,
 * reconciles and coordinates. Who loses the lead ends: starting afresh is the one way back that needs no thought.
 */
@Singleton
class OperatorLifecycle implements Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorLifecycle.class);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(5);
    private static final int FAILURE = 1;

    private final OperatorSettings settings;
    private final KubernetesClient client;
    private final Operator operator;
    private final ControlPlane controlPlane;
    private final ControlPlaneListener listener;
    private final MeshCoordination coordination;
    private volatile @Nullable LeaderElection election;
    private volatile boolean stopping;

    OperatorLifecycle(
            OperatorSettings settings,
            KubernetesClient client,
            Operator operator,
            ControlPlane controlPlane,
            ControlPlaneListener listener,
            MeshCoordination coordination) {
        this.settings = settings;
        this.client = client;
        this.operator = operator;
        this.controlPlane = controlPlane;
        this.listener = listener;
        this.coordination = coordination;
    }

    void start(@Observes StartupEvent started) {
        controlPlane.onFailure(this::exit);
        controlPlane.actWhile(this::leading);
        int port = listener.start(this);
        LeaderElection candidate = new LeaderElection(
                hasty(client), settings, settings.pod().ip() + ":" + port, System::nanoTime, this::lead, this::resign);
        election = candidate;
        Thread.ofPlatform().name("standby").daemon().start(() -> standBy(candidate));
    }

    /** The Lease goes last: while anything still runs here, nobody else should lead. */
    void stop(@Observes ShutdownEvent stopped) {
        stopping = true;
        operator.stop();
        controlPlane.close();
        coordination.close();
        listener.close();
        LeaderElection candidate = election;
        if (candidate != null) {
            candidate.close();
        }
    }

    @Override
    public boolean leading() {
        LeaderElection candidate = election;
        return candidate != null && candidate.leading();
    }

    @Override
    public Optional<String> leaderAddress() {
        return Optional.ofNullable(election).flatMap(LeaderElection::leaderAddress);
    }

    /** Watches first and stands for election then, so that whoever is elected knows already what there is. */
    private void standBy(LeaderElection candidate) {
        try {
            coordination.start();
            candidate.start();
        } catch (RuntimeException failure) {
            LOG.error("cannot watch; are the resource definitions installed, and may this account read them?", failure);
            exit();
        }
    }

    private void lead() {
        try {
            LOG.info("leading");
            operator.start();
            coordination.lead();
        } catch (RuntimeException failure) {
            LOG.error("cannot lead", failure);
            exit();
        }
    }

    private void resign() {
        if (!stopping) {
            LOG.error("the lead is lost; this process ends and starts afresh");
            exit();
        }
    }

    /** Ends in good order if that is quick, else at once. */
    private void exit() {
        Thread.ofPlatform().name("exit").daemon().start(() -> {
            try {
                Thread.sleep(EXIT_WITHIN);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(FAILURE);
        });
        Quarkus.asyncExit(FAILURE);
    }

    /** A client that rather fails than waits: a renewal that comes late is worth nothing. */
    private KubernetesClient hasty(KubernetesClient patient) {
        Duration period = settings.leaderElection().renewDeadline().dividedBy(2);
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(patient.getConfiguration())
                        .withRequestTimeout((int) period.toMillis())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }
}
