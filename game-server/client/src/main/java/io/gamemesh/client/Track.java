package io.gamemesh.client;

/**
 * The latest states of an entity, to show it between them: on a cubic Hermite curve, which goes through each state with
 * the velocity that it had there. Shortly beyond the newest one it goes on straight. Not thread-safe.
 */
final class Track {

    /** How long it goes on without news. */
    static final long MAX_BEYOND_NANOS = 250_000_000;

    /** What moves farther from one state to the next has not walked. */
    private static final double MAX_STEP_METRES = 10;

    private static final int KEPT = 8;
    private static final int MASK = KEPT - 1;
    private static final int FIELDS = 8;
    private static final double TURN = 2 * Math.PI;

    private final long[] nanos = new long[KEPT];
    private final double[] states = new double[KEPT * FIELDS];
    private int count;

    void add(long at, double x, double y, double z, double vx, double vy, double vz, double yaw, double pitch) {
        if (count > 0 && at <= nanos[(count - 1) & MASK]) {
            return;
        }
        int place = count++ & MASK;
        nanos[place] = at;
        int i = place * FIELDS;
        states[i] = x;
        states[i + 1] = y;
        states[i + 2] = z;
        states[i + 3] = vx;
        states[i + 4] = vy;
        states[i + 5] = vz;
        states[i + 6] = yaw;
        states[i + 7] = pitch;
    }

    /** Where to show it at a time; false if it was never anywhere. */
    boolean at(long time, Pose out) {
        if (count == 0) {
            return false;
        }
        int newest = count - 1;
        if (time >= nanos[newest & MASK]) {
            beyond(newest & MASK, Math.min(time - nanos[newest & MASK], MAX_BEYOND_NANOS) / 1e9, out);
            return true;
        }
        int oldest = Math.max(count - KEPT, 0);
        int after = newest;
        while (after > oldest && nanos[(after - 1) & MASK] > time) {
            after--;
        }
        if (after == oldest) {
            beyond(oldest & MASK, 0, out);
        } else {
            between((after - 1) & MASK, after & MASK, time, out);
        }
        return true;
    }

    private void beyond(int place, double seconds, Pose out) {
        int i = place * FIELDS;
        out.x = states[i] + states[i + 3] * seconds;
        out.y = states[i + 1] + states[i + 4] * seconds;
        out.z = states[i + 2] + states[i + 5] * seconds;
        out.yaw = states[i + 6];
        out.pitch = states[i + 7];
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
