package io.gamemesh.client.bot;

import java.util.random.RandomGenerator;

/** What a swarm of bots does. */
enum Scenario {
    /** Walks at random within 200 m of the origin. */
    WANDER,
    /** Walks to and fro over the borders that meet at the origin. */
    BORDER,
    /** Walks at random, all within 30 m of each other. */
    CROWD,
    /** Walks a little and puts and takes blocks, which the others must come to see. */
    BUILD,
    /** Walks to and fro over borders, and throws, takes and exchanges items. */
    TRADE;

    /** How one bot of this scenario behaves; the same for the same random numbers. */
    Behaviour behaviour(RandomGenerator random) {
        return switch (this) {
            case WANDER -> new Walker(random, () -> Walker.inDisc(random, 200));
            case BORDER -> new Walker(random, Walker.acrossBorders(random));
            case CROWD -> new Walker(random, () -> Walker.inDisc(random, 15));
            case TRADE -> new Trader(random, new Walker(random, Walker.acrossBorders(random)));
            case BUILD -> new Builder(random, new Walker(random, () -> Walker.inDisc(random, 40)));
        };
    }

    boolean builds() {
        return this == BUILD;
    }

    boolean trades() {
        return this == TRADE;
    }
}
