package io.gamemesh.client;

import io.gamemesh.core.motion.BlockView;
import io.gamemesh.core.motion.Body;
import io.gamemesh.core.motion.Matter;
import io.gamemesh.core.motion.Motion;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.ToClient.BlockType;
import java.util.Arrays;
import java.util.List;

/**
 * Where the client's own player will be once the server has done all the inputs sent so far, by the server's rules of
 * motion. When the server says where the player was after an input, that is compared with what had been predicted for
 * it; if they differ, the inputs since are done again from the server's word. What is shown slides to the corrected place
 * rather than jumps. Where blocks are not known nothing is predicted: the player is where the server says. Not
 * thread-safe.
 */
final class Prediction {

    /** Inputs remembered until the server has done them: more than a second's at the greatest tick rate. */
    private static final int REMEMBERED = 128;

    private static final int MASK = REMEMBERED - 1;

    /** What the server says is rounded to so much, at the worst. */
    private static final double SAME_PLACE_METRES = 0.02;

    /** What is rounded to the nearest is off by no more. */
    private static final double ROUNDED_BY = 0.5 / Quantized.PER_METRE;

    private static final double SAME_VELOCITY = 0.05;

    /** What is shown is so far off after a third of {@link #SLIDE_NANOS}, in parts of what it was: 1/e. */
    private static final double SLIDE_NANOS = 100e6;

    private static final double FOLDS = 3;

    /** A greater correction is shown at once: it is no error of prediction but a new place. */
    private static final double SNAP_METRES = 3;

    /** How far to look round a place that rounding has put into a wall, metres. */
    private static final double NUDGE = 1.0 / 64;

    private static final double[] NUDGES = {0, -NUDGE, NUDGE};

    /** Who knows blocks, by id. */
    @FunctionalInterface
    interface BlockIds {

        /** Not the id of any block. */
        int UNKNOWN = -1;

        /** The id of the block there, or {@link #UNKNOWN}. */
        int at(int x, int y, int z);
    }

    /** What is told of corrections. */
    @FunctionalInterface
    interface Corrections {

        /** The player is so many metres from where it had been predicted to be. */
        void corrected(double metres);
    }

    private final BlockIds blocks;
    private final Matter[] matter;
    private final Motion motion;
    private final Corrections corrections;

    private final Body body = new Body();
    private final Body start = new Body();
    private final Input[] inputs = new Input[REMEMBERED];
    private final Body[] after = new Body[REMEMBERED];
    // Which input a place in the history is of; 0 if nothing was predicted for it.
    private final long[] predicted = new long[REMEMBERED];

    private long newest;
    private long done;
    private boolean active;
    private boolean sawUnknown;

    // How far what is shown is off, since when.
    private double offX;
    private double offY;
    private double offZ;
    private long offSinceNanos;

    private double beforeX;
    private double beforeY;
    private double beforeZ;
    private long inputNanos;
    private final double periodNanos;

    Prediction(List<BlockType> kinds, int tickRate, BlockIds blocks, Corrections corrections) {
        this.blocks = blocks;
        this.corrections = corrections;
        this.matter = new Matter[kinds.size()];
        for (int id = 0; id < matter.length; id++) {
            matter[id] = id == Blocks.WATER ? Matter.WATER : kinds.get(id).solid() ? Matter.SOLID : Matter.OPEN;
        }
        for (int i = 0; i < REMEMBERED; i++) {
            after[i] = new Body();
        }
        BlockView view = this::matterAt;
        this.motion = new Motion(view, tickRate);
        this.periodNanos = 1e9 / tickRate;
    }

    private Matter matterAt(int x, int y, int z) {
        int block = blocks.at(x, y, z);
        if (block == BlockIds.UNKNOWN) {
            sawUnknown = true;
            return Matter.OPEN;
        }
        return block < matter.length ? matter[block] : Matter.OPEN;
    }

