package io.gamemesh.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked for, from system properties ({@code gamemesh.context}) or else the environment
 * ({@code GAMEMESH_CONTEXT}).
 *
 * @param project the project's root folder
 * @param kubeconfig {@code gamemesh.kubeconfig}: the cluster to use; the usual kubeconfig if only a context is given
 * @param context {@code gamemesh.context}: the context of the kubeconfig; its current one if absent
 * @param olm {@code gamemesh.olm}: the folder that {@code tests/cluster/olm/tools processes} prints
 * @param metrics {@code gamemesh.metrics}: whether the cluster can be given the metrics API; true if absent
 * @param keep {@code gamemesh.keep}: leave what was started running, for whoever wants to look
 */
record Settings(
        Path project,
        @Nullable Path kubeconfig,
        @Nullable String context,
        @Nullable Path olm,
        boolean metrics,
        boolean keep) {

    static Settings ofThisProcess() {
        return new Settings(
                findProject(),
                path("gamemesh.kubeconfig"),
                setting("gamemesh.context"),
                path("gamemesh.olm"),
                !"false".equals(setting("gamemesh.metrics")),
                Boolean.parseBoolean(setting("gamemesh.keep")));
    }

    private static @Nullable Path path(String name) {
        String value = setting(name);
        return value == null ? null : Path.of(value);
    }

    private static @Nullable String setting(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            value = System.getenv(name.toUpperCase(Locale.ROOT).replace('.', '_'));
        }
        return value == null || value.isBlank() ? null : value;
    }

    private static Path findProject() {
        String named = setting("gamemesh.project");
        if (named != null) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("mesh"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "%s is not inside the project: set gamemesh.project to its root".formatted(here));
    }
}
