package io.gamemesh.core.region;

import io.gamemesh.core.motion.Body;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What one player's client has said that its player does, an input a tick, as far as it is not done yet; and how many
 * ticks its player is ahead of it. {@link Movement} says what is done with that. Bounded, whatever a client sends; not
 * thread-safe.
 */
final class Controls {

    private static final int PART_NUMBERS = 4;
    // Parts are within 1.7 m of the breast of who stands there, 1/128 m.
    private static final int REACH = 217;
    private static final int REACH_CENTRE = 154;

    private static final double GREATEST_TURN_COSINE = 0.9;
    // The same in 1/65536 turns.
    private static final int GREATEST_SWING = 4_700;
    private static final int YAW_MASK = 0xffff;

    private static final int CAPACITY = Wire.MAX_INPUTS;
    private static final int MASK = CAPACITY - 1;

    /** Where the player would be without the guesses; says something only while {@link #owed} is above 0. */
    final Body confirmed = new Body();

    /** Ticks that have passed for the player without an input: it has moved on by guesses. */
    int owed;

    /** Inputs that may be done at once beyond the ticks that have passed, since the player was under way meanwhile. */
    int bonus;

    /** True from when the client has been silent for too long until it says something again. */
    boolean lapsed = true;

    // The input that was taken last, and since then turned on as its player had been turning: it is what is guessed
    // while none comes.
    double wishX;
    double wishY;
    double wishZ;
    boolean sprint;
    boolean jump;
    private double inputX;
    private double inputZ;
    // The sine of what the wish turned by from the input before, and of what it has turned by twice.
    private double lastTurn;
    private double steadyTurn;
    private int turnedOn;

    /** Ticks since an input was taken. */
    int idle;

    // Where the player looks, which does not wait for its turn; how much that changed an input, and twice; and for how
    // many ticks nothing has been heard of it.
    int yaw;
    int pitch;
    boolean turned;
    private int toldYaw;
    private int lastSwing;
    private int steadySwing;
    private int silent;

    // Where head and hands are, as in Entities.parts.
    boolean hasParts;
    final int[] parts = new int[Entities.PARTS_STRIDE];

    /** Inputs that will never be done, since there were more of them than ticks; {@link Movement} takes the number. */
    int dropped;

    private final short[] moveX = new short[CAPACITY];
    private final short[] moveY = new short[CAPACITY];
    private final short[] moveZ = new short[CAPACITY];
    private final byte[] flags = new byte[CAPACITY];
    private final long[] sequence = new long[CAPACITY];
    private int first;
    private int size;
    private long newest;
    private long taken;
    private boolean jumpDropped;

    // The least of each over a window of ticks: what is never less is no jitter.
    private int windowTicks;
    private int leastOwed;
    private int leastWaiting;

    Controls(long lastInput) {
        newest = lastInput;
        taken = lastInput;
        beginWindow();
    }

    /**
     * Takes what is new in a datagram; of more than there is room for the newest.
     *
     * @return how many parts were further off than a body can have them, and have been brought nearer
     */
    int offer(InputDatagram datagram) {
        var inputs = datagram.inputs();
        InputDatagram.Input latest = inputs.getFirst();
        if (latest.sequence() <= newest) {
            return 0;
        }
        long before = newest;
        for (int i = inputs.size() - 1; i >= 0; i--) {
            InputDatagram.Input input = inputs.get(i);
            if (input.sequence() > newest) {
                add(input);
            }
        }
        look(latest.yaw(), (int) Math.min(latest.sequence() - before, CAPACITY));
        pitch = latest.pitch();
        turned = true;
        return place(datagram.parts());
    }

    private void look(int newYaw, int inputs) {
        int since = (short) (newYaw - toldYaw) / inputs;
        int swing = turned && Math.abs(since) <= GREATEST_SWING ? since : 0;
        steadySwing = (int) steady(lastSwing, swing);
        lastSwing = swing;
        toldYaw = newYaw;
        yaw = newYaw;
        silent = 0;
    }

    /** One tick without another word from the client: the player looks on round, if it has done so. */
    void lookOn(int reach) {
        if (silent++ > 0 && silent <= reach + 1) {
            yaw = (yaw + steadySwing) & YAW_MASK;
        }
    }

    /** What two changes have in common: a jerk is no turn. */
    private static double steady(double before, double now) {
        if (before * now <= 0) {
            return 0;
        }
        return Math.abs(before) < Math.abs(now) ? before : now;
    }

    private int place(@Nullable Parts told) {
        hasParts = told != null;
        if (told == null) {
            return 0;
        }
        return place(0, told.head()) + place(PART_NUMBERS, told.left()) + place(2 * PART_NUMBERS, told.right());
    }

