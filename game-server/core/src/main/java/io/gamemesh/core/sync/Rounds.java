package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.SnapshotFormat;
import java.util.Arrays;

/**
 * When which entities are looked at, and what all who keep up are told of them. In a tick all who look at an entity in some
 * tier do so together. A client whose view is <em>in step</em> with an entity goes by a record that this keeps an eye on, and
 * is told whenever its tier is, which is when any of these records is too far off or too old. That is found out once for all
 * views. Not thread-safe.
 */
final class Rounds {

    /** A record is renewed before it is too old to refer to. */
    static final int STALE_TICKS = SnapshotFormat.HISTORY - 12;

    private static final int TOLD = 0;
    private static final int LEVEL = 1;
    private static final int DIFFERENCE = 2;
    private static final int PAYLOAD = 3;
    private static final int STRIDE = 4;
    private static final int AGE_SHIFT = 56;

    private final Scene scene;
    private final int[] periods;
    private final int tiers;
    private long tick = -1;
    private int words;
    // As many words for each tier as numbers need, a bit for each: whose turn it is in this tick, and who is told.
    private long[] turns = new long[0];
    private long[] telling = new long[0];
    // The same for all tiers: who is gone.
    private long[] departed = new long[0];
    // By tier, then by number, together since they are asked for together: a bit for each of the last ticks before this
    // one in which it was told, at the tick modulo 64; how urgent it is in this tick; and what a client is told that
    // goes by a record of some age, as most do by the same.
    private long[] all = new long[0];
    // By tier, then by number: a bit for each of the last ticks whose record somebody in step goes by.
    private long[] goneBy = new long[0];
    private int numbers;

    Rounds(Scene scene, int[] periods) {
        this.scene = scene;
        this.periods = periods;
        this.tiers = periods.length;
    }

    /** To be called before each tick's first question. */
    void begin() {
        long now = scene.tick();
        if (now == tick) {
            return;
        }
        note(now);
        tick = now;
        fit();
        Arrays.fill(turns, 0, tiers * words, 0);
        Arrays.fill(telling, 0, tiers * words, 0);
        Arrays.fill(departed, 0, words, 0);
        for (int number = 0; number < scene.highest(); number++) {
            if (scene.isHeld(number) && !scene.isAlive(number)) {
                departed[number >> 6] |= 1L << number;
            }
        }
        for (int tier = 0; tier < tiers; tier++) {
            int period = periods[tier];
            for (int number = Math.floorMod(-tick, period); number < scene.highest(); number += period) {
                turns[tier * words + (number >> 6)] |= 1L << number;
                if (scene.isHeld(number) && scene.isAlive(number)) {
                    decide(number, tier);
                }
            }
        }
    }

    private void note(long now) {
        for (int tier = 0; tier < tiers; tier++) {
            for (int word = 0; word < words; word++) {
                for (long left = telling[tier * words + word]; left != 0; left &= left - 1) {
                    int number = lowest(word, left);
                    all[at(number, tier) + TOLD] |= 1L << tick;
                    goneBy[place(number, tier)] |= 1L << tick;
                }
            }
        }
        // What was 64 ticks ago or earlier has this tick's bit, or that of one that was left out.
        long since = ticksSince(tick, now);
        for (int i = 0; i < all.length; i += STRIDE) {
            all[i + TOLD] &= ~since;
        }
        for (int i = 0; i < goneBy.length; i++) {
            goneBy[i] &= ~since;
        }
    }

