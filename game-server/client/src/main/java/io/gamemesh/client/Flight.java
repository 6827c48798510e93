package io.gamemesh.client;

import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;

/**
 * The latest states of a body, to show it at any time: it goes straight on and turns evenly from each to the next, as the
 * server took it to when it decided to tell no more. A curve between states would show a collision before it happens. Not
 * thread-safe.
 */
final class Flight {

    private static final int KEPT = 8;
    private static final int MASK = KEPT - 1;
    // Position, velocity, rotation as a quaternion x, y, z, w, spin.
    private static final int FIELDS = 13;

    private final long[] nanos = new long[KEPT];
    private final double[] states = new double[KEPT * FIELDS];
    private int count;

    /** A newer state: the newest record of the track, at a place in the world. */
    void add(long at, double x, double y, double z, EntityTrack track) {
        if (count > 0 && at <= nanos[(count - 1) & MASK]) {
            return;
        }
        int place = count++ & MASK;
        nanos[place] = at;
        int i = place * FIELDS;
        states[i] = x;
        states[i + 1] = y;
        states[i + 2] = z;
        long rotation = track.rotation(track.tick());
        for (int axis = 0; axis < 3; axis++) {
            states[i + 3 + axis] = track.velocity(axis);
            states[i + 10 + axis] = track.spin(axis);
        }
        for (int component = 0; component < 4; component++) {
            states[i + 6 + component] = PackedRotation.get(rotation, component);
        }
    }

    /**
     * Where to show it at a time.
     *
     * @param mostNanos how long it goes on without news
     */
    void at(long time, long mostNanos, Pose out) {
        int newest = count - 1;
        int oldest = Math.max(count - KEPT, 0);
        int state = newest;
        while (state > oldest && nanos[state & MASK] > time) {
            state--;
        }
        int place = state & MASK;
        double seconds = Math.clamp(time - nanos[place], 0, mostNanos) / 1e9;
        int i = place * FIELDS;
        out.x = states[i] + states[i + 3] * seconds;
        out.y = states[i + 1] + states[i + 4] * seconds;
        out.z = states[i + 2] + states[i + 5] * seconds;
        out.yaw = 0;
        out.pitch = 0;
        turn(i, seconds, out);
    }

    private void turn(int i, double seconds, Pose out) {
        double x = states[i + 6];
        double y = states[i + 7];
        double z = states[i + 8];
        double w = states[i + 9];
        double spinX = states[i + 10];
        double spinY = states[i + 11];
        double spinZ = states[i + 12];
        double speed = Math.sqrt(spinX * spinX + spinY * spinY + spinZ * spinZ);
        double share = speed == 0 ? 0 : Math.sin(speed * seconds / 2) / speed;
        double a = spinX * share;
        double b = spinY * share;
        double c = spinZ * share;
        double d = Math.cos(speed * seconds / 2);
        out.turnX = d * x + a * w + b * z - c * y;
        out.turnY = d * y - a * z + b * w + c * x;
        out.turnZ = d * z + a * y - b * x + c * w;
        out.turnW = d * w - a * x - b * y - c * z;
    }
}
