package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

/**
 * What stands upright and looks about. Number 6 has in its lowest 8 bits the yaw (1/256 turns, 0 to 255), above them how
 * fast that changes (1/256 turns a second, -128 to 127), 7 is the pitch (1/256 turns, -64 to 64). What turns as it walks
 * goes on in an arc: its velocity turns with it, for a quarter of a turn at most; from there on it goes away from where
 * it was along the chord.
 */
public final class MobileForm extends RecordForm {

    /** Of players, and of all kinds that have no form of their own. */
    static final MobileForm PLAYER = new MobileForm();

    /** Index of yaw and turn in a record. */
    public static final int YAW = 6;

    /** Index of the pitch in a record. */
    public static final int PITCH = 7;

    private static final int VELOCITY_UNIT = 8;
    private static final int MAX_PITCH = 64;
    private static final int GREATEST_TURN = Byte.MAX_VALUE;
    // 1/65536 of 1/256 turns.
    private static final int QUARTER = 64 << 16;
    // What is 1 in sines and cosines: 2^14.
    private static final int ONE_BITS = 14;
    // 1/256 turns in radians, 1/65536.
    private static final int RADIANS = 1608;

    // Orders of the Golomb codes, from what players do who walk about.
    private static final int LEVEL_ORDER = 1;
    private static final int HEIGHT_ORDER = 0;
    private static final int SPEED_ORDER = 2;
    private static final int FALL_ORDER = 1;
    private static final int YAW_ORDER = 1;
    private static final int PITCH_ORDER = 0;
    private static final int TURN_ORDER = 3;

    private MobileForm() {}

    @Override
    public int velocityUnit() {
        return VELOCITY_UNIT;
    }

    /** From 1/128 m/s to steps of velocity. */
    public static int velocity(int speed) {
        return (speed + VELOCITY_UNIT / 2) >> 3;
    }

    /**
     * Number 6 of a record.
     *
     * @param yaw 1/256 turns; the lowest 8 bits count
     * @param turn 1/256 turns a second; what turns faster is told as turning as fast as can be told
     */
    public static int turning(int yaw, int turn) {
        return (Math.clamp(turn, -GREATEST_TURN, GREATEST_TURN) << 8) | (yaw & 0xff);
    }

    /** The yaw of {@link #turning}, 1/256 turns, 0 to 255. */
    public static int yaw(int turning) {
        return turning & 0xff;
    }

    /** The turn of {@link #turning}, 1/256 turns a second. */
    public static int turn(int turning) {
        return turning >> 8;
    }

    /** Where a record says that the entity looks some ticks later, 1/256 turns, 0 to 255. */
    static int foretoldYaw(int[] record, int at, int time) {
        int turning = record[at + YAW];
        return yaw(turning + ((turnedBy(turning, time) + (1 << 15)) >> 16));
    }

    /** By how much the yaw has changed after a time, 1/65536 of 1/256 turns. */
    private static int turnedBy(int turning, int time) {
        return Math.clamp((long) turn(turning) * time, -QUARTER, QUARTER);
    }

    @Override
    long way(int[] record, int at, int axis, int time) {
        int turning = record[at + YAW];
        if (turn(turning) == 0 || axis == 1) {
            return straight(record, at, axis, time);
        }
        // Of an arc, along its beginning and to the side: the first two terms of sin(a) / a and (1 - cos(a)) / a.
        int angle = ((turnedBy(turning, time) >> 6) * RADIANS) >> 12;
        int square = (angle * angle) >> ONE_BITS;
        int along = (1 << ONE_BITS) - square / 6;
        int aside = (angle >> 1) - ((angle * square) >> ONE_BITS) / 24;
        int x = (short) record[at + 3];
        int z = (short) record[at + 5];
        // Looking along -z, with a yaw of 0, the left is at -x.
        int speed = axis == 0 ? x * along + z * aside : z * along - x * aside;
        int shift = 16 + ONE_BITS;
        return ((long) speed * (VELOCITY_UNIT * FINE) * time + (1L << (shift - 1))) >> shift;
    }

    @Override
    int wholeBits() {
        return 3 * 32 + 3 * 16 + 3 * 8;
    }

    @Override
    int otherError(int[] record, int at, int age, int time, int[] now, int nowAt, long rotation) {
        int yaw = Math.abs((byte) (now[nowAt + YAW] - foretoldYaw(record, at, time)));
        int pitch = Math.abs(now[nowAt + PITCH] - record[at + PITCH]);
        return FINE * Math.max(yaw, pitch);
    }