    /** Another connection: inputs are counted anew. What is shown slides to the place. */
    void restart(double x, double y, double z, long nowNanos) {
        boolean first = inputNanos == 0;
        double shownX = x(nowNanos);
        double shownY = y(nowNanos);
        double shownZ = z(nowNanos);
        Arrays.fill(predicted, 0);
        newest = 0;
        done = 0;
        active = false;
        start.x = x;
        start.y = y;
        start.z = z;
        start.vx = 0;
        start.vy = 0;
        start.vz = 0;
        start.grounded = false;
        body.set(start);
        if (first) {
            settle();
        } else {
            slideFrom(shownX, shownY, shownZ, nowNanos);
        }
        inputNanos = nowNanos;
        beforeX = body.x;
        beforeY = body.y;
        beforeZ = body.z;
    }

    /** The player has been told to move so for a tick; inputs come in the order of their numbers, none left out. */
    void input(Input input, long nowNanos) {
        beforeX = body.x;
        beforeY = body.y;
        beforeZ = body.z;
        inputNanos = nowNanos;
        newest = input.sequence();
        inputs[(int) newest & MASK] = input;
        predicted[(int) newest & MASK] = 0;
        if (active) {
            start.set(body);
            active = replay(newest);
            if (!active) {
                body.set(start);
            }
        }
    }

    /** Does one input again; false if that needs blocks which are not known. */
    private boolean replay(long sequence) {
        int at = (int) sequence & MASK;
        Input input = inputs[at];
        sawUnknown = false;
        motion.move(
                body,
                Quantized.toMetres(input.moveX()),
                Quantized.toMetres(input.moveY()),
                Quantized.toMetres(input.moveZ()),
                (input.flags() & InputDatagram.SPRINT) != 0,
                (input.flags() & InputDatagram.JUMP) != 0);
        predicted[at] = sawUnknown ? 0 : sequence;
        after[at].set(body);
        return !sawUnknown;
    }

    /**
     * The server says where the player was after an input.
     *
     * @param lastInput the number of that input
     * @param truth rounded as on the wire
     * @param groundedKnown false if {@code truth.grounded} says nothing
     * @return how far that is from what had been predicted for the same input, metres; not a number if nothing had been
     */
    double reconcile(long lastInput, Body truth, boolean groundedKnown, long nowNanos) {
        if (lastInput < done || lastInput > newest) {
            return Double.NaN;
        }
        done = lastInput;
        int at = (int) lastInput & MASK;
        boolean known = active && lastInput > 0 && predicted[at] == lastInput;
        double error =
                known ? distance(after[at].x - truth.x, after[at].y - truth.y, after[at].z - truth.z) : Double.NaN;
        if (known && same(after[at], truth, groundedKnown)) {
            refine(after[at], truth);
            return error;
        }
        double shownX = x(nowNanos);
        double shownY = y(nowNanos);
        double shownZ = z(nowNanos);
        double predictedX = body.x;
        double predictedY = body.y;
        double predictedZ = body.z;
        rewind(truth, groundedKnown);
        if (known) {
            corrections.corrected(distance(body.x - predictedX, body.y - predictedY, body.z - predictedZ));
        }
        beforeX += body.x - predictedX;
        beforeY += body.y - predictedY;
        beforeZ += body.z - predictedZ;
        slideFrom(shownX, shownY, shownZ, nowNanos);
        return error;
    }

    /**
     * Both have moved alike since a place that was rounded, so that they differ by as much as then. Where that shows in
     * the rounding of another place, the least difference that explains it is taken back: it is soon next to nothing,
     * and with it the chance that one meets a wall where the other just does not.
     */
    private void refine(Body ours, Body theirs) {
        double dx = excess(ours.x, theirs.x);
        double dy = excess(ours.y, theirs.y);
        double dz = excess(ours.z, theirs.z);
        boolean differs = dx != 0 || dy != 0 || dz != 0;
        if (!differs || motion.collides(body.x - dx, body.y - dy, body.z - dz)) {
            return;
        }
        for (long sequence = done; sequence <= newest; sequence++) {
            shift(after[(int) sequence & MASK], dx, dy, dz);
        }
        shift(body, dx, dy, dz);
    }

