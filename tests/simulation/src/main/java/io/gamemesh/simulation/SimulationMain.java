package io.gamemesh.simulation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Runs seeds on all processors: {@code --seeds N [--from SEED] [--broken VARIANT] [--threads N] [--faults SECONDS] [--quiet
 * SECONDS]}. With a variant, until one is found out. Of the first that fails the faults that do not matter are left out, and
 * what is left is told. The last line is {@code N passed, N failed}; the exit status is 1 if any failed, or none did though
 * the protocol is broken.
 */
public final class SimulationMain {

    private static final int SHRINKING_RUNS = 100;

    private SimulationMain() {}

    /** Runs what the arguments ask for. */
    public static void main(String[] arguments) throws InterruptedException {
        int seeds = 100;
        long from = 1;
        Sabotage sabotage = Sabotage.NONE;
        int threads = Runtime.getRuntime().availableProcessors();
        SimulationSettings shape = SimulationSettings.of(0);
        int faultSeconds = shape.faultSeconds();
        int quietSeconds = shape.quietSeconds();
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException("option " + arguments[arguments.length - 1] + " has no value");
        }
        for (int i = 0; i < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--seeds" -> seeds = Integer.parseInt(value);
                case "--from" -> from = Long.parseLong(value);
                case "--broken" -> sabotage = variant(value);
                case "--threads" -> threads = Integer.parseInt(value);
                case "--faults" -> faultSeconds = Integer.parseInt(value);
                case "--quiet" -> quietSeconds = Integer.parseInt(value);
                default ->
                    throw new IllegalArgumentException("unknown option " + arguments[i]
                            + ", expected --seeds, --from, --broken, --threads, --faults or --quiet");
            }
        }
        Sabotage variant = sabotage;
        int faults = faultSeconds;
        int quiet = quietSeconds;
        System.exit(run(
                from,
                seeds,
                threads,
                variant != Sabotage.NONE,
                seed -> new SimulationSettings(seed, variant, faults, quiet, Set.of())));
    }

    private static Sabotage variant(String name) {
        try {
            return Sabotage.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no variant is called " + name + ", expected one of " + List.of(Sabotage.values()), e);
        }
    }

    private static int run(long from, int seeds, int threads, boolean broken, LongFunction<SimulationSettings> settings)
            throws InterruptedException {
        long began = System.nanoTime();
        Collection<SimulationResult> results = Seeds.run(from, seeds, broken, threads, settings);
        double seconds = (System.nanoTime() - began) / 1e9;
        List<SimulationResult> failed =
                results.stream().filter(result -> result.violation() != null).toList();
        failed.forEach(result -> System.out.println("seed " + result.settings().seed() + ": " + result.violation()));
        if (!failed.isEmpty() && !broken) {
            tell(failed.getFirst());
        }
        double virtualSeconds =
                results.stream().mapToLong(SimulationResult::virtualNanos).sum() / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%.0f virtual seconds in %.1f s, %.0f a second; %d events%n",
                virtualSeconds,
                seconds,
                virtualSeconds / seconds,
                results.stream().mapToLong(SimulationResult::steps).sum());
        System.out.println((results.size() - failed.size()) + " passed, " + failed.size() + " failed");
        return broken == failed.isEmpty() ? 1 : 0;
    }

    /** What led to it, without the faults that did not. */
    private static void tell(SimulationResult failed) {
        Shrinker shrinker = new Shrinker(Simulation::run, SHRINKING_RUNS);
        SimulationResult smallest = shrinker.shrink(failed);
        System.out.println("seed " + failed.settings().seed() + " with "
                + smallest.injected().size() + " of " + failed.injected().size() + " faults, after " + shrinker.runs()
                + " runs: " + smallest.violation());
        System.out.println(smallest.history());
    }
}
