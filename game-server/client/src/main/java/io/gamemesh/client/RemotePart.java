package io.gamemesh.client;

import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import java.util.function.LongSupplier;

/** Head or hand of another player in virtual reality, as of the newest snapshot; see {@link WorldView} for threads. */
public final class RemotePart {

    private final EntityTrack told;
    private final LongSupplier tick;
    private final double originX;
    private final double originY;
    private final double originZ;

    RemotePart(EntityTrack told, LongSupplier tick, double originX, double originY, double originZ) {
        this.told = told;
        this.tick = tick;
        this.originX = originX;
        this.originY = originY;
        this.originZ = originZ;
    }

    /** World coordinates, metres. */
    public double x() {
        return originX + told.position(0, tick.getAsLong());
    }

    /** World coordinates, metres. */
    public double y() {
        return originY + told.position(1, tick.getAsLong());
    }

    /** World coordinates, metres. */
    public double z() {
        return originZ + told.position(2, tick.getAsLong());
    }

    /**
     * A component of the unit quaternion by which it is turned.
     *
     * @param index 0 for x, 1 for y, 2 for z, 3 for w
     */
    public double rotation(int index) {
        return PackedRotation.get(told.rotation(tick.getAsLong()), index);
    }
}