    private int place(int at, Parts.Part told) {
        Parts.Part part = inReach(told);
        parts[at] = part.x();
        parts[at + 1] = part.y();
        parts[at + 2] = part.z();
        parts[at + 3] = part.rotation();
        return part.equals(told) ? 0 : 1;
    }

    /** The part itself if a body can have it there, or else brought as near as that. */
    static Parts.Part inReach(Parts.Part part) {
        int up = part.y() - REACH_CENTRE;
        int square = part.x() * part.x() + up * up + part.z() * part.z();
        if (square <= REACH * REACH) {
            return part;
        }
        // Towards the middle, and rounded so as well.
        double share = REACH / Math.sqrt(square);
        return new Parts.Part(
                (int) (part.x() * share), REACH_CENTRE + (int) (up * share), (int) (part.z() * share), part.rotation());
    }

    private void add(InputDatagram.Input input) {
        if (size == CAPACITY) {
            drop();
        }
        int at = (first + size++) & MASK;
        moveX[at] = input.moveX();
        moveY[at] = input.moveY();
        moveZ[at] = input.moveZ();
        flags[at] = (byte) input.flags();
        sequence[at] = input.sequence();
        newest = input.sequence();
    }

    /** The wish becomes that of the next input; false if there is none. */
    boolean take() {
        if (size == 0) {
            return false;
        }
        wish(Quantized.toMetres(moveX[first]), Quantized.toMetres(moveZ[first]));
        wishY = Quantized.toMetres(moveY[first]);
        sprint = (flags[first] & InputDatagram.SPRINT) != 0;
        // Who has pressed the key jumps, be it a little later.
        jump = jumpDropped || (flags[first] & InputDatagram.JUMP) != 0;
        jumpDropped = false;
        taken = sequence[first];
        first = (first + 1) & MASK;
        size--;
        idle = 0;
        lapsed = false;
        return true;
    }

    private void wish(double x, double z) {
        double length = Math.sqrt((x * x + z * z) * (inputX * inputX + inputZ * inputZ));
        // A sharper turn is one's decision and does not go on.
        boolean turns = length > 0 && inputX * x + inputZ * z > GREATEST_TURN_COSINE * length;
        double turn = turns ? (inputX * z - inputZ * x) / length : 0;
        steadyTurn = steady(lastTurn, turn);
        lastTurn = turn;
        turnedOn = 0;
        inputX = x;
        inputZ = z;
        wishX = x;
        wishZ = z;
    }

    /** The wish turns on, so many times at most without another input. */
    void turnOn(int most) {
        if (turnedOn++ >= most) {
            return;
        }
        double cosine = Math.sqrt(1 - steadyTurn * steadyTurn);
        double x = wishX * cosine - wishZ * steadyTurn;
        wishZ = wishX * steadyTurn + wishZ * cosine;
        wishX = x;
    }

    private void drop() {
        jumpDropped |= (flags[first] & InputDatagram.JUMP) != 0;
        taken = sequence[first];
        first = (first + 1) & MASK;
        size--;
        dropped++;
    }

    /** Sequence number of the newest input that is done, or never will be; 0 if none. */
    long taken() {
        return taken;
    }

    /**
     * A player who has come over a border goes on as it was, and so does what its client has sent meanwhile.
     *
     * @param missed how many ticks have passed in which no region has stepped it
     */
    void goOn(double vx, double vz, int missed) {
        wish(vx, vz);
        steadyTurn = 0;
        sprint = true;
        lapsed = false;
        bonus = missed;
    }

    /**
     * As {@link #goOn}, but in the very tick in which the player arrives.
     *
     * @param place where its own inputs have led
     * @param missed how many ticks have passed since without an input; -1 if not even the one at hand has
     */
    void arrive(Body place, int missed) {
        goOn(place.vx, place.vz, 0);
        confirmed.set(place);
        owed = missed;
    }

    void stopWishing() {
        wish(0, 0);
        wishY = 0;
        sprint = false;
    }

    /**
     * To be called at the end of each tick's inputs. What has waited all through a window only makes the player late,
     * and is dropped; time that was owed all through one will not be claimed: true if a tick of it is to be forgiven.
     */
    boolean endTick(int window) {
        leastOwed = Math.min(leastOwed, owed);
        leastWaiting = Math.min(leastWaiting, size);
        if (++windowTicks < window) {
            return false;
        }
        for (int i = 0; i < leastWaiting; i++) {
            drop();
        }
        boolean forgive = leastOwed > 0;
        beginWindow();
        return forgive;
    }

    private void beginWindow() {
        windowTicks = 0;
        leastOwed = Integer.MAX_VALUE;
        leastWaiting = CAPACITY;
    }
}
