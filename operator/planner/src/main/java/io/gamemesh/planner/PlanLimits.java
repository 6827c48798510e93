package io.gamemesh.planner;

/**
 * How much a plan may change at once, and what a change has to be worth.
 *
 * @param moves regions on the move at once for balance, over the whole mesh
 * @param movesPerServer of these, from or to one server
 * @param drainMovesPerServer regions on the move at once off one server that is to be emptied or away from their pins
 * @param minGain what a move has to gain, as a fraction of one server
 * @param minGainShare what it has to gain, as a share of what the server that it leaves has to do
 */
public record PlanLimits(int moves, int movesPerServer, int drainMovesPerServer, double minGain, double minGainShare) {

    /**
     * Four for balance, two a server; four off a draining server; 8 % of a server and 5 % of its load gained. Players who
     * wander and ticks that wait for a busy machine move loads by some per cent, which is no reason to move a region.
     */
    public static final PlanLimits DEFAULT = new PlanLimits(4, 2, 4, 0.08, 0.05);

    /** Refuses limits under which nothing could ever move, and gains that would let regions move to and fro. */
    public PlanLimits {
        if (moves < 1 || movesPerServer < 1 || drainMovesPerServer < 1) {
            throw new IllegalArgumentException("limits of moves at once are " + moves + ", " + movesPerServer + ", "
                    + drainMovesPerServer + ", expected at least 1 each");
        }
        if (!(minGain > 0 && minGainShare >= 0)) {
            throw new IllegalArgumentException("gains of a move are " + minGain + " and " + minGainShare
                    + ", expected the first above 0 and the second at least 0");
        }
    }
}
