package io.gamemesh.planner.scaling;

import java.util.ArrayDeque;

/**
 * The greatest number that was seen within a sliding window of time, in amortised constant time and in space for as many
 * entries as there are different numbers (the monotonic queue). Not thread-safe.
 */
final class WindowMaximum {

    private record Seen(int value, long at) {}

    private final ArrayDeque<Seen> falling = new ArrayDeque<>();

    /** Takes in a number; {@code now} in nanoseconds, not before that of the call before. */
    void add(int value, long now) {
        while (!falling.isEmpty() && falling.getLast().value() <= value) {
            falling.removeLast();
        }
        falling.addLast(new Seen(value, now));
    }

    /** The greatest number since {@code now - window}; the latest one is always in. */
    int over(long window, long now) {
        while (falling.size() > 1 && now - falling.getFirst().at() > window) {
            falling.removeFirst();
        }
        return falling.getFirst().value();
    }
}
