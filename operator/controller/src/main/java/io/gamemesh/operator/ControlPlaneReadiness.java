package io.gamemesh.operator;

import io.gamemesh.operator.coordination.ControlPlaneListener;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the control plane's port is open: replicas that do not lead are there to say who does. */
@Readiness
@Singleton
class ControlPlaneReadiness implements HealthCheck {

    private final ControlPlaneListener listener;
    private final OperatorLifecycle lifecycle;

    ControlPlaneReadiness(ControlPlaneListener listener, OperatorLifecycle lifecycle) {
        this.listener = listener;
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("control-plane")
                .status(listener.listening())
                .withData("leading", lifecycle.leading())
                .withData("leader", lifecycle.leaderAddress().orElse("nobody"))
                .build();
    }
}
