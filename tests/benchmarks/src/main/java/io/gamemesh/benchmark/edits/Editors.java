package io.gamemesh.benchmark.edits;

import io.gamemesh.benchmark.server.RunningServer;
import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.minestom.Crowd;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Players who edit, on one thread: {@code Editors HOST:PORT CA-FILE}. Does what lines say. */
public final class Editors implements Crowd {
    private static final int EDITS_A_SECOND = 10;
    // Not all of them edit at the same moment, nor always in the same part of a tick.
    private static final int TURNS = 23;
    private static final long TURN_NANOS = 1_000_000_000L / EDITS_A_SECOND / TURNS;
    private static final long LATE_NANOS = 100_000_000;
    private static final int JOINING_AT_ONCE = 20;
    private static final int PINGS_A_SECOND = 20;

    private final ServerAddress server;
    private final ClientTransport transport;
    private final EventLoop loop;
    private final List<Editor> editors = new ArrayList<>();
    private final Storm storm = new Storm();

    private int wanted;
    private CompletableFuture<Boolean> complete = CompletableFuture.completedFuture(true);
    private int turn;
    private int pinger;
    private long next = System.nanoTime();

    private Editors(ServerAddress server, ClientTransport transport) {
        this.server = server;
        this.transport = transport;
        this.loop = transport.eventLoop();
    }

    /** Plays until there are no more lines. */
    public static void main(String[] arguments) throws IOException, CertificateException {
        ClientTransport transport = RunningServer.transport(Path.of(arguments[1]));
        Editors crowd = new Editors(ServerAddress.parse(arguments[0]), transport);
        crowd.watch(crowd.loop.submit(crowd::turn));
        crowd.watch(
                crowd.loop.scheduleAtFixedRate(crowd::ping, 0, 1_000_000_000L / PINGS_A_SECOND, TimeUnit.NANOSECONDS));
        crowd.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
        Runtime.getRuntime().halt(0);
    }

    private void watch(Future<?> task) {
        task.addListener(done -> {
            if (!done.isSuccess()) {
                done.cause().printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        });
    }

    private void turn() {
        long now = System.nanoTime();
        long late = now - next;
        if (late > LATE_NANOS) {
            // To make up for it would be more edits a second than the server takes of a player.
            next = now;
        }
        next += TURN_NANOS;
        watch(loop.schedule(this::turn, Math.max(next - now, 0), TimeUnit.NANOSECONDS));
        if (join()) {
            for (int i = turn; i < editors.size(); i += TURNS) {
                editors.get(i).edit(late);
            }
        }
        turn = (turn + 1) % TURNS;
    }

    private void ping() {
        if (complete.isDone() && !editors.isEmpty()) {
            pinger = (pinger + 1) % editors.size();
            editors.get(pinger).ping();
        }
    }

    /** True when all are there. */
    private boolean join() {
        if (complete.isDone()) {
            return true;
        }
        long joining = editors.stream().filter(editor -> !editor.playing()).count();
        if (editors.size() < wanted && joining < JOINING_AT_ONCE) {
            editors.add(new Editor(transport, server, editors.size(), storm));
        }
        return editors.size() == wanted && joining == 0 && complete.complete(true);
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
            storm.count();
            return true;
        });
    }

    @Override
    public String figures() {
        return ask(() -> storm.figures().toString());
    }
}
