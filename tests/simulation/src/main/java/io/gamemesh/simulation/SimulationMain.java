package io.gamemesh.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seeds on all processors: {@code --seeds N [--from SEED] [--broken VARIANT] [--threads N]}. The last line is
 * {@code N passed, N failed}; the exit status is 1 if any failed, or none did though the protocol is broken.
 */
public final class SimulationMain {

    private SimulationMain() {}

    /** Runs what the arguments ask for. */
    public static void main(String[] arguments) throws InterruptedException {
        int seeds = 100;
        long from = 1;
        Sabotage sabotage = Sabotage.NONE;
        int threads = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--seeds" -> seeds = Integer.parseInt(value);
                case "--from" -> from = Long.parseLong(value);
                case "--broken" -> sabotage = variant(value);
                case "--threads" -> threads = Integer.parseInt(value);
                default ->
                    throw new IllegalArgumentException(
                            "unknown option " + arguments[i] + ", expected --seeds, --from, --broken or --threads");
            }
        }
        System.exit(run(seeds, from, sabotage, threads));
    }

    private static Sabotage variant(String name) {
        try {
            return Sabotage.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no variant is called " + name + ", expected one of " + List.of(Sabotage.values()), e);
        }
    }

    private static int run(int seeds, long from, Sabotage sabotage, int threads) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        AtomicLong virtualNanos = new AtomicLong();
        AtomicLong steps = new AtomicLong();
        TreeMap<Long, SimulationResult> failed = new TreeMap<>();
        long began = System.nanoTime();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                for (int seed = next.getAndIncrement(); seed < seeds; seed = next.getAndIncrement()) {
                    SimulationResult result;
                    try {
                        result = Simulation.run(SimulationSettings.broken(from + seed, sabotage));
                    } catch (RuntimeException e) {
                        throw new IllegalStateException("seed " + (from + seed) + " ends the simulation itself", e);
                    }
                    virtualNanos.addAndGet(result.virtualNanos());
                    steps.addAndGet(result.steps());
                    if (result.violation() == null) {
                        passed.incrementAndGet();
                    } else {
                        synchronized (failed) {
                            failed.put(from + seed, result);
                        }
                    }
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        failed.forEach((seed, result) -> System.out.println("seed " + seed + ": " + result.violation()));
        if (sabotage == Sabotage.NONE && !failed.isEmpty()) {
            System.out.println(failed.firstEntry().getValue().history());
        }
        System.out.printf(
                Locale.ROOT,
                "%.0f virtual seconds in %.1f s, %.0f a second; %d events%n",
                virtualNanos.get() / 1e9,
                seconds,
                virtualNanos.get() / 1e9 / seconds,
                steps.get());
        System.out.println(passed + " passed, " + failed.size() + " failed");
        boolean asItShouldBe = (sabotage == Sabotage.NONE) == failed.isEmpty();
        return asItShouldBe ? 0 : 1;
    }
}
