package io.gamemesh.benchmark.minestom;

/**
 * How close together players are.
 *
 * @param name one word
 * @param side metres of the square on which they walk
 */
record Scene(String name, double side) {

    /** How far players see, in both servers. */
    static final int VIEW_METRES = 128;

    /** Of each player's surroundings a part is in view. */
    static final Scene SPREAD = new Scene("spread", 500);

    /** Everyone is in everyone's view. */
    static final Scene CROWD = new Scene("crowd", 60);
}
