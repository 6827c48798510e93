package io.gamemesh.benchmark.minestom;

import io.gamemesh.benchmark.server.RunningServer;
import io.gamemesh.client.ClientStatistics;
import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.minestom.BotFigures;
import io.gamemesh.minestom.Crowd;
import io.gamemesh.minestom.Lateness;
import io.gamemesh.minestom.RandomWalk;
import io.netty.channel.EventLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The players of the game server, on one thread: {@code GamemeshBots HOST:PORT CA-FILE SIDE SEED}. Does what lines say. */
public final class GamemeshBots implements Crowd {
    // Not all of them step at the same moment.
    private static final int TURNS_A_STEP = 10;
    private static final long TURN_NANOS = 1_000_000_000L / RandomWalk.STEPS_A_SECOND / TURNS_A_STEP;
    private static final int JOINING_AT_ONCE = 20;
    private static final int LEAVING_AT_ONCE = 5;
    private static final int WITNESSES = 10;

    private final ServerAddress server;
    private final ClientTransport transport;
    private final EventLoop loop;
    private final double side;
    private final long seed;
    private final List<GamemeshBot> bots = new ArrayList<>();
    private final List<RandomWalk> walks = new ArrayList<>();
    private final Lateness lateness = new Lateness();

    private int wanted;
    private CompletableFuture<Boolean> complete = CompletableFuture.completedFuture(true);
    private int turn;
    private long next = System.nanoTime();
    private long countedSince = System.nanoTime();

    private GamemeshBots(ServerAddress server, ClientTransport transport, double side, long seed) {
        this.server = server;
        this.transport = transport;
        this.loop = transport.eventLoop();
        this.side = side;
        this.seed = seed;
    }

    /** Plays until there are no more lines. */
    public static void main(String[] arguments) throws IOException, CertificateException {
        ClientTransport transport = RunningServer.transport(Path.of(arguments[1]));
        GamemeshBots crowd = new GamemeshBots(
                ServerAddress.parse(arguments[0]),
                transport,
                Double.parseDouble(arguments[2]),
                Long.parseLong(arguments[3]));
        crowd.loop
                .scheduleAtFixedRate(crowd::turn, 0, TURN_NANOS, TimeUnit.NANOSECONDS)
                .addListener(failed -> {
                    failed.cause().printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
        crowd.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
        Runtime.getRuntime().halt(0);
    }

    private void turn() {
        lateness.add(System.nanoTime() - next);
        next += TURN_NANOS;
        boolean all = join();
        for (int i = turn; i < bots.size(); i += TURNS_A_STEP) {
            bots.get(i).step(all);
        }
        turn = (turn + 1) % TURNS_A_STEP;
    }

    /** True when all are there. */
    private boolean join() {
        if (complete.isDone()) {
            return true;
        }
        for (int i = 0; i < LEAVING_AT_ONCE && bots.size() > wanted; i++) {
            bots.removeLast().leave();
        }
        long joining = bots.stream().filter(bot -> bot.client() == null).count();
        if (bots.size() < wanted && joining < JOINING_AT_ONCE) {
            int number = bots.size();
            if (number == walks.size()) {
                walks.add(new RandomWalk(seed, number, side));
            }
            bots.add(new GamemeshBot(transport, server, number, walks.get(number), walks::get, number < WITNESSES));
        }
        return bots.size() == wanted && bots.stream().allMatch(GamemeshBot::there) && complete.complete(true);
    }

    private <T> T ask(Callable<T> question) {
        try {
            return loop.submit(question).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the players' event loop failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
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
            bots.forEach(GamemeshBot::count);
            lateness.count();
            countedSince = System.nanoTime();
            return true;
        });
    }

    @Override
    public String figures() {
        List<CompletableFuture<ClientStatistics>> parts = ask(() -> bots.stream()
                .map(GamemeshBot::client)
                .filter(Objects::nonNull)
                .map(GameClient::statistics)
                .toList());
        List<ClientStatistics> statistics =
                parts.stream().map(CompletableFuture::join).toList();
        return ask(() -> {
            double seconds = (System.nanoTime() - countedSince) / 1e9;
            double[] rates = bots.stream()
                    .filter(bot -> bot.witness() && bot.seenSteps() > 0)
                    .mapToDouble(bot -> (double) bot.updates() * RandomWalk.STEPS_A_SECOND / bot.seenSteps())
                    .toArray();
            long seenSteps = bots.stream().mapToLong(GamemeshBot::seenSteps).sum();
            long looks = bots.stream().mapToLong(GamemeshBot::looks).sum();
            BotFigures figures = new BotFigures(
                    seconds,
                    bots.size(),
                    statistics.stream()
                            .mapToLong(ClientStatistics::wireReceived)
                            .sum(),
                    seenSteps / (seconds * RandomWalk.STEPS_A_SECOND) / Math.min(bots.size(), WITNESSES),
                    Arrays.stream(rates).average().orElse(0),
                    Arrays.stream(rates).min().orElse(0),
                    lateness.p99Millis(),
                    (double) bots.stream().mapToLong(GamemeshBot::astray).sum() / Math.max(looks, 1));
            return figures.toString();
        });
    }
}
