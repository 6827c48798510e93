package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where copies go: to the server with the fewest regions and copies, on another node than the authority's if there is one.
 * A choice looks at few servers: those that come first and are not taken.
 */
final class BackupPlan {

    private final Function<ServerId, String> nodeOf;
    private final Map<ServerId, Integer> counts = new HashMap<>();
    private final TreeSet<ServerId> fewestFirst;

    /**
     * @param fit servers that can be backups
     * @param nodeOf name of the node that a server runs on; empty if it is not known
     */
    BackupPlan(Collection<ServerId> fit, Function<ServerId, String> nodeOf) {
        this.nodeOf = nodeOf;
        fit.forEach(server -> counts.put(server, 0));
        fewestFirst = new TreeSet<>(Comparator.<ServerId>comparingInt(server -> counts.getOrDefault(server, 0))
                .thenComparing(ServerId::name)
                .thenComparingInt(ServerId::incarnation));
        fewestFirst.addAll(fit);
    }

    /** A region that there is. */
    void count(@Nullable ServerId authority, Backups backups) {
        add(authority);
        backups.list().forEach(backup -> add(backup.server()));
    }

    private void add(@Nullable ServerId server) {
        if (server != null && fewestFirst.remove(server)) {
            counts.merge(server, 1, Integer::sum);
            fewestFirst.add(server);
        }
    }

    /** Who gets another copy of a region; null if nobody can. */
    @Nullable ServerId choose(ServerId authority, Backups present) {
        String node = nodeOf.apply(authority);
        ServerId first = null;
        for (ServerId server : fewestFirst) {
            if (server.equals(authority) || present.has(server)) {
                continue;
            }
            if (first == null) {
                first = server;
            }
            boolean elsewhere = !node.isEmpty() && !nodeOf.apply(server).equals(node);
            if (elsewhere) {
                first = server;
                break;
            }
            if (node.isEmpty()) {
                break;
            }
        }
        add(first);
        return first;
    }
}
