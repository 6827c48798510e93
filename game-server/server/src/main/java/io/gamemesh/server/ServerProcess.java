package io.gamemesh.server;

import io.gamemesh.server.session.PlayerFigures;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs one game server for as long as the process lives. */
@ApplicationScoped
public class ServerProcess {
    private static final Logger LOG = Logger.getLogger(ServerProcess.class);
    private static final int FAILED = 1;

    private final ServerConfig config;
    private final MeterRegistry registry;
    private final String version;
    private volatile @Nullable GameServer server;
    private volatile boolean failed;

    ServerProcess(
            ServerConfig config,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.config = config;
        this.registry = registry;
        this.version = version;
    }

    void start(@Observes StartupEvent event) throws IOException, GeneralSecurityException {
        server = new GameServer(config, version, registry, this::failed);
    }

    private void failed(Throwable cause) {
        LOG.fatal("This process cannot go on", cause);
        failed = true;
        Quarkus.asyncExit(FAILED);
    }

    /** Runs on SIGTERM. The regions are handed over first, unless the process has failed and cannot be trusted with it. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        GameServer running = server;
        if (running == null) {
            return;
        }
        try {
            if (!failed) {
                running.drain();
            }
        } finally {
            running.close();
        }
    }

    /** True while the server's ports are open. */
    public boolean ready() {
        GameServer running = server;
        return running != null && running.ready();
    }

    /** True until something failed that cannot be put right. */
    public boolean alive() {
        return !failed;
    }

    /** What goes to and comes from each player; null before the server has started. */
    public @Nullable CompletableFuture<List<PlayerFigures>> playerFigures() {
        GameServer running = server;
        return running == null ? null : running.playerFigures();
    }

    /** The server; null before it has started. */
    @Nullable GameServer server() {
        return server;
    }
}
