package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

/**
 * What stands upright and looks about. Number 6 is the yaw (1/256 turns, 0 to 255), 7 the pitch (1/256 turns, -64 to
 * 64).
 */
public final class MobileForm extends RecordForm {

    /** Of players, and of all kinds that have no form of their own. */
    static final MobileForm PLAYER = new MobileForm();

    /** Index of the yaw in a record. */
    public static final int YAW = 6;

    /** Index of the pitch in a record. */
    public static final int PITCH = 7;

    private static final int VELOCITY_UNIT = 8;
    private static final int MAX_PITCH = 64;

    // Orders of the Golomb codes, from what players do who walk about.
    private static final int LEVEL_ORDER = 1;
    private static final int HEIGHT_ORDER = 0;
    private static final int SPEED_ORDER = 2;
    private static final int FALL_ORDER = 1;
    private static final int YAW_ORDER = 1;
    private static final int PITCH_ORDER = 0;

    private MobileForm() {}

    @Override
    public int velocityUnit() {
        return VELOCITY_UNIT;
    }

    /** From 1/128 m/s to steps of velocity. */
    public static int velocity(int speed) {
        return (speed + VELOCITY_UNIT / 2) >> 3;
    }

    @Override
    int wholeBits() {
        return 3 * 32 + 3 * 16 + 2 * 8;
    }

    @Override
    int otherError(int[] record, int at, int age, int[] now, int nowAt, long rotation) {
        int yaw = Math.abs((byte) (now[nowAt + YAW] - record[at + YAW]));
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
        int yaw = (byte) (now[nowAt + YAW] - record[at + YAW]);
        int pitch = now[nowAt + PITCH] - record[at + PITCH];
        boolean moved = (x | y | z) != 0;
        boolean changedSpeed = (speedX | speedY | speedZ) != 0;
        boolean turned = (yaw | pitch) != 0;
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
        int yaw = record[at + YAW];
        int pitch = record[at + PITCH];
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
            yaw = (yaw + in.getSigned(YAW_ORDER, "Snapshot yaw")) & 0xff;
            pitch += in.getSigned(PITCH_ORDER, "Snapshot pitch");
        }
        now[nowAt] = x;
        now[nowAt + 1] = y;
        now[nowAt + 2] = z;
        now[nowAt + 3] = speed(speedX);
        now[nowAt + 4] = speed(speedY);
        now[nowAt + 5] = speed(speedZ);
        now[nowAt + YAW] = yaw;
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
        out.put(now[nowAt + YAW] & 0xff, 8);
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
        now[nowAt + YAW] = (int) in.get(8, "Snapshot yaw");
        now[nowAt + PITCH] = pitch((byte) in.get(8, "Snapshot pitch"));
    }

    private static int speed(int value) {
        if (value != (short) value) {
            throw malformed("Snapshot velocity is " + value + ", expected 16 bits");
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
