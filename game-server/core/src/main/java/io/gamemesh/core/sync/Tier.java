package io.gamemesh.core.sync;

import java.util.List;

/**
 * How often and how exactly an entity is told, by how near it is and how many are nearer. Distances are for players who
 * stand in a crowd as for those who are alone: only so many are near, however close the others are.
 *
 * @param metres up to which an entity may be in it
 * @param among how many nearest an entity has to be one
 * @param rate most updates a second; the tick rate if that is less
 * @param tolerance by how much a client may be off before it is told, 1/1024 m; of where it looks 1/2048 turns
 */
public record Tier(int metres, int among, int rate, int tolerance) {

    /** From near to far; the last one takes all that are seen. */
    public static final List<Tier> ALL = List.of(
            new Tier(24, 48, Integer.MAX_VALUE, 8),
            new Tier(48, 112, 10, 24),
            new Tier(96, 320, 5, 96),
            new Tier(Integer.MAX_VALUE, Integer.MAX_VALUE, 2, 256));

    /** Ticks from one update to the next. */
    int period(int tickRate) {
        return Math.max(1, tickRate / Math.min(rate, tickRate));
    }
}
