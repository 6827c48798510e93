package io.gamemesh.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The players of the model, and the proof that none is lost. A player is where some living process has it; only the death
 * of the process that had it, or the deletion of the region that it was in, is an excuse for being nowhere. It then comes
 * back as a client does, with a ticket.
 */
final class Players {

    private final World world;

    /** The highest hop of each. */
    private final TreeMap<Integer, Integer> hops = new TreeMap<>();

    /** Who may be nowhere, with the hop at which they were lost: nobody can have a later one but by coming back. */
    private final TreeMap<Integer, Integer> excused = new TreeMap<>();

    private final TreeSet<Integer> everExcused = new TreeSet<>();
    private long rejoins;

    Players(World world, int count) {
        this.world = world;
        for (int player = 0; player < count; player++) {
            hops.put(player, 1);
            excused.put(player, 1);
            everExcused.add(player);
        }
    }

    long rejoins() {
        return rejoins;
    }

    int count() {
        return hops.size();
    }

    void moves(int player, int hop) {
        hops.merge(player, hop, Math::max);
    }

    /** What a process had may be gone with it. */
    void excuse(GameServer server) {
        server.engines.values().forEach(this::excuse);
    }

    private void excuse(Engine engine) {
        engine.players.forEach((player, hop) -> excused.merge(player, hop, Math::max));
        engine.departed.forEach((player, departure) -> excused.merge(player, departure.hop(), Math::max));
        everExcused.addAll(engine.players.keySet());
        everExcused.addAll(engine.departed.keySet());
    }

    /** An engine was let go of: rightly, if its region is being deleted, or if its state lives or died elsewhere. */
    void dropped(GameServer server, Engine engine) {
        if (world.isBeingDeleted(engine.region)) {
            excuse(engine);
        }
    }

    /** Nobody may be nowhere without an excuse. */
    void check() {
        Map<Integer, Integer> found = located();
        for (int player : hops.keySet()) {
            int hop = found.getOrDefault(player, 0);
            if (hop > excused.getOrDefault(player, 0)) {
                excused.remove(player);
            } else if (hop == 0 && !excused.containsKey(player)) {
                throw new InvariantViolation("player " + player + " is nowhere, though no server that had it has died");
            }
        }
    }

    private Map<Integer, Integer> located() {
        Map<Integer, Integer> found = new HashMap<>();
        for (GameServer server : world.cluster.processes()) {
            for (Engine engine : server.engines.values()) {
                engine.players.forEach((player, hop) -> found.merge(player, hop, Math::max));
                engine.departed.forEach((player, departure) -> found.merge(player, departure.hop(), Math::max));
            }
        }
        return found;
    }

    /** Clients that have lost their server try to come back. */
    void rejoin() {
        List<GameServer> servers = List.copyOf(world.cluster.processes());
        if (servers.isEmpty()) {
            return;
        }
        Map<Integer, Integer> found = located();
        for (int player : List.copyOf(excused.keySet())) {
            // A forerunner of an earlier hop, which a death has left behind, is not where the client was.
            if (found.getOrDefault(player, 0) < hops.getOrDefault(player, 1) && world.chance(0.3)) {
                int hop = hops.merge(player, 1, Integer::sum);
                if (servers.get((int) world.random(servers.size())).joins(player, hop)) {
                    rejoins++;
                }
            }
        }
    }

    /** In the end everybody is in exactly one place. */
    void checkAtEnd() {
        check();
        Map<Integer, List<String>> places = new TreeMap<>();
        Map<Integer, List<String>> underWay = new TreeMap<>();
        for (GameServer server : world.cluster.processes()) {
            for (Engine engine : server.engines.values()) {
                engine.players.forEach((player, hop) -> places.computeIfAbsent(player, p -> new ArrayList<>())
                        .add(server + " " + engine.region + " hop " + hop));
                engine.departed.forEach((player, departure) -> underWay.computeIfAbsent(player, p -> new ArrayList<>())
                        .add(server + " " + engine.region + (engine.running ? "" : " frozen") + " " + departure));
            }
        }
        for (int player : hops.keySet()) {
            List<String> of = places.getOrDefault(player, List.of());
            // What died between a crossing and its answer can leave a forerunner behind, whose hop is lower.
            if (of.size() != 1 && !(everExcused.contains(player) && !of.isEmpty())) {
                throw new InvariantViolation("player " + player + " ends up in " + of + " and under way from "
                        + underWay.getOrDefault(player, List.of()) + ", expected one place");
            }
        }
    }
}
