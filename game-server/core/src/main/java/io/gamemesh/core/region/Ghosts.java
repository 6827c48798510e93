package io.gamemesh.core.region;

import java.util.ArrayList;
import java.util.List;

/** Entities of one neighbour near the border, as it last told: in 1/128 m from this region's lowest corner. */
final class Ghosts {

    /** Astray is one that is outside the neighbour: it may have gone where another neighbour tells of it too. */
    record Ghost(
            long id, int kind, int x, int y, int z, int yaw, int pitch, long rotation, String name, boolean astray) {}

    private List<Ghost> all = new ArrayList<>();
    private long tick = -1;
    private long expireNanos = Long.MIN_VALUE;

    List<Ghost> all() {
        return all;
    }

    boolean isNewer(long messageTick) {
        return messageTick > tick;
    }

    void replace(List<Ghost> ghosts, long messageTick, long expiry) {
        all = ghosts;
        tick = messageTick;
        expireNanos = expiry;
    }

    /** One that has just gone over and that the neighbour has not told of yet. */
    void add(Ghost ghost, long expiry) {
        all.removeIf(each -> each.id() == ghost.id());
        all.add(ghost);
        expireNanos = Math.max(expireNanos, expiry);
    }

    /** Another server counts the ticks from now on. What is shown stays until it tells, or for its time. */
    void hearAnew() {
        tick = -1;
    }

    void expire(long nowNanos) {
        if (!all.isEmpty() && nowNanos >= expireNanos) {
            all = new ArrayList<>();
        }
    }
}
