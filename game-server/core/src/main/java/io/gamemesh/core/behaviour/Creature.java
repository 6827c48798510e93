package io.gamemesh.core.behaviour;

/**
 * One creature at the moment of a decision: what it senses, and what it wants from now on. Good only during the call
 * that it is given to. Positions are metres in the world, velocities m/s.
 */
public interface Creature {

    /** What it is; what that means is up to the behaviour. */
    int species();

    /** Where the middle of its feet is. */
    double x();

    /** As {@link #x}. */
    double y();

    /** As {@link #x}. */
    double z();

    /** How fast it is, over ground: less than it wants where something is in its way. */
    double speed();

    /** True if it stands on something. */
    boolean grounded();

    /** What it remembers: 0 at first. */
    long memory();

    /** What it will remember: saved, replicated and taken along over borders. */
    void remember(long memory);

    /**
     * 64 random bits, others for each creature and each decision, the same at each call: a function of the region's
     * state, so that a region that goes on elsewhere goes on as it would have.
     */
    long random();

    /**
     * Looks for the player nearest to it; if there is one, {@link #playerX} and so on say where.
     *
     * @param radius metres, 0 to {@value #SIGHT}
     * @return false if there is none so near
     */
    boolean findPlayer(double radius);

    /** Where the player is that was found last. */
    double playerX();

    /** As {@link #playerX}. */
    double playerY();

    /** As {@link #playerX}. */
    double playerZ();

    /**
     * From now on it wants to move like that; it stands still where nothing is said. What is too fast for a player is
     * too fast for it.
     *
     * @param run true if it shall be as fast as somebody who sprints
     */
    void move(double vx, double vz, boolean run);

    /** It jumps with the next tick if it stands on something. */
    void jump();

    /** How far a creature sees, metres; one that has no player so near sleeps. */
    int SIGHT = 64;
}
