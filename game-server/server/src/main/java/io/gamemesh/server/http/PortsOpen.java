package io.gamemesh.server.http;

import io.gamemesh.server.ServerProcess;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the ports are open: without coordinator or peers the server is still where its players are. */
@Readiness
final class PortsOpen implements HealthCheck {
    private final ServerProcess process;

    PortsOpen(ServerProcess process) {
        this.process = process;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("ports open").status(process.ready()).build();
    }
}
