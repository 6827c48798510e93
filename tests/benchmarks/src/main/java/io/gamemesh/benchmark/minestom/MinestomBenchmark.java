package io.gamemesh.benchmark.minestom;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import io.gamemesh.benchmark.server.ProgramImage;
import io.gamemesh.minestom.BotFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The game server beside Minestom, in turns: 1,000 players, of whom 300 stay and then 100, on the same smooth random walks at 20 ticks a
 * second, over loopback, with the players in a process of their own. Only the server's CPU time counts.
 */
public final class MinestomBenchmark implements Benchmark {

    /**
     * How long and how often; shorter runs find the same with more noise.
     *
     * @param players how many, rising: they come in these steps, and are measured in these steps as they go again, so that
     *     a server's compilers are done when there are few
     * @param warmUp before it is measured with all
     * @param settling between other steps
     */
    record Plan(List<Integer> players, int runs, Duration warmUp, Duration settling, Duration measured) {}

    private static final Plan PLAN = new Plan(
            List.of(100, 300, 1000), 3, Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(15));
    private static final int MEMORY_MEBIBYTES = 4096;
    private static final long SEED = 42;
    private static final double NOMINAL_TICKS = 20;
    private static final double SLOW = 0.95;

    private final Plan plan;
    private final Supplier<ProgramImage> image;
    private final SortedMap<String, List<Double>> samples = new TreeMap<>();
    private final SortedMap<String, String> units = new TreeMap<>();

    /** As {@code ./mesh bench} runs it. */
    public MinestomBenchmark() {
        this(PLAN, () -> ProgramImage.build("jvm"));
    }

    MinestomBenchmark(Plan plan, Supplier<ProgramImage> image) {
        this.plan = plan;
        this.image = image;
    }

    @Override
    public String name() {
        return "minestom";
    }

    @Override
    public String description() {
        return "the game server beside Minestom, 100 to 1,000 players: server CPU and bytes (half an hour)";
    }

    @Override
    public SortedMap<String, Metric> run() {
        samples.clear();
        ProgramImage program = image.get();
        for (int run = 0; run < plan.runs(); run++) {
            for (Scene scene : List.of(Scene.SPREAD, Scene.CROWD)) {
                List<Figures> theirs =
                        play(scene, new MinestomContender(program.machineOptions(MEMORY_MEBIBYTES), scene, SEED));
                List<Figures> ours = play(scene, new GamemeshContender(program, MEMORY_MEBIBYTES, scene, SEED));
                for (int i = 0; i < plan.players().size(); i++) {
                    compare(scene, plan.players().get(i), theirs.get(i), ours.get(i));
                }
            }
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        samples.forEach((metric, found) -> metrics.put(metric, Metric.of(units.getOrDefault(metric, ""), found)));
        return metrics;
    }

    List<Figures> play(Scene scene, Contender contender) {
        try (contender) {
            for (int players : plan.players()) {
                contender.play(players);
                LockSupport.parkNanos(plan.settling().toNanos());
            }
            LockSupport.parkNanos(plan.warmUp().toNanos());
            List<Figures> all = new ArrayList<>();
            for (int players : plan.players().reversed()) {
                contender.play(players);
                // To be asked the first time takes longest.
                contender.ticks();
                LockSupport.parkNanos(plan.settling().toNanos());
                Figures figures = measure(contender, players);
                all.addFirst(figures);
                say(scene, contender, players, figures);
            }
            return all;
        }
    }

    private Figures measure(Contender contender, int players) {
        contender.count();
        double ticks = contender.ticks();
        double cpu = contender.cpuSeconds();
        double playersCpu = contender.players().cpuSeconds();
        long start = System.nanoTime();
        LockSupport.parkNanos(plan.measured().toNanos());
        cpu = contender.cpuSeconds() - cpu;
        playersCpu = contender.players().cpuSeconds() - playersCpu;
        ticks = contender.ticks() - ticks;
        double seconds = (System.nanoTime() - start) / 1e9;
        BotFigures bots = contender.figures();
        return new Figures(
                cpu * 1e6 / players / ticks,
                bots.bytes() / bots.seconds() / players / 1000,
                ticks / seconds,
                bots.seen(),
                bots.updates(),
                bots.least(),
                bots.astray() * 100,
                bots.late(),
                playersCpu / seconds);
    }

    private static void say(Scene scene, Contender contender, int players, Figures figures) {
        System.err.printf(
                Locale.ROOT,
                "%s, %s, %d players: %.1f us a player and tick, %.1f kB/s; %.1f ticks/s; %.0f in view, updated %.1f"
                        + " times a second (the least: %.1f), %.2f %% astray; players late by %.0f ms, on %.2f cores%n",
                contender.name(),
                scene.name(),
                players,
                figures.micros(),
                figures.kilobytes(),
                figures.ticks(),
                figures.seen(),
                figures.updates(),
                figures.least(),
                figures.astray(),
                figures.late(),
                figures.playersCores());
        if (figures.ticks() < SLOW * NOMINAL_TICKS) {
            System.err.printf("%s no longer keeps up: its figures are for the ticks that it made%n", contender.name());
        }
    }

    private void compare(Scene scene, int players, Figures theirs, Figures ours) {
        add("%s_cpu_ratio_%d".formatted(scene.name(), players), "x", theirs.micros() / ours.micros());
        add("%s_bytes_ratio_%d".formatted(scene.name(), players), "x", theirs.kilobytes() / ours.kilobytes());
        add("minestom", scene, players, theirs);
        add("gamemesh", scene, players, ours);
    }

    private void add(String contender, Scene scene, int players, Figures figures) {
        String metric = contender + "_" + scene.name() + "_%s_" + players;
        add(metric.formatted("us"), "us", figures.micros());
        add(metric.formatted("kb_s"), "kB/s", figures.kilobytes());
        add(metric.formatted("ticks"), "/s", figures.ticks());
        add(metric.formatted("seen"), "players", figures.seen());
        add(metric.formatted("updates"), "/s", figures.updates());
        add(metric.formatted("astray"), "%", figures.astray());
    }

    private void add(String metric, String unit, double figure) {
        units.put(metric, unit);
        samples.computeIfAbsent(metric, any -> new ArrayList<>()).add(figure);
    }

    /**
     * What one contender has shown.
     *
     * @param micros of CPU time of the server, for a player and tick
     * @param kilobytes that a player receives a second
     * @param ticks a second that the server made
     * @param seen others in a player's view
     * @param updates a second of the position of each of them
     * @param least the same for the player who is kept up to date the least
     * @param astray per cent of positions that are not where the others are
     * @param late milliseconds by which players were late, 99th percentile
     * @param playersCores how much of the machine the players took
     */
    record Figures(
            double micros,
            double kilobytes,
            double ticks,
            double seen,
            double updates,
            double least,
            double astray,
            double late,
            double playersCores) {}
}
