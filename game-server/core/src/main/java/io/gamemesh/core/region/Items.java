package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.EntityKind;

/** Items that lie about in a region: they fall as everything does, and vanish when their time has come. */
final class Items {

    private final RegionState state;
    private final Movement movement;

    Items(RegionState state, Movement movement) {
        this.state = state;
        this.movement = movement;
    }

    void step() {
        Entities entities = state.entities;
        // From the last row: one that vanishes is replaced by the last.
        for (int row = entities.count - 1; row >= 0; row--) {
            if (entities.kind[row] != EntityKind.ITEM) {
                continue;
            }
            if (entities.memory[row] <= state.tick) {
                state.remove(row);
            } else if (entities.grounded[row]) {
                movement.roam(entities, row, 0, 0, 0, false, false);
            } else {
                // What was thrown flies on.
                movement.roam(entities, row, entities.vx[row], 0, entities.vz[row], true, false);
            }
        }
    }
}
