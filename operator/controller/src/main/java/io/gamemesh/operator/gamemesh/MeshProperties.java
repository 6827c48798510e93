package io.gamemesh.operator.gamemesh;

import io.gamemesh.crd.v1alpha1.Bounds;
import io.gamemesh.crd.v1alpha1.CreaturesSpec;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.crd.v1alpha1.JwtSpec;
import io.gamemesh.crd.v1alpha1.PlayerAuthentication;
import io.gamemesh.crd.v1alpha1.StartingItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration of a mesh's game servers, as {@code gamemesh.properties}. */
final class MeshProperties {

    /** The file's name. */
    static final String FILE = "gamemesh.properties";

    private MeshProperties() {}

    /** The file's text: one key a line, in an order that does not change. */
    static String of(MeshModel model) {
        return entries(model).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + escape(entry.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static Map<String, String> entries(MeshModel model) {
        GameMeshSpec spec = model.spec();
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("gamemesh.mesh.name", model.mesh());
        entries.put("gamemesh.mesh.namespace", model.names().namespace());
        entries.put("gamemesh.coordinator.endpoint", model.coordinatorEndpoint());
        entries.put("gamemesh.coordinator.heartbeat", spec.failover().heartbeatMillis() + "ms");
        entries.put("gamemesh.failover.replication-lease", spec.failover().replicationLeaseMillis() + "ms");
        entries.put("gamemesh.world.seed", Long.toString(spec.world().seed()));
        entries.put("gamemesh.world.generator", spec.world().generator());
        entries.put("gamemesh.world.region-size", spec.world().regionSize().toString());
        entries.put(
                "gamemesh.world.min-region-size", spec.world().minRegionSize().toString());
        entries.put("gamemesh.world.overlap", spec.world().overlap().toString());
        Bounds bounds = spec.world().bounds();
        if (bounds != null) {
            entries.put("gamemesh.world.bounds", text(bounds));
        }
        List<StartingItem> items = spec.world().startingItems();
        if (items != null) {
            entries.put(
                    "gamemesh.world.starting-items",
                    items.stream().map(each -> each.item() + ":" + each.count()).collect(Collectors.joining(",")));
        }
        CreaturesSpec creatures = spec.world().creatures();
        if (creatures != null) {
            entries.put("gamemesh.world.creatures", creatures.perRegion().toString());
            entries.put("gamemesh.world.behaviour", creatures.behaviour());
        }
        entries.put("gamemesh.server.tick-rate", spec.servers().tickRate().toString());
        entries.put("gamemesh.server.max-players", spec.servers().maxPlayers().toString());
        entries.put("gamemesh.server.drain-deadline", spec.servers().drainTimeoutSeconds() + "s");
        if (StoreSecret.name(spec) != null) {
            entries.put("gamemesh.store.kind", "postgres");
            entries.put("gamemesh.store.directory", StoreSecret.DIRECTORY);
        }
        JwtSpec jwt = spec.security().jwt();
        if (spec.security().players() == PlayerAuthentication.JWT && jwt != null) {
            entries.put("gamemesh.security.players", "JWT");
            entries.put("gamemesh.security.jwt.issuer", jwt.issuer());
            entries.put("gamemesh.security.jwt.audience", jwt.audience());
            entries.put("gamemesh.security.jwt.jwks-file", ServerPod.JWKS_FILE);
        } else {
            entries.put("gamemesh.security.players", "Open");
        }
        return entries;
    }

    private static String text(Bounds bounds) {
        return bounds.min().x() + "," + bounds.min().y() + "," + bounds.min().z() + ","
                + bounds.max().x() + "," + bounds.max().y() + "," + bounds.max().z();
    }

    /**
     * Keeps a value on its line and the expressions of the reader's configuration library out of it: a user's text must
     * not become another key or pull in the environment.
     */
    private static String escape(String value) {
        StringBuilder escaped = new StringBuilder(value.length());
        value.chars().forEach(character -> {
            switch (character) {
                case '\\' -> escaped.append("\\\\");
                case '$' -> escaped.append("\\\\$");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (character < ' ' || character > '~') {
                        escaped.append("\\u%04x".formatted(character));
                    } else {
                        escaped.append((char) character);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
