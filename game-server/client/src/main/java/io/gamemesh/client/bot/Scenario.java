package io.gamemesh.client.bot;

import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What a swarm of bots does about a middle, which is the origin unless it is told otherwise. */
enum Scenario {
    /** Walks at random within 200 m of the middle. */
    WANDER,
    /** Walks to and fro over the borders that meet at the origin, if that is the middle. */
    BORDER,
    /** Runs over those borders all the time, and rests with all others at the end of each half minute. */
    CROSS,
    /** Walks at random, all within 30 m of each other. */
    CROWD,
    /** Walks a little and puts and takes blocks, which the others must come to see. */
    BUILD,
    /** Walks to and fro over borders, and throws, takes and exchanges items. */
    TRADE;

    /** How one bot of this scenario behaves; the same for the same random numbers. */
    Behaviour behaviour(RandomGenerator random, Walker.Place middle) {
        return switch (this) {
            case WANDER -> new Walker(random, about(middle, () -> Walker.inDisc(random, 200)));
            case BORDER -> new Walker(random, about(middle, Walker.acrossBorders(random)));
            case CROSS ->
                new Resting(
                        Walker.running(random, about(middle, Walker.acrossBordersAndEdges(random))),
                        InstantSource.system());
            case CROWD -> new Walker(random, about(middle, () -> Walker.inDisc(random, 15)));
            case TRADE -> new Trader(random, new Walker(random, about(middle, Walker.acrossBorders(random))));
            case BUILD -> new Builder(random, new Walker(random, about(middle, () -> Walker.inDisc(random, 40))));
        };
    }

    private static Supplier<Walker.Place> about(Walker.Place middle, Supplier<Walker.Place> places) {
        return () -> places.get().from(middle);
    }

    /** True if bots must know the blocks round them: to build, or to foretell where they go. */
    boolean keepsTerrain() {
        return builds() || this == CROSS;
    }

    boolean builds() {
        return this == BUILD;
    }

    boolean trades() {
        return this == TRADE;
    }
}
