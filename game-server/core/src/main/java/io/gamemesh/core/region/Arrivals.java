package io.gamemesh.core.region;

import java.util.TreeSet;

/**
 * Which crossings, of entities and of consignments, from one neighbour have been applied: all below the floor, and these. The sender numbers its
 * crossings one by one and says with each message which is the least it has no answer to, so a repeat is recognised
 * however late it comes, and nothing is remembered for longer than the sender may ask.
 */
final class Arrivals {

    final long lineage;
    private long floor = 1;
    private final TreeSet<Long> applied = new TreeSet<>();

    Arrivals(long lineage) {
        this.lineage = lineage;
    }

    boolean has(long crossing) {
        return crossing < floor || applied.contains(crossing);
    }

    void add(long crossing) {
        applied.add(crossing);
    }

    /** Whether all that have a lower number have been applied. */
    boolean hasAllBefore(long crossing) {
        return crossing <= floor || applied.headSet(crossing).size() == crossing - floor;
    }

    void raiseFloor(long oldestUnanswered) {
        if (oldestUnanswered > floor) {
            floor = oldestUnanswered;
            applied.headSet(oldestUnanswered).clear();
        }
    }

    long floor() {
        return floor;
    }

    Iterable<Long> applied() {
        return applied;
    }

    int size() {
        return applied.size();
    }
}
