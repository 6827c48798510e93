package io.gamemesh.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Runs seeds on several threads, each run in one. */
final class Seeds {

    private Seeds() {}

    /**
     * Runs seeds in order.
     *
     * @param from the first
     * @param count how many at most
     * @param toFirstViolation whether no further ones are begun once an invariant was violated
     * @param threads how many run at a time
     * @param settings of a seed
     * @return what came of them, in order of seeds
     * @throws IllegalStateException if a run ends by anything but a violation
     */
    static Collection<SimulationResult> run(
            long from, long count, boolean toFirstViolation, int threads, LongFunction<SimulationSettings> settings)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        AtomicBoolean enough = new AtomicBoolean();
        TreeMap<Long, SimulationResult> results = new TreeMap<>();
        List<Throwable> broken = new ArrayList<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                for (long seed = next.getAndIncrement();
                        seed < from + count && !enough.get();
                        seed = next.getAndIncrement()) {
                    try {
                        SimulationResult result = Simulation.run(settings.apply(seed));
                        synchronized (results) {
                            results.put(seed, result);
                        }
                        enough.compareAndSet(false, toFirstViolation && result.violation() != null);
                    } catch (RuntimeException | Error e) {
                        enough.set(true);
                        synchronized (results) {
                            broken.add(new IllegalStateException("seed " + seed + " ends the simulation itself", e));
                        }
                    }
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        if (!broken.isEmpty()) {
            throw new IllegalStateException("the simulation itself is broken", broken.getFirst());
        }
        return List.copyOf(results.values());
    }
}