    /** The lowest number of those that have bits among 64. */
    static int lowest(int word, long bits) {
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** The bits of the ticks after one until another. */
    static long ticksSince(long from, long to) {
        return to - from >= Long.SIZE ? -1 : Long.rotateLeft((1L << (to - from)) - 1, (int) (from + 1));
    }

    /** How many ticks before one the newest is of those that have bits, 1 to 63; 0 if none has. */
    static int newest(long ticks, int tick) {
        return ticks == 0 ? 0 : Long.numberOfLeadingZeros(Long.rotateRight(ticks, tick)) + 1;
    }

    /** How many ticks before one the oldest is of those that have bits, 0 to 63; at least one has. */
    private static int oldest(long ticks, int tick) {
        return Long.SIZE - 1 - Long.numberOfTrailingZeros(Long.rotateRight(ticks, tick + 1));
    }

    /** Where all is of a number in a tier, for the functions below. */
    int at(int number, int tier) {
        return place(number, tier) * STRIDE;
    }

    private int place(int number, int tier) {
        return tier * numbers + number;
    }

    /** In which ticks what somebody in step goes by was told; what had the number before does not count. */
    private long goneBy(int number, int tier) {
        return goneBy[place(number, tier)] & ticksSince(scene.takenTick(number) - 1, tick);
    }

    private void fit() {
        int needed = (scene.highest() + Long.SIZE - 1) >> 6;
        if (needed <= words) {
            return;
        }
        words = Math.max(needed, 2 * words);
        turns = new long[tiers * words];
        telling = new long[tiers * words];
        departed = new long[words];
        int more = words << 6;
        all = spread(all, more, STRIDE);
        goneBy = spread(goneBy, more, 1);
        numbers = more;
    }

    private long[] spread(long[] columns, int more, int stride) {
        long[] spread = new long[more * tiers * stride];
        for (int tier = 0; tier < tiers; tier++) {
            System.arraycopy(columns, tier * numbers * stride, spread, tier * more * stride, numbers * stride);
        }
        return spread;
    }

    /** Whether a record that is so many ticks old in a tier's round can still be referred to in its next. */
    boolean lasts(int age, int tier) {
        return age + periods[tier] <= STALE_TICKS;
    }

    private void decide(int number, int tier) {
        long ticks = goneBy(number, tier);
        if (ticks == 0) {
            return;
        }
        int oldest = oldest(ticks, (int) tick);
        if (!lasts(oldest, tier) || isAnyOff(number, ticks, tier)) {
            telling[tier * words + (number >> 6)] |= 1L << number;
            goneBy[place(number, tier)] = 0;
            int at = at(number, tier);
            all[at + LEVEL] = Snapshots.level(oldest, periods[tier]);
            all[at + DIFFERENCE] = 0;
        }
    }

    private boolean isAnyOff(int number, long ticks, int tier) {
        for (long left = Long.rotateRight(ticks, (int) tick); left != 0; left &= left - 1) {
            if (scene.isOff(number, Long.SIZE - Long.numberOfTrailingZeros(left), tier)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Somebody would be in step who goes by the record of so many ticks ago, 0 to 63. That is refused where it is older than
     * what the others go by, who would be told too early, and where it would be too old before the next round.
     */
    boolean join(int number, int tier, int age) {
        if (!lasts(age, tier) || !lasts(periods[tier], tier)) {
            return false;
        }
        if (isTold(number, tier)) {
            // All who are in step are told in this tick.
            return true;
        }
        long ticks = goneBy(number, tier);
        if (ticks != 0 && age > oldest(ticks, (int) tick)) {
            return false;
        }
        goneBy[place(number, tier)] |= 1L << (tick - age);
        return true;
    }

    /** Which of 64 numbers are looked at in a tier in this tick. */
    long turns(int tier, int word) {
        return turns[tier * words + word];
    }

    /** Which of 64 numbers are told, of a tier in this tick, to those who are in step. */
    long telling(int tier, int word) {
        return telling[tier * words + word];
    }

    boolean isTold(int number, int tier) {
        return (telling[tier * words + (number >> 6)] & (1L << number)) != 0;
    }

    /** Which of 64 numbers somebody holds though they are gone. */
    long departed(int word) {
        return departed[word];
    }

    /** How urgent what is told is to those who are in step. */
    int level(int at) {
        return (int) all[at + LEVEL];
    }

    /** As {@link Scene#difference}, of what is told; {@link #payload} speaks of the same then. */
    long difference(int at, int number, int age) {
        long known = all[at + DIFFERENCE];
        if (known >>> AGE_SHIFT == age) {
            return known & ((1L << AGE_SHIFT) - 1);
        }
        long difference = scene.difference(number, age);
        if (difference != Scene.TOO_FAR) {
            all[at + DIFFERENCE] = difference | ((long) age << AGE_SHIFT);
            all[at + PAYLOAD] = scene.payload(difference);
        }
        return difference;
    }

    /** As {@link Scene#payload}, of the difference that was asked for last. */
    long payload(int at) {
        return all[at + PAYLOAD];
    }

    /** In which of the 63 ticks before this one those in step were told: a bit for each, at the tick modulo 64. */
    long told(int at) {
        return all[at + TOLD];
    }
}
