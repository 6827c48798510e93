package io.gamemesh.simulation;

import java.util.PriorityQueue;

/** Virtual time: what is due happens in order of time, and at one time in the order in which it was asked for. */
final class Scheduler {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    private record Item(long at, long order, Runnable what) implements Comparable<Item> {
        @Override
        public int compareTo(Item other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Item> queue = new PriorityQueue<>();
    private long now;
    private long order;
    private long steps;

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    void at(long when, Runnable what) {
        queue.add(new Item(Math.max(when, now), order++, what));
    }

    void after(long nanos, Runnable what) {
        at(now + nanos, what);
    }

    void runUntil(long end) {
        for (Item item = queue.peek(); item != null && item.at() <= end; item = queue.peek()) {
            queue.remove();
            now = item.at();
            steps++;
            item.what().run();
        }
        now = end;
    }
}
