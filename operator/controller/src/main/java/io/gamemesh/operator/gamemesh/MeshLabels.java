package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.gamemesh.coordinator.MeshKey;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The labels by which the objects of a mesh are found. */
public final class MeshLabels {

    /** What kind of application: {@code gamemesh}. */
    public static final String NAME = "app.kubernetes.io/name";

    /** Which mesh: the GameMesh's name. */
    public static final String INSTANCE = "app.kubernetes.io/instance";

    /** Which part of it: {@code game-server}. */
    public static final String COMPONENT = "app.kubernetes.io/component";

    /** Who keeps the object: {@code gamemesh-operator}. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** What a Service is for: one of {@link #SERVERS}, {@link #QUERY}, {@link #PLAYERS}. */
    public static final String SERVICE = "gamemesh.io/service";

    /** A Service that names the servers to each other. */
    public static final String SERVERS = "servers";

    /** A Service for JSON queries. */
    public static final String QUERY = "query";

    /** A Service that leads players to one server. */
    public static final String PLAYERS = "players";

    /** Selects what the operator keeps for any mesh. */
    public static final String MANAGED = NAME + "=gamemesh," + MANAGED_BY + "=gamemesh-operator";

    /** Selects game-server pods of any mesh. */
    public static final String GAME_SERVERS = MANAGED + "," + COMPONENT + "=game-server";

    /** Selects the Services that lead players to a server, of any mesh. */
    public static final String PLAYERS_SERVICES = MANAGED + "," + SERVICE + "=" + PLAYERS;

    private MeshLabels() {}

    /**
     * Returns what selects a mesh's game-server pods: the immutable selector of its StatefulSet.
     *
     * @param mesh the GameMesh's name
     * @return the labels
     */
    static Map<String, String> selector(String mesh) {
        return ordered(Map.of(NAME, "gamemesh", INSTANCE, mesh, COMPONENT, "game-server"));
    }

    /**
     * Returns the labels of everything that the operator keeps for a mesh.
     *
     * @param mesh the GameMesh's name
     * @return the labels
     */
    public static Map<String, String> all(String mesh) {
        return ordered(
                Map.of(NAME, "gamemesh", INSTANCE, mesh, COMPONENT, "game-server", MANAGED_BY, "gamemesh-operator"));
    }

    /**
     * Says whether a pod is a game server.
     *
     * @param pod a pod
     * @return true if its labels say so
     */
    public static boolean isGameServer(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels != null
                && "gamemesh".equals(labels.get(NAME))
                && "game-server".equals(labels.get(COMPONENT))
                && "gamemesh-operator".equals(labels.get(MANAGED_BY));
    }

    /**
     * Says which mesh an object belongs to.
     *
     * @param object an object with the labels above
     * @return the mesh, or empty if it has no such label
     */
    public static Optional<MeshKey> meshOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String instance = labels == null ? null : labels.get(INSTANCE);
        return Optional.ofNullable(instance)
                .map(mesh -> new MeshKey(object.getMetadata().getNamespace(), mesh));
    }

    /** In the order of the keys, so that an object reads the same each time. */
    private static Map<String, String> ordered(Map<String, String> labels) {
        return Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
