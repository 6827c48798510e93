package io.gamemesh.core.region;

/** From the angles of inputs, 1/65536 turns, to those of snapshots, 1/256 turns. */
final class Turns {

    /** Straight up, in 1/256 turns. */
    static final int QUARTER_8 = 64;

    private Turns() {}

    static int yaw8(int yaw16) {
        return ((yaw16 + 0x80) >> 8) & 0xff;
    }

    static int pitch8(int pitch16) {
        return (pitch16 + 0x80) >> 8;
    }
}
