package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gamemesh.coordinator.BoundedAuthenticator;
import io.gamemesh.coordinator.CachingAuthenticator;
import io.gamemesh.coordinator.ControlPlane;
import io.gamemesh.coordinator.ControlPlaneMetrics;
import io.gamemesh.coordinator.CoordinatorServer;
import io.gamemesh.coordinator.Leadership;
import io.gamemesh.coordinator.StreamLimits;
import io.gamemesh.operator.OperatorSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the control plane's port and keeps its certificate fresh. */
@Singleton
public class ControlPlaneListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneListener.class);
    private static final Duration REFRESH = Duration.ofHours(1);
    private static final int REMEMBERED_TOKENS = 1024;
    private static final int REVIEWS_AT_ONCE = 16;

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final ControlPlane controlPlane;
    private final ControlPlaneIdentity identity;
    private final ControlPlaneMetrics metrics;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("certificate-refresh").daemon().factory());
    private volatile @Nullable CoordinatorServer server;
    private volatile @Nullable ScheduledFuture<?> refresh;

    ControlPlaneListener(
            KubernetesClient client,
            OperatorSettings settings,
            ControlPlane controlPlane,
            ControlPlaneIdentity identity,
            ControlPlaneMetrics metrics) {
        this.client = client;
        this.settings = settings;
        this.controlPlane = controlPlane;
        this.identity = identity;
        this.metrics = metrics;
    }

    /**
     * Opens the port.
     *
     * @param leadership whether this replica leads
     * @return the TCP port
     */
    public int start(Leadership leadership) {
        try {
            CoordinatorServer started = CoordinatorServer.start(
                    settings.coordinator().port(),
                    identity.leaf(),
                    controlPlane,
                    leadership,
                    new CachingAuthenticator(
                            new BoundedAuthenticator(new TokenReviewAuthenticator(client), REVIEWS_AT_ONCE),
                            settings.coordinator().tokenCache(),
                            REMEMBERED_TOKENS,
                            System::nanoTime),
                    StreamLimits.standard(),
                    metrics);
            server = started;
            refresh = timer.scheduleWithFixedDelay(
                    () -> refresh(started), REFRESH.toSeconds(), REFRESH.toSeconds(), TimeUnit.SECONDS);
            return started.port();
        } catch (IOException taken) {
            throw new UncheckedIOException(
                    "cannot listen on port " + settings.coordinator().port() + " for game servers", taken);
        }
    }

    /**
     * Says whether the port is open.
     *
     * @return true if so
     */
    public boolean listening() {
        return server != null;
    }

    @Override
    public void close() {
        ScheduledFuture<?> refreshing = refresh;
        if (refreshing != null) {
            refreshing.cancel(false);
        }
        timer.shutdown();
        CoordinatorServer open = server;
        server = null;
        if (open != null) {
            open.close();
        }
    }

    private void refresh(CoordinatorServer open) {
        try {
            open.present(identity.refresh());
        } catch (RuntimeException failure) {
            LOG.error("the control plane's certificate was not looked at; the next try is in an hour", failure);
        }
    }
}
