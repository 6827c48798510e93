package io.gamemesh.cluster;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the cluster comes from: the one that was named, kind where containers can be run, else a local Kubernetes. */
sealed interface ClusterSource {

    List<String> UP = List.of("up", "--no-world");
    List<String> METRICS = List.of("metrics");

    /** Whether anything of it is there, running or not: such a cluster is somebody's, and is not taken down. */
    boolean exists();

    boolean isRunning();

    /** Brings up what is missing of the cluster, and the operator in it; from a bare machine that takes minutes. */
    void start();

    void stop();

    /** Gives the running cluster the metrics API, unless it has one. */
    void startMetricsApi();

    /** How to reach the running cluster. */
    Config connection();

    static ClusterSource find(Settings settings) {
        Path project = settings.project();
        if (settings.kubeconfig() != null || settings.context() != null) {
            return new Named(project, settings.kubeconfig(), settings.context());
        }
        String kind = hasContainerEngine(project) ? "kind" : "local";
        return new Scripted(project, project.resolve("tests/cluster/%s/cluster".formatted(kind)));
    }

    private static boolean hasContainerEngine(Path folder) {
        Duration limit = Duration.ofSeconds(20);
        return Command.of(folder, limit, "docker", "info").succeeds()
                || Command.of(folder, limit, "podman", "info").succeeds();
    }

    private static void mesh(Path project, List<String> command, List<String> options) {
        List<String> line = new ArrayList<>();
        line.add(project.resolve("mesh").toString());
        line.addAll(command);
        line.addAll(options);
        Command.of(project, Duration.ofMinutes(40), line.toArray(String[]::new)).run();
    }

    /** A cluster that somebody else looks after. */
    record Named(
            Path project,
            @Nullable Path kubeconfig,
            @Nullable String context) implements ClusterSource {

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public void start() {
            mesh(project, UP, options());
        }

        @Override
        public void startMetricsApi() {
            mesh(project, METRICS, options());
        }

        private List<String> options() {
            List<String> options = new ArrayList<>();
            if (kubeconfig != null) {
                options.addAll(List.of("--kubeconfig", kubeconfig.toString()));
            }
            if (context != null) {
                options.addAll(List.of("--context", context));
            }
            return options;
        }

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
    record Scripted(Path project, Path script) implements ClusterSource {

        private static final Duration QUICK = Duration.ofMinutes(1);

        @Override
        public boolean exists() {
            return command(QUICK, "exists").succeeds();
        }

        @Override
        public boolean isRunning() {
            return command(QUICK, "status").succeeds();
        }

        @Override
        public void start() {
            mesh(project, UP, List.of());
        }

        @Override
        public void startMetricsApi() {
            mesh(project, METRICS, List.of());
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
            return Command.of(project, limit, script.toString(), name);
        }
    }
}
