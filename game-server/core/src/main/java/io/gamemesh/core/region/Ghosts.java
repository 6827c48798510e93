package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Parts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entities of one neighbour near the border, as it last told: in 1/128 m from this region's lowest corner. */
final class Ghosts {

    /**
     * One of them.
     *
     * @param rotation of a body, at the tick {@code since}
     * @param spin of a body
     * @param parts of a player in virtual reality
     * @param item of an item, which
     * @param count of an item, how many
     * @param since this region's tick when it was told of
     * @param astray it is outside the neighbour: it may have gone where another neighbour tells of it too
     */
    record Ghost(
            long id,
            int kind,
            int x,
            int y,
            int z,
            int yaw,
            int pitch,
            long rotation,
            long spin,
            @Nullable Parts parts,
            int item,
            int count,
            String name,
            long since,
            boolean astray) {

        /** How many numbers of a scene it takes. */
        int numbers() {
            return parts == null ? 1 : 1 + EntityKind.PARTS;
        }
    }

    private List<Ghost> all = new ArrayList<>();
    private long tick = -1;
    private long expireNanos = Long.MIN_VALUE;

    List<Ghost> all() {
        return all;
    }

    /** Looks through all of them. */
    @Nullable Ghost get(long id) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id() == id) {
                return all.get(i);
            }
        }
        return null;
    }

    /** How many numbers of a scene they take. */
    int numbers() {
        int numbers = 0;
        for (Ghost ghost : all) {
            numbers += ghost.numbers();
        }
        return numbers;
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
