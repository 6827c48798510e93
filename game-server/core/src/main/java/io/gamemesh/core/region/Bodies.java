package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.EntityKind;

/** Bodies of a region: they fly straight on and turn evenly, weightless, and what is solid throws them back. */
final class Bodies {

    private final RegionState state;
    private final Movement movement;
    private final double seconds;

    Bodies(RegionState state, Movement movement) {
        this.state = state;
        this.movement = movement;
        this.seconds = 1.0 / state.settings.tickRate();
    }

    void step() {
        Entities entities = state.entities;
        if (entities.bodies() == 0) {
            return;
        }
        for (int row = 0; row < entities.count; row++) {
            if (entities.kind[row] == EntityKind.BODY) {
                fly(entities, row);
                entities.memory[row] = Turning.turned(entities.memory[row], entities.decision[row], seconds);
            }
        }
    }

    private void fly(Entities entities, int row) {
        double x = entities.x[row] + entities.vx[row] * seconds;
        double y = entities.y[row] + entities.vy[row] * seconds;
        double z = entities.z[row] + entities.vz[row] * seconds;
        if (!movement.collides(x, y, z)) {
            entities.x[row] = x;
            entities.y[row] = y;
            entities.z[row] = z;
            return;
        }
        // From where it is, along each axis by itself: that which leads into something solid is turned round.
        boolean alongX = movement.collides(x, entities.y[row], entities.z[row]);
        boolean alongY = movement.collides(entities.x[row], y, entities.z[row]);
        boolean alongZ = movement.collides(entities.x[row], entities.y[row], z);
        boolean corner = !alongX && !alongY && !alongZ;
        entities.vx[row] *= alongX || corner ? -1 : 1;
        entities.vy[row] *= alongY || corner ? -1 : 1;
        entities.vz[row] *= alongZ || corner ? -1 : 1;
    }
}
