package io.gamemesh.client.bot;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What went wrong, by kind, with the latest reason of each. Confined to the event loop. */
final class BotErrors {

    private static final int MAX_KINDS = 64;

    private final Map<String, Integer> counts = new TreeMap<>();
    private int disconnects;
    private String latest = "";

    /** A player was lost. */
    void count(String kind, @Nullable String reason) {
        disconnects++;
        note(kind, reason);
    }

    /** Something went wrong that the client mends by itself. */
    void note(String kind, @Nullable String reason) {
        latest = kind + ": " + reason;
        if (counts.containsKey(kind) || counts.size() < MAX_KINDS) {
            counts.merge(kind, 1, Integer::sum);
        }
    }

    void reset() {
        disconnects = 0;
        counts.clear();
    }

    int disconnects() {
        return disconnects;
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    String latest() {
        return latest;
    }

    Map<String, Integer> counts() {
        return counts;
    }
}
