package io.gamemesh.client;

/**
 * The latest states of an entity, to show it between them: on a cubic Hermite curve, which goes through each state with
 * the velocity that it had there. Beyond the newest one it goes on as is foretold of it: straight, or in an arc if it
 * turns. Not thread-safe.
 */
final class Track {

    /** How long it goes on without news. */
    static final long MAX_BEYOND_NANOS = 250_000_000;

    /** What moves farther from one state to the next has not walked. */
    private static final double MAX_STEP_METRES = 10;

    private static final int KEPT = 32;
    private static final int MASK = KEPT - 1;
    private static final int FIELDS = 9;
    private static final double TURN = 2 * Math.PI;
    private static final double GREATEST_TURN = TURN / 4;

    private final long[] nanos = new long[KEPT];
    private final double[] states = new double[KEPT * FIELDS];
    // Whether a state was foretold from the one before, and not told.
    private final boolean[] foretold = new boolean[KEPT];
    private final Pose reached = new Pose();
    private int count;

    void add(long at, double x, double y, double z, double vx, double vy, double vz, double yaw, double pitch) {
        add(at, x, y, z, vx, vy, vz, yaw, pitch, 0, Long.MAX_VALUE);
    }

    /**
     * A newer state.
     *
     * @param turn how fast the yaw changes, radians a second
     * @param bendNanos how long before it the entity begins to leave the way that was foretold, to be here in time: what was
     *     not told for longer was where it was foretold to be
     */
    void add(
            long at,
            double x,
            double y,
            double z,
            double vx,
            double vy,
            double vz,
            double yaw,
            double pitch,
            double turn,
            long bendNanos) {
        if (count > 0 && at <= nanos[(count - 1) & MASK]) {
            return;
        }
        if (count > 0 && at - nanos[(count - 1) & MASK] > bendNanos) {
            foretell((count - 1) & MASK, at - bendNanos);
        }
        int i = append(at, false);
        states[i] = x;
        states[i + 1] = y;
        states[i + 2] = z;
        states[i + 3] = vx;
        states[i + 4] = vy;
        states[i + 5] = vz;
        states[i + 6] = yaw;
        states[i + 7] = pitch;
        states[i + 8] = turn;
    }

    private void foretell(int from, long at) {
        double seconds = (at - nanos[from]) / 1e9;
        int before = from * FIELDS;
        beyond(from, seconds, reached);
        double angle = turned(before, seconds);
        boolean onTheChord = Math.abs(angle) == GREATEST_TURN;
        double along = onTheChord ? Math.sin(angle) / angle : Math.cos(angle);
        double aside = onTheChord ? (1 - Math.cos(angle)) / angle : Math.sin(angle);
        double vx = states[before + 3];
        double vy = states[before + 4];
        double vz = states[before + 5];
        int i = append(at, true);
        states[i] = reached.x;
        states[i + 1] = reached.y;
        states[i + 2] = reached.z;
        states[i + 3] = vx * along + vz * aside;
        states[i + 4] = vy;
        states[i + 5] = vz * along - vx * aside;
        states[i + 6] = reached.yaw;
        states[i + 7] = reached.pitch;
        states[i + 8] = 0;
    }

    private int append(long at, boolean wasForetold) {
        int place = count++ & MASK;
        nanos[place] = at;
        foretold[place] = wasForetold;
        return place * FIELDS;
    }

    /** Where to show it at a time; false if it was never anywhere. Without news it goes on for a quarter of a second. */
    boolean at(long time, Pose out) {
        return at(time, MAX_BEYOND_NANOS, out);
    }

    /** As {@link #at(long, Pose)}, but without news it goes on for so long. */
    boolean at(long time, long mostNanos, Pose out) {
        if (count == 0) {
            return false;
        }
        int newest = count - 1;
        if (time >= nanos[newest & MASK]) {
            beyond(newest & MASK, Math.min(time - nanos[newest & MASK], mostNanos) / 1e9, out);
            return true;
        }
        int oldest = Math.max(count - KEPT, 0);
        int after = newest;
        while (after > oldest && nanos[(after - 1) & MASK] > time) {
            after--;
        }
        if (after == oldest) {
            beyond(oldest & MASK, 0, out);
        } else if (foretold[after & MASK]) {
            int before = (after - 1) & MASK;
            beyond(before, (time - nanos[before]) / 1e9, out);
        } else {
            between((after - 1) & MASK, after & MASK, time, out);
        }
        return true;
    }

    private void beyond(int place, double seconds, Pose out) {
        int i = place * FIELDS;
        double angle = turned(i, seconds);
        // Of an arc, along its beginning and to the side.
        double along = angle == 0 ? 1 : Math.sin(angle) / angle;
        double aside = angle == 0 ? 0 : (1 - Math.cos(angle)) / angle;
        double vx = states[i + 3];
        double vz = states[i + 5];
        out.x = states[i] + (vx * along + vz * aside) * seconds;
        out.y = states[i + 1] + states[i + 4] * seconds;
        out.z = states[i + 2] + (vz * along - vx * aside) * seconds;
        out.yaw = states[i + 6] + angle;
        out.pitch = states[i + 7];
    }

    private double turned(int i, double seconds) {
        return Math.clamp(states[i + 8] * seconds, -GREATEST_TURN, GREATEST_TURN);
    }

    private void between(int before, int after, long time, Pose out) {
        double seconds = (nanos[after] - nanos[before]) / 1e9;
        double share = (time - nanos[before]) / 1e9 / seconds;
        int a = before * FIELDS;
        int b = after * FIELDS;
        double dx = states[b] - states[a];
        double dy = states[b + 1] - states[a + 1];
        double dz = states[b + 2] - states[a + 2];
        if (dx * dx + dy * dy + dz * dz > MAX_STEP_METRES * MAX_STEP_METRES) {
            beyond(before, 0, out);
            return;
        }
        out.x = curve(a, b, 0, seconds, share);
        out.y = curve(a, b, 1, seconds, share);
        out.z = curve(a, b, 2, seconds, share);
        double turn = states[b + 6] - states[a + 6];
        out.yaw = states[a + 6] + share * (turn - TURN * Math.rint(turn / TURN));
        out.pitch = states[a + 7] + share * (states[b + 7] - states[a + 7]);
    }

    private double curve(int a, int b, int axis, double seconds, double share) {
        double from = states[a + axis];
        double to = states[b + axis];
        double left = states[a + axis + 3] * seconds;
        double right = states[b + axis + 3] * seconds;
        double s2 = share * share;
        double s3 = s2 * share;
        return (2 * s3 - 3 * s2 + 1) * from + (s3 - 2 * s2 + share) * left + (3 * s2 - 2 * s3) * to + (s3 - s2) * right;
    }
}