    @Override
    public void write(BitWriter out, int[] record, int at, int age, int[] now, int nowAt, int tickRate) {
        int x = now[nowAt] - predicted(record, at, 0, age, tickRate);
        int y = now[nowAt + 1] - predicted(record, at, 1, age, tickRate);
        int z = now[nowAt + 2] - predicted(record, at, 2, age, tickRate);
        int speedX = now[nowAt + 3] - record[at + 3];
        int speedY = now[nowAt + 4] - record[at + 4];
        int speedZ = now[nowAt + 5] - record[at + 5];
        int yaw = (byte) (now[nowAt + YAW] - foretoldYaw(record, at, time(age, tickRate)));
        int pitch = now[nowAt + PITCH] - record[at + PITCH];
        int turn = turn(now[nowAt + YAW]) - turn(record[at + YAW]);
        boolean moved = (x | y | z) != 0;
        boolean changedSpeed = (speedX | speedY | speedZ) != 0;
        boolean turned = (yaw | pitch | turn) != 0;
        out.put((moved ? 1 : 0) | (changedSpeed ? 2 : 0) | (turned ? 4 : 0), 3);
        if (moved) {
            out.putSigned(x, LEVEL_ORDER);
            out.putSigned(y, HEIGHT_ORDER);
            out.putSigned(z, LEVEL_ORDER);
        }
        if (changedSpeed) {
            out.putSigned(speedX, SPEED_ORDER);
            out.putSigned(speedY, FALL_ORDER);
            out.putSigned(speedZ, SPEED_ORDER);
        }
        if (turned) {
            out.putSigned(yaw, YAW_ORDER);
            out.putSigned(pitch, PITCH_ORDER);
            out.putSigned(turn, TURN_ORDER);
        }
    }

    @Override
    public void read(BitReader in, int[] record, int at, int age, int[] now, int nowAt, int tickRate) {
        int x = predicted(record, at, 0, age, tickRate);
        int y = predicted(record, at, 1, age, tickRate);
        int z = predicted(record, at, 2, age, tickRate);
        int speedX = record[at + 3];
        int speedY = record[at + 4];
        int speedZ = record[at + 5];
        int yaw = foretoldYaw(record, at, time(age, tickRate));
        int pitch = record[at + PITCH];
        int turn = turn(record[at + YAW]);
        boolean moved = in.getBoolean("Snapshot moved");
        boolean changedSpeed = in.getBoolean("Snapshot changed speed");
        boolean turned = in.getBoolean("Snapshot turned");
        if (moved) {
            x += in.getSigned(LEVEL_ORDER, "Snapshot x");
            y += in.getSigned(HEIGHT_ORDER, "Snapshot y");
            z += in.getSigned(LEVEL_ORDER, "Snapshot z");
        }
        if (changedSpeed) {
            speedX += in.getSigned(SPEED_ORDER, "Snapshot velocity x");
            speedY += in.getSigned(FALL_ORDER, "Snapshot velocity y");
            speedZ += in.getSigned(SPEED_ORDER, "Snapshot velocity z");
        }
        if (turned) {
            yaw += in.getSigned(YAW_ORDER, "Snapshot yaw");
            pitch += in.getSigned(PITCH_ORDER, "Snapshot pitch");
            turn += in.getSigned(TURN_ORDER, "Snapshot turn");
        }
        now[nowAt] = x;
        now[nowAt + 1] = y;
        now[nowAt + 2] = z;
        now[nowAt + 3] = speed(speedX);
        now[nowAt + 4] = speed(speedY);
        now[nowAt + 5] = speed(speedZ);
        now[nowAt + YAW] = (checkedTurn(turn) << 8) | (yaw & 0xff);
        now[nowAt + PITCH] = pitch(pitch);
    }

    @Override
    public void writeWhole(BitWriter out, int[] now, int nowAt) {
        for (int axis = 0; axis < 3; axis++) {
            out.put(now[nowAt + axis] & 0xffff_ffffL, 32);
        }
        for (int axis = 3; axis < 6; axis++) {
            out.put(now[nowAt + axis] & 0xffff, 16);
        }
        out.put(now[nowAt + YAW] & 0xffff, 16);
        out.put(now[nowAt + PITCH] & 0xff, 8);
    }

    @Override
    public void readWhole(BitReader in, int[] now, int nowAt) {
        now[nowAt] = (int) in.get(32, "Snapshot x");
        now[nowAt + 1] = (int) in.get(32, "Snapshot y");
        now[nowAt + 2] = (int) in.get(32, "Snapshot z");
        now[nowAt + 3] = (short) in.get(16, "Snapshot velocity x");
        now[nowAt + 4] = (short) in.get(16, "Snapshot velocity y");
        now[nowAt + 5] = (short) in.get(16, "Snapshot velocity z");
        now[nowAt + YAW] = (short) in.get(16, "Snapshot yaw and turn");
        now[nowAt + PITCH] = pitch((byte) in.get(8, "Snapshot pitch"));
    }

    private static int speed(int value) {
        if (value != (short) value) {
            throw malformed("Snapshot velocity is " + value + ", expected 16 bits");
        }
        return value;
    }

    private static int checkedTurn(int value) {
        if (value != (byte) value) {
            throw malformed("Snapshot turn is " + value + ", expected -128 to 127");
        }
        return value;
    }

    private static int pitch(int value) {
        if (value < -MAX_PITCH || value > MAX_PITCH) {
            throw malformed("Snapshot pitch is " + value + ", expected -64 to 64");
        }
        return value;
    }
}
