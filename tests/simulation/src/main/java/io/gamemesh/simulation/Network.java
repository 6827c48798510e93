package io.gamemesh.simulation;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** Who can reach whom. A cut keeps what is under way on a stream until it is healed, as TCP does; a datagram it drops. */
final class Network {

    /** One direction. */
    private record Way(String from, String to) {}

    private static final long LOOK_AGAIN = 20 * Scheduler.MILLI;

    private final World world;
    private final Set<Way> cut = new HashSet<>();
    private final Set<String> island = new HashSet<>();
    private boolean parted;

    Network(World world) {
        this.world = world;
    }

    void cut(String from, String to) {
        cut.add(new Way(from, to));
    }

    void heal(String from, String to) {
        cut.remove(new Way(from, to));
    }

    /** Those and the rest do not hear each other any more. */
    void part(Set<String> from) {
        island.clear();
        island.addAll(from);
        parted = true;
    }

    void reunite() {
        parted = false;
    }

    void healAll() {
        cut.clear();
        parted = false;
    }

    boolean reaches(String from, String to) {
        return !(parted && island.contains(from) != island.contains(to)) && !cut.contains(new Way(from, to));
    }

    /** One direction of a stream: in order, late, and lost only with the stream. */
    final class Pipe {
        private record Item(long at, Runnable arrives) {}

        private final String from;
        private final String to;
        private final ArrayDeque<Item> underWay = new ArrayDeque<>();
        private long last;
        private boolean broken;
        private boolean scheduled;

        Pipe(String from, String to) {
            this.from = from;
            this.to = to;
        }

        void send(Runnable arrives) {
            if (broken) {
                return;
            }
            last = Math.max(last + 1, world.now() + world.networkDelay());
            underWay.add(new Item(last, arrives));
            schedule(last);
        }

        private void schedule(long at) {
            if (!scheduled) {
                scheduled = true;
                world.scheduler.at(at, this::deliver);
            }
        }

        private void deliver() {
            scheduled = false;
            while (!underWay.isEmpty() && !broken) {
                Item first = underWay.getFirst();
                if (first.at() > world.now()) {
                    schedule(first.at());
                    return;
                }
                if (!reaches(from, to)) {
                    schedule(world.now() + LOOK_AGAIN);
                    return;
                }
                underWay.removeFirst();
                first.arrives().run();
            }
        }

        /** What is under way may still arrive for a moment, then no more. */
        void breaks(long afterNanos) {
            world.scheduler.after(afterNanos, () -> {
                broken = true;
                underWay.clear();
            });
        }

        boolean broken() {
            return broken;
        }
    }
}
