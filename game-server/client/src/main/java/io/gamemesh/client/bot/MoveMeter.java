package io.gamemesh.client.bot;

import io.gamemesh.client.Histogram;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures, from outside and on one clock, for how long a region stands still while it moves to another server: by how much
 * its ticks come later from then on. Snapshots say of which tick they are, and ticks count on over a move. When tick {@code n} of a
 * period {@code p} comes at time {@code t}, {@code t - n * p} is the same for all ticks of a region that nothing holds up, but for
 * the way to the client, which is never less than some least one. The least of it over the two seconds after a move, less the least
 * over the two seconds before, is how long nobody has stepped the region beyond the usual period. To take the least is the filter of
 * clocks of NTP (RFC 5905, section 10): what makes a single snapshot late does not count. Confined to the bots' event loop.
 */
final class MoveMeter {

    private static final int WINDOW_SECONDS = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * What was found since the last reset.
     *
     * @param frozen for how long nobody has stepped the region, of each move
     * @param gaps from the last snapshot of the old server to the first of the new one, less a period, of each move and bot
     */
    record Moves(Histogram frozen, Histogram gaps) {}

    /** A region's time on one server. */
    private static final class Stay {
        final String server;
        final long firstTick;
        private final long[] delays;
        private final long[] ticks;
        private long newestTick;
        private long leastAtFirst = Long.MAX_VALUE;

        Stay(String server, long firstTick, int window) {
            this.server = server;
            this.firstTick = firstTick;
            this.newestTick = firstTick;
            this.delays = new long[window];
            this.ticks = new long[window];
            Arrays.fill(ticks, -1);
        }

        void saw(long tick, long delay) {
            newestTick = Math.max(newestTick, tick);
            if (tick >= firstTick && tick < firstTick + ticks.length) {
                leastAtFirst = Math.min(leastAtFirst, delay);
            }
            int slot = (int) (tick % ticks.length);
            if (ticks[slot] < tick) {
                ticks[slot] = tick;
                delays[slot] = delay;
            } else if (ticks[slot] == tick) {
                delays[slot] = Math.min(delays[slot], delay);
            }
        }

        boolean hasBegun() {
            return newestTick >= firstTick + ticks.length;
        }

        long leastLately() {
            long least = Long.MAX_VALUE;
            for (int slot = 0; slot < ticks.length; slot++) {
                if (ticks[slot] > newestTick - ticks.length) {
                    least = Math.min(least, delays[slot]);
                }
            }
            return least;
        }
    }

    private static final class Course {
        private final int window;
        private Stay stay;
        private @Nullable Long before;

        Course(Stay stay, int window) {
            this.stay = stay;
            this.window = window;
        }
    }

    private final Map<Long, Course> courses = new HashMap<>();
    private final Histogram frozen = new Histogram();
    private final Histogram gaps = new Histogram();

    /** Somebody has got the first datagram of a snapshot. */
    void saw(long region, String server, long tick, int tickRate, long nowNanos) {
        int window = WINDOW_SECONDS * tickRate;
        long delay = nowNanos - tick * NANOS_PER_SECOND / tickRate;
        Course course = courses.computeIfAbsent(region, _ -> new Course(new Stay(server, tick, window), window));
        if (course.stay.server.equals(server)) {
            course.stay.saw(tick, delay);
            if (course.stay.hasBegun()) {
                conclude(course);
            }
        } else if (tick > course.stay.newestTick) {
            conclude(course);
            course.before = course.stay.leastLately();
            course.stay = new Stay(server, tick, course.window);
            course.stay.saw(tick, delay);
        }
        // Else it is from where the region was, and late.
    }

    private void conclude(Course course) {
        Long before = course.before;
        if (before != null) {
            frozen.record(Math.max(0, course.stay.leastAtFirst - before) / 1000);
            course.before = null;
        }
    }

    /** A bot has seen nothing of a region for so long while that came to another server. */
    void gap(long nanos, int tickRate) {
        gaps.record(Math.max(0, nanos - NANOS_PER_SECOND / tickRate) / 1000);
    }

    Moves moves() {
        return new Moves(frozen.copy(), gaps.copy());
    }

    /** Counts anew; a move that has just been is not counted. */
    void reset() {
        courses.values().forEach(course -> course.before = null);
        frozen.reset();
        gaps.reset();
    }
}
