package io.gamemesh.server.http;

import io.gamemesh.server.ServerProcess;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive until something failed that only a new process can put right. */
@Liveness
final class NotFailed implements HealthCheck {
    private final ServerProcess process;

    NotFailed(ServerProcess process) {
        this.process = process;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("not failed").status(process.alive()).build();
    }
}
