package io.gamemesh.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** A process that stands still now and then: what comes to it meanwhile comes afterwards, in its order. */
final class Standstill {

    private final Scheduler scheduler;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long until;
    private int life;

    Standstill(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Stands still until then at least. */
    void extend(long end) {
        until = Math.max(until, end);
    }

    boolean holds() {
        return scheduler.now() < until;
    }

    /** Does it now, or once it stands still no more and has done what came before. */
    void whenOver(Runnable what) {
        if (holds() || !waiting.isEmpty()) {
            if (waiting.isEmpty()) {
                wakeAtItsEnd();
            }
            waiting.add(what);
        } else {
            what.run();
        }
    }

    /** The process has ended, and with it what has come to it. */
    void end() {
        life++;
        until = 0;
        waiting.clear();
    }

    private void wakeAtItsEnd() {
        int present = life;
        scheduler.at(until, () -> {
            if (life == present) {
                wake(present);
            }
        });
    }

    // The end may have come later meanwhile, and what is done may lead to another one, or end the process.
    private void wake(int present) {
        while (!holds() && !waiting.isEmpty()) {
            waiting.getFirst().run();
            if (life != present) {
                return;
            }
            waiting.removeFirst();
        }
        if (!waiting.isEmpty()) {
            wakeAtItsEnd();
        }
    }
}
