package io.gamemesh.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The servers that a client may turn to: those it was given and, up to a limit, those it was redirected to. */
final class KnownServers {

    private static final int MAX_LEARNED = 64;

    private final List<ServerAddress> addresses;
    private final int given;
    private int next;

    KnownServers(Collection<ServerAddress> given, int first) {
        this.addresses = new ArrayList<>(given);
        this.given = given.size();
        this.next = first;
    }

    /** Remembers an address; beyond the limit, the one learned first is forgotten. */
    void learn(ServerAddress address) {
        if (!addresses.contains(address)) {
            if (addresses.size() >= given + MAX_LEARNED) {
                addresses.remove(given);
            }
            addresses.add(address);
        }
    }

    /** Each in turn. */
    ServerAddress next() {
        return addresses.get(Math.floorMod(next++, addresses.size()));
    }

    /** Each in turn, but not this one unless there is no other. */
    ServerAddress nextOtherThan(ServerAddress avoided) {
        ServerAddress candidate = next();
        return candidate.equals(avoided) ? next() : candidate;
    }

    /** True if all have had their turn since it was last true. */
    boolean roundIsOver() {
        return Math.floorMod(next, addresses.size()) == 0;
    }
}
