package io.gamemesh.client.bot;

import io.gamemesh.client.Movement;
import io.gamemesh.client.WorldView;
import java.time.InstantSource;

/**
 * Does as another, but rests in the last seconds of each half minute by the machine's clock, so that whoever counts players can
 * do it while none is between two regions.
 */
final class Resting implements Behaviour {

    private static final long PERIOD_SECONDS = 30;
    private static final long REST_SECONDS = 4;

    private final Behaviour active;
    private final InstantSource clock;

    Resting(Behaviour active, InstantSource clock) {
        this.active = active;
        this.clock = clock;
    }

    @Override
    public Movement move(WorldView world) {
        return rests() ? Movement.STILL : active.move(world);
    }

    boolean rests() {
        return Math.floorMod(clock.instant().getEpochSecond(), PERIOD_SECONDS) >= PERIOD_SECONDS - REST_SECONDS;
    }
}
