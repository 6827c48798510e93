package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.MobileForm;

/** Where a client's own player is, to go on predicting from. Used again and again; not thread-safe. */
public final class OwnState {

    // 1/128 m from the lowest corner of the region.
    int x;
    int y;
    int z;
    // 1/128 m/s.
    int speedX;
    int speedY;
    int speedZ;
    boolean grounded;

    /**
     * Sets all of it.
     *
     * @param newX 1/128 m from the lowest corner of the region
     * @param newY as newX
     * @param newZ as newX
     * @param newSpeedX 1/128 m/s
     * @param newSpeedY as newSpeedX
     * @param newSpeedZ as newSpeedX
     * @param standing true if it stands on something
     */
    public void set(int newX, int newY, int newZ, int newSpeedX, int newSpeedY, int newSpeedZ, boolean standing) {
        x = newX;
        y = newY;
        z = newZ;
        speedX = newSpeedX;
        speedY = newSpeedY;
        speedZ = newSpeedZ;
        grounded = standing;
    }

    void record(int[] records, int at) {
        records[at] = x;
        records[at + 1] = y;
        records[at + 2] = z;
        records[at + 3] = MobileForm.velocity(speedX);
        records[at + 4] = MobileForm.velocity(speedY);
        records[at + 5] = MobileForm.velocity(speedZ);
        // Which way it looks the client knows best.
        records[at + MobileForm.YAW] = 0;
        records[at + MobileForm.PITCH] = 0;
    }
}
