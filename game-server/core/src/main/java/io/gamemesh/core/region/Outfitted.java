package io.gamemesh.core.region;

import java.util.LinkedHashSet;

/**
 * Players who have begun in this region with what newcomers get, or have left the world from here, so that who leaves and comes
 * anew does not get it again. The last {@value #MAX}: the one that has been known the longest makes room.
 */
final class Outfitted {

    static final int MAX = 4096;

    private final LinkedHashSet<String> players = new LinkedHashSet<>();

    void add(String playerId) {
        if (players.add(playerId) && players.size() > MAX) {
            players.removeFirst();
        }
    }

    boolean has(String playerId) {
        return players.contains(playerId);
    }

    int size() {
        return players.size();
    }

    /** The one that has been known the longest first. */
    Iterable<String> oldestFirst() {
        return players;
    }
}
