package io.gamemesh.minestom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import net.minestom.server.MinecraftServer;

/** The players of a Minestom server, on one thread: {@code MinestomBots PORT SIDE SEED}. Does what lines say. */
public final class MinestomBots implements Crowd {
    // Not all of them say where they are at the same moment.
    private static final int TURNS_A_STEP = 10;
    private static final long TURN_NANOS = 1_000_000_000L / RandomWalk.STEPS_A_SECOND / TURNS_A_STEP;
    private static final int JOINING_AT_ONCE = 20;
    private static final int LEAVING_AT_ONCE = 5;
    private static final int WITNESSES = 10;

    private final int port;
    private final double side;
    private final long seed;
    private final MinestomBot.Tools tools = new MinestomBot.Tools();
    private final Selector selector = Selector.open();
    private final List<MinestomBot> bots = new ArrayList<>();
    private final List<RandomWalk> walks = new ArrayList<>();
    private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();
    private final Lateness lateness = new Lateness();

    private int wanted;
    private CompletableFuture<Boolean> complete = CompletableFuture.completedFuture(true);
    private long countedSince = System.nanoTime();

    private MinestomBots(int port, double side, long seed) throws IOException {
        this.port = port;
        this.side = side;
        this.seed = seed;
    }

    /** Plays until there are no more lines. */
    public static void main(String[] arguments) throws IOException {
        // Its registries name what packets hold.
        MinecraftServer.init();
        MinestomBots crowd = new MinestomBots(
                Integer.parseInt(arguments[0]), Double.parseDouble(arguments[1]), Long.parseLong(arguments[2]));
        Thread.ofPlatform().daemon().name("bots").start(() -> {
            try {
                crowd.run();
            } catch (IOException | RuntimeException e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        });
        crowd.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
        Runtime.getRuntime().halt(0);
    }

    private void run() throws IOException {
        long next = System.nanoTime();
        for (int turn = 0; ; turn = (turn + 1) % TURNS_A_STEP) {
            while (System.nanoTime() - next < 0) {
                selector.select(this::read, Math.max((next - System.nanoTime()) / 1_000_000, 1));
                answer();
            }
            // Those who have much to read must not keep the others from stepping, nor the other way round.
            selector.selectNow(this::read);
            // They may be so late that they never wait.
            answer();
            lateness.add(System.nanoTime() - next);
            boolean all = join();
            for (int i = turn; i < bots.size(); i += TURNS_A_STEP) {
                bots.get(i).step(all);
            }
            next += TURN_NANOS;
        }
    }

    private void answer() {
        for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
            question.run();
        }
    }

    private void read(SelectionKey key) {
        try {
            ((MinestomBot) key.attachment()).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True when all are there. */
    private boolean join() throws IOException {
        if (complete.isDone()) {
            return true;
        }
        for (int i = 0; i < LEAVING_AT_ONCE && bots.size() > wanted; i++) {
            bots.removeLast().leave();
        }
        long joining = bots.stream().filter(bot -> !bot.playing()).count();
        if (bots.size() < wanted && joining < JOINING_AT_ONCE) {
            int number = bots.size();
            if (number == walks.size()) {
                walks.add(new RandomWalk(seed, number, side));
            }
            bots.add(new MinestomBot(
                    tools, selector, port, number, walks.get(number), new Sightings(number < WITNESSES, walks::get)));
        }
        return bots.size() == wanted && joining == 0 && complete.complete(true);
    }

    private <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        questions.add(() -> answer.complete(question.get()));
        selector.wakeup();
        return answer.join();
    }

    @Override
    public void play(int players) {
        ask(() -> {
                    wanted = players;
                    complete = new CompletableFuture<>();
                    return complete;
                })
                .join();
    }

    @Override
    public void count() {
        ask(() -> {
            bots.forEach(MinestomBot::count);
            lateness.count();
            countedSince = System.nanoTime();
            return true;
        });
    }

    @Override
    public String figures() {
        return ask(() -> {
            double seconds = (System.nanoTime() - countedSince) / 1e9;
            double[] rates = bots.stream()
                    .filter(bot -> bot.seenSteps() > 0)
                    .mapToDouble(bot -> (double) bot.updates() * RandomWalk.STEPS_A_SECOND / bot.seenSteps())
                    .toArray();
            long seenSteps = bots.stream().mapToLong(MinestomBot::seenSteps).sum();
            BotFigures figures = new BotFigures(
                    seconds,
                    bots.size(),
                    bots.stream().mapToLong(MinestomBot::bytes).sum(),
                    seenSteps / (seconds * RandomWalk.STEPS_A_SECOND) / bots.size(),
                    Arrays.stream(rates).average().orElse(0),
                    Arrays.stream(rates).min().orElse(0),
                    lateness.p99Millis(),
                    (double) sum(Sightings::astray) / Math.max(sum(Sightings::looks), 1));
            return figures.toString();
        });
    }

    private long sum(ToLongFunction<Sightings> part) {
        return bots.stream().map(MinestomBot::sightings).mapToLong(part).sum();
    }
}
