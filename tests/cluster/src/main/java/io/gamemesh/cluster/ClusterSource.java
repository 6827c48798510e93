package io.gamemesh.cluster;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the cluster comes from: the one that was named, kind where containers can be run, else a local Kubernetes. */
sealed interface ClusterSource {

    boolean isRunning();

    /** Starts what does not run yet, which from a bare machine takes minutes. */
    void start();

    void stop();

    /** How to reach the running cluster. */
    Config connection();

    static ClusterSource find(Settings settings) {
        if (settings.kubeconfig() != null || settings.context() != null) {
            return new Named(settings.kubeconfig(), settings.context());
        }
        Path folder = settings.project().resolve("tests/cluster");
        return hasContainerEngine(folder)
                ? new Scripted(folder.resolve("kind/cluster"))
                : new Scripted(folder.resolve("local/cluster"));
    }

    private static boolean hasContainerEngine(Path folder) {
        Duration limit = Duration.ofSeconds(20);
        return Command.of(folder, limit, "docker", "info").succeeds()
                || Command.of(folder, limit, "podman", "info").succeeds();
    }

    /** A cluster that somebody else looks after. */
    record Named(@Nullable Path kubeconfig, @Nullable String context) implements ClusterSource {

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public Config connection() {
            return kubeconfig == null
                    ? Config.autoConfigure(context)
                    : Config.fromKubeconfig(context, kubeconfig.toFile());
        }
    }

    /** A cluster that a script of the project starts and stops. */
    record Scripted(Path script) implements ClusterSource {

        private static final Duration QUICK = Duration.ofMinutes(1);
        private static final Duration FROM_BARE = Duration.ofMinutes(40);

        @Override
        public boolean isRunning() {
            return command(QUICK, "status").succeeds();
        }

        @Override
        public void start() {
            command(FROM_BARE, "up").run();
        }

        @Override
        public void stop() {
            command(Duration.ofMinutes(5), "down").run();
        }

        @Override
        public Config connection() {
            return Config.fromKubeconfig(
                    new File(command(QUICK, "kubeconfig").run().strip()));
        }

        private Command command(Duration limit, String name) {
            return Command.of(Path.of("/"), limit, script.toString(), name);
        }
    }
}
