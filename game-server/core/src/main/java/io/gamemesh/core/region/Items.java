package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.EntityKind;

/**
 * Items that lie about in a region: they fall as everything does, and vanish when their time has come, or before, if there are
 * too many: who would fill a region with what it drops does not keep others out.
 */
final class Items {

    /** One of so many entities of a region may be an item that lies there. */
    private static final int SHARE = 4;

    private final RegionState state;
    private final Movement movement;
    private final int most;

    Items(RegionSettings settings, RegionState state, Movement movement) {
        this.state = state;
        this.movement = movement;
        this.most = settings.limits().maxEntities() / SHARE;
    }

    void step() {
        Entities entities = state.entities;
        int lying = 0;
        // From the last row: one that vanishes is replaced by the last.
        for (int row = entities.count - 1; row >= 0; row--) {
            if (entities.kind[row] != EntityKind.ITEM) {
                continue;
            }
            if (entities.memory[row] <= state.tick) {
                state.remove(row);
                continue;
            }
            lying++;
            if (entities.grounded[row]) {
                movement.roam(entities, row, 0, 0, 0, false, false);
            } else {
                // What was thrown flies on.
                movement.roam(entities, row, entities.vx[row], 0, entities.vz[row], true, false);
            }
        }
        for (; lying > most; lying--) {
            state.remove(nextToVanish());
        }
    }

    private int nextToVanish() {
        Entities entities = state.entities;
        int next = Entities.NONE;
        for (int row = 0; row < entities.count; row++) {
            if (entities.kind[row] == EntityKind.ITEM
                    && (next == Entities.NONE || entities.memory[row] < entities.memory[next])) {
                next = row;
            }
        }
        return next;
    }
}
