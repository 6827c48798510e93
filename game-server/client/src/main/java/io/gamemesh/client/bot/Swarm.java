package io.gamemesh.client.bot;

import io.gamemesh.client.ClientStatistics;
import io.gamemesh.client.CrossingStatistics;
import io.gamemesh.client.Histogram;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.ItemCounts;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All bots of one run, on one event loop, so that they can be compared without locks. The methods are for one other
 * thread, which they keep waiting.
 */
final class Swarm {
    private static final int LEAVE_SECONDS = 10;

    /** A bot that is connected and shown nothing for so long is not in the world. */
    private static final long FORGOTTEN_NANOS = 5_000_000_000L;

    private final Bot.Setting setting;
    private final EditLedger ledger;
    private final ItemLedger items;
    private final BotErrors errors;
    private final MoveMeter moves;
    private final List<Bot> bots = new ArrayList<>();
    private final Witness witness;

    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private long measuredSince = System.nanoTime();
    private long cpuSince = processCpuNanos();

    /**
     * Makes the bots; {@link #start} sends them.
     *
     * @param middle where they play
     * @param tokens of the bots in their order; empty if the mesh asks for none, else at least as many as players
     */
    Swarm(
            Bot.Setting setting,
            Scenario scenario,
            Walker.Place middle,
            String namePrefix,
            int players,
            List<String> tokens,
            long seed) {
        this.setting = setting;
        this.ledger = setting.ledger();
        this.items = setting.items();
        this.errors = setting.errors();
        this.moves = setting.moves();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < players; i++) {
            Optional<String> token = tokens.isEmpty() ? Optional.empty() : Optional.of(tokens.get(i));
            bots.add(new Bot(namePrefix + i, token, scenario.behaviour(random.split(), middle), setting));
        }
        this.witness = new Witness(bots, ledger);
    }

    /** Starts one bot after the other, evenly over that time. */
    void start(Duration ramp) {
        for (int i = 0; i < bots.size(); i++) {
            Bot bot = bots.get(i);
            long delay = ramp.toNanos() * i / bots.size();
            watch(setting.transport().eventLoop().schedule(bot::connect, delay, TimeUnit.NANOSECONDS));
            every(Behaviour.STEPS_A_SECOND, delay, () -> bot.step(System.nanoTime()));
        }
        every(Witness.LOOKS_A_SECOND, 0, () -> witness.look(System.nanoTime()));
    }

    /** Counts anew. */
    void reset() {
        onLoop(() -> {
            bots.forEach(Bot::resetStatistics);
            witness.reset();
            ledger.reset();
            items.reset();
            errors.reset();
            moves.reset();
            measuredSince = System.nanoTime();
            cpuSince = processCpuNanos();
            return true;
        });
    }

    /**
     * What has been counted since the last reset.
     *
     * @throws IllegalStateException if a bot's code has failed
     */
    SwarmState state() {
        if (failure != null) {
            throw new IllegalStateException("a bot failed", failure);
        }
        List<CompletableFuture<ClientStatistics>> parts = onLoop(
                () -> bots.stream().flatMap(bot -> bot.statistics().stream()).toList());
        List<ClientStatistics> statistics =
                parts.stream().map(CompletableFuture::join).toList();
        return onLoop(() -> {
            Histogram gaps = new Histogram();
            Histogram inputGaps = new Histogram();
            Histogram pings = new Histogram();
            Histogram corrections = new Histogram();
            statistics.forEach(each -> {
                gaps.add(each.gaps());
                inputGaps.add(each.inputGaps());
                pings.add(each.pings());
                corrections.add(each.corrections());
            });
            TreeSet<String> servers = new TreeSet<>();
            int playing = 0;
            List<String> absent = new ArrayList<>();
            long carried = 0;
            long now = System.nanoTime();
            for (Bot bot : bots) {
                WorldView view = bot.view();
                if (view != null && now - bot.lastSnapshot() < FORGOTTEN_NANOS) {
                    playing++;
                    servers.add(view.server());
                    carried += view.items().map(ItemCounts::total).orElse(0);
                } else {
                    absent.add(absence(bot, view, now));
                }
            }
            return new SwarmState(
                    bots.size(),
                    playing,
                    List.copyOf(absent),
                    List.copyOf(servers),
                    (now - measuredSince) / 1e9,
                    (processCpuNanos() - cpuSince) / 1e9,
                    gaps,
                    inputGaps,
                    pings,
                    corrections,
                    statistics.stream()
                            .map(ClientStatistics::crossing)
                            .reduce(CrossingStatistics.none(), CrossingStatistics::plus),
                    statistics.stream().mapToLong(ClientStatistics::snapshots).sum(),
                    statistics.stream()
                            .mapToLong(ClientStatistics::wireReceived)
                            .sum(),
                    statistics.stream().mapToLong(ClientStatistics::wireSent).sum(),
                    statistics.stream()
                            .mapToLong(ClientStatistics::datagramReceived)
                            .sum(),
                    statistics.stream()
                            .mapToLong(ClientStatistics::terrainReceived)
                            .sum(),
                    statistics.stream().mapToInt(ClientStatistics::redirects).sum(),
                    statistics.stream().mapToInt(ClientStatistics::reconnects).sum(),
                    statistics.stream().mapToLong(ClientStatistics::malformed).sum(),
                    errors.disconnects(),
                    errors.total(),
                    errors.latest(),
                    witness.expected(),
                    witness.seen(),
                    witness.missing(),
                    witness.misplaced(),
                    witness.doubled(),
                    bots.stream().mapToInt(Bot::replaced).sum(),
                    witness.latest(),
                    ledger.sent(),
                    ledger.accepted(),
                    ledger.refused().values().stream()
                            .mapToLong(Integer::longValue)
                            .sum(),
                    ledger.refused().toString(),
                    ledger.seen(),
                    ledger.late(),
                    ledger.unseen(),
                    ledger.latestUnseen(),
                    ledger.seenAfter().copy(),
                    items.sent(),
                    items.done(),
                    items.answers(),
                    carried,
                    moves.moves());
        });
    }

    private static String absence(Bot bot, @Nullable WorldView view, long now) {
        return view == null
                ? bot.name() + " (at no server)"
                : "%s (shown nothing by %s for %d s)"
                        .formatted(bot.name(), view.server(), TimeUnit.NANOSECONDS.toSeconds(now - bot.lastSnapshot()));
    }

    /** Lets the bots play for that long; returns early if a bot's code has failed, which {@link #state} then says. */
    void play(Duration time) throws InterruptedException {
        var _ = failed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** All bots leave. Returns when their servers know, or when that has taken too long. */
    void leave() {
        CompletableFuture.allOf(onLoop(() -> bots.stream().map(Bot::leave).toArray(CompletableFuture[]::new)))
                .completeOnTimeout(null, LEAVE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private void every(int timesASecond, long delayNanos, Runnable action) {
        long period = TimeUnit.SECONDS.toNanos(1) / timesASecond;
        watch(setting.transport().eventLoop().scheduleAtFixedRate(action, delayNanos, period, TimeUnit.NANOSECONDS));
    }

    /** A task that fails would just stop; this makes the run fail. */
    private void watch(ScheduledFuture<?> task) {
        task.addListener(done -> {
            if (done.cause() != null && !done.isCancelled()) {
                failure = done.cause();
                failed.countDown();
            }
        });
    }

    private <T> T onLoop(Callable<T> question) {
        try {
            return setting.transport().eventLoop().submit(question).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the bots' event loop failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
