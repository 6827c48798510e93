package io.gamemesh.benchmark.minestom;

import io.gamemesh.benchmark.server.LineProcess;
import io.gamemesh.minestom.BotFigures;

/** A server with its players. */
interface Contender extends AutoCloseable {

    /** One word. */
    String name();

    /** CPU time that the server has used so far, in seconds. */
    double cpuSeconds();

    /** How many ticks the server has made so far. */
    double ticks();

    /** The players. */
    LineProcess players();

    /** Lets so many play; returns when all do. */
    default void play(int count) {
        players().ask("play " + count);
    }

    /** Lets players count anew. */
    default void count() {
        players().ask("count");
    }

    /** What they have counted. */
    default BotFigures figures() {
        return BotFigures.parse(players().ask("figures"));
    }

    @Override
    void close();
}
