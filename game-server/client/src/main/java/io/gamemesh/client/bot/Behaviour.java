package io.gamemesh.client.bot;

import io.gamemesh.client.Movement;
import io.gamemesh.client.WorldView;
import java.util.Optional;

/** What one bot decides, {@value #STEPS_A_SECOND} times a second. */
interface Behaviour {

    int STEPS_A_SECOND = 5;

    /** How to move until the next step. */
    Movement move(WorldView world);

    /** A block to replace now, if any. */
    default Optional<Edit> edit(WorldView world) {
        return Optional.empty();
    }

    /** World coordinates of a block and what shall be there. */
    record Edit(int x, int y, int z, int block) {}
}