    private static void shift(Body place, double dx, double dy, double dz) {
        place.x -= dx;
        place.y -= dy;
        place.z -= dz;
    }

    private static double excess(double ours, double rounded) {
        double difference = ours - rounded;
        return difference - Math.clamp(difference, -ROUNDED_BY, ROUNDED_BY);
    }

    private void rewind(Body truth, boolean groundedKnown) {
        start.set(truth);
        sawUnknown = false;
        unround(start);
        if (!groundedKnown) {
            start.grounded = truth.vy <= 0 && motion.collides(start.x, start.y - NUDGE, start.z);
        }
        body.set(start);
        active = !sawUnknown && newest - done < REMEMBERED;
        for (long sequence = done + 1; active && sequence <= newest; sequence++) {
            active = replay(sequence);
        }
        if (!active) {
            body.set(start);
        }
    }

    /** Rounded, a place beside a wall may be inside. */
    private void unround(Body place) {
        for (double up : new double[] {0, NUDGE}) {
            for (double east : NUDGES) {
                for (double south : NUDGES) {
                    if (!motion.collides(place.x + east, place.y + up, place.z + south)) {
                        place.x += east;
                        place.y += up;
                        place.z += south;
                        return;
                    }
                }
            }
        }
    }

    private static boolean same(Body ours, Body theirs, boolean groundedKnown) {
        return Math.abs(ours.x - theirs.x) <= SAME_PLACE_METRES
                && Math.abs(ours.y - theirs.y) <= SAME_PLACE_METRES
                && Math.abs(ours.z - theirs.z) <= SAME_PLACE_METRES
                && Math.abs(ours.vx - theirs.vx) <= SAME_VELOCITY
                && Math.abs(ours.vy - theirs.vy) <= SAME_VELOCITY
                && Math.abs(ours.vz - theirs.vz) <= SAME_VELOCITY
                && (!groundedKnown || ours.grounded == theirs.grounded);
    }

    private void slideFrom(double shownX, double shownY, double shownZ, long nowNanos) {
        settle();
        offSinceNanos = nowNanos;
        double dx = shownX - x(nowNanos);
        double dy = shownY - y(nowNanos);
        double dz = shownZ - z(nowNanos);
        if (distance(dx, dy, dz) <= SNAP_METRES) {
            offX = dx;
            offY = dy;
            offZ = dz;
        }
    }

    private void settle() {
        offX = 0;
        offY = 0;
        offZ = 0;
    }

    private static double distance(double x, double y, double z) {
        return Math.sqrt(x * x + y * y + z * z);
    }

    /** True while the player's own inputs are predicted; false where the server's word is all there is. */
    boolean active() {
        return active;
    }

    /** Where all inputs lead, without what is shown being off. */
    Body body() {
        return body;
    }

    /** What to show at a time, world coordinates: between the latest two inputs, and sliding. */
    double x(long nowNanos) {
        return beforeX + (body.x - beforeX) * share(nowNanos) + offX * off(nowNanos);
    }

    /** As {@link #x(long)}. */
    double y(long nowNanos) {
        return beforeY + (body.y - beforeY) * share(nowNanos) + offY * off(nowNanos);
    }

    /** As {@link #x(long)}. */
    double z(long nowNanos) {
        return beforeZ + (body.z - beforeZ) * share(nowNanos) + offZ * off(nowNanos);
    }

    private double share(long nowNanos) {
        return Math.clamp((nowNanos - inputNanos) / periodNanos, 0, 1);
    }

    private double off(long nowNanos) {
        double passed = nowNanos - offSinceNanos;
        return passed >= 2 * SLIDE_NANOS ? 0 : Math.exp(-Math.max(passed, 0) / (SLIDE_NANOS / FOLDS));
    }
}
