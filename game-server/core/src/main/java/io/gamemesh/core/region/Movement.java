package io.gamemesh.core.region;

import io.gamemesh.core.motion.BlockView;
import io.gamemesh.core.motion.Body;
import io.gamemesh.core.motion.Matter;
import io.gamemesh.core.motion.Motion;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;

/**
 * Moves players by their inputs, one input for each tick that passes. While an input is late its player goes on as
 * before, and so does its turning; once it has come, the guess is taken back and the input done instead, so that what a
 * client predicts from its own inputs is what happens. Nobody is ever done more inputs than ticks have passed. Not thread-safe.
 */
final class Movement {

    /** For how long a player's own inputs replace guesses, in parts of a second. */
    private static final int REACH_PARTS = 4;

    private static final int MAX_REACH = 8;
    private static final int MAX_RAISE = 256;

    /** For how long a silent client's player goes on, in parts of a second. */
    private static final int PATIENCE_PARTS = 2;

    private final Motion motion;
    private final int reach;
    private final int patience;
    // A second: what is too much or too little all through it is not the network's jitter.
    private final int window;
    private final Body body = new Body();
    private long inputsDropped;

    Movement(Blocks blocks, Terrain terrain, int tickRate) {
        this.motion = new Motion(view(blocks, terrain), tickRate);
        this.reach = Math.clamp(tickRate / REACH_PARTS, 1, MAX_REACH);
        this.window = tickRate;
        this.patience = Math.max(tickRate / PATIENCE_PARTS, 1);
    }

    private static BlockView view(Blocks blocks, Terrain terrain) {
        return (x, y, z) -> {
            short block = terrain.block(x, y, z);
            if (block == Blocks.WATER) {
                return Matter.WATER;
            }
            return blocks.isSolid(block) ? Matter.SOLID : Matter.OPEN;
        };
    }

    /** How many inputs have not been done, since there were more of them than ticks. */
    long inputsDropped() {
        return inputsDropped;
    }

    /** How many ticks a player's inputs may come late. */
    int reach() {
        return reach;
    }

    /** One tick of one player. */
    void step(Entities entities, int row, Controls controls) {
        controls.owed++;
        controls.idle++;
        controls.lookOn(reach);
        if (controls.owed <= 0) {
            // It was stepped for this tick where it has come from.
            return;
        }
        if (controls.owed > 1) {
            body.set(controls.confirmed);
        } else {
            load(entities, row);
        }
        if (takeInputs(controls)) {
            controls.bonus = 0;
            if (controls.endTick(window) && controls.owed > 0) {
                controls.owed--;
            }
            controls.confirmed.set(body);
            for (int i = 0; i < controls.owed; i++) {
                guess(controls);
            }
        } else {
            guessOn(entities, row, controls);
        }
        store(entities, row);
        inputsDropped += controls.dropped;
        controls.dropped = 0;
    }

    private boolean takeInputs(Controls controls) {
        boolean some = false;
        while (controls.owed + controls.bonus > 0 && controls.take()) {
            if (controls.owed > 0) {
                controls.owed--;
            } else {
                controls.bonus--;
            }
            motion.move(body, controls.wishX, controls.wishY, controls.wishZ, controls.sprint, controls.jump);
            some = true;
        }
        return some;
    }

    /** Nothing has come: on from where the last guess led to. */
    private void guessOn(Entities entities, int row, Controls controls) {
        controls.lapsed |= controls.owed > reach;
        load(entities, row);
        if (controls.lapsed) {
            // What happened has happened.
            controls.owed = 0;
        } else if (controls.owed == 1) {
            controls.confirmed.set(body);
        }
        if (controls.idle > patience) {
            controls.stopWishing();
        }
        guess(controls);
    }

    private void guess(Controls controls) {
        controls.turnOn(reach);
        motion.move(body, controls.wishX, controls.wishY, controls.wishZ, controls.sprint, false);
    }

    /**
     * Where the player is by its own inputs alone, which is what its client can compare with what it has predicted.
     * Valid until the next call of anything here.
     */
    Body own(Entities entities, int row, Controls controls) {
        if (controls.owed > 0) {
            body.set(controls.confirmed);
        } else {
            load(entities, row);
        }
        return body;
    }

    /** As {@link #own(Entities, int, Controls)}, of one who is about to arrive elsewhere. */
    Body own(Entity entity, Controls controls) {
        if (controls.owed > 0) {
            body.set(controls.confirmed);
        } else {
            entity.place(body);
        }
        return body;
    }

    /**
     * A player has come over a border: it is where its own inputs have led, and on from there by guesses for the ticks that
     * have passed since.
     *
     * @param owed for how many ticks no input has been done; of these the one at hand is yet to be stepped
     */
    void arrive(Entities entities, int row, Controls controls, Body place, int owed) {
        controls.arrive(place, Math.min(owed, reach) - 1);
        body.set(place);
        for (int i = 0; i < controls.owed; i++) {
            guess(controls);
        }
        store(entities, row);
    }

    /** One tick of somebody whom no player moves: by the same rules, without inputs. */
    void roam(Entities entities, int row, double wishX, double wishY, double wishZ, boolean run, boolean jump) {
        load(entities, row);
        motion.move(body, wishX, wishY, wishZ, run, jump);
        store(entities, row);
    }

    private void load(Entities entities, int row) {
        body.x = entities.x[row];
        body.y = entities.y[row];
        body.z = entities.z[row];
        body.vx = entities.vx[row];
        body.vy = entities.vy[row];
        body.vz = entities.vz[row];
        body.grounded = entities.grounded[row];
    }

    private void store(Entities entities, int row) {
        entities.x[row] = body.x;
        entities.y[row] = body.y;
        entities.z[row] = body.z;
        entities.vx[row] = body.vx;
        entities.vy[row] = body.vy;
        entities.vz[row] = body.vz;
        entities.grounded[row] = body.grounded;
    }

    /** The place, or the first above it in the world that a player fits into. */
    Vec3 clear(WorldGeometry geometry, Vec3 place) {
        for (int raised = 0; raised < MAX_RAISE; raised++) {
            double y = place.y() + raised;
            if (!geometry.contains(place.x(), y, place.z())) {
                break;
            }
            if (!collides(place.x(), y, place.z())) {
                return new Vec3(place.x(), y, place.z());
            }
        }
        return place;
    }

    boolean collides(double x, double y, double z) {
        return motion.collides(x, y, z);
    }
}
