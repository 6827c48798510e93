package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Terrain;

/**
 * How players move: an upright box of 0.6 x 1.8 x 0.6 m that walks, falls, jumps, swims, and steps up one block. A
 * player asks for a velocity; what it gets is limited to what a player can do. Not thread-safe.
 */
final class Movement {

    static final double HALF_WIDTH = 0.3;
    static final double HEIGHT = 1.8;
    static final double EYE_HEIGHT = 1.6;

    static final double WALK = 5.0;
    static final double SPRINT = 8.0;
    private static final double SWIM = 2.5;
    private static final double JUMP = 7.6;
    private static final double GRAVITY = 20.0;
    private static final double TERMINAL = 50.0;
    private static final double STEP_UP = 1.0;
    // Less than the box's half height and a block, so that nothing is jumped over.
    private static final double MAX_STRIDE = 0.45;
    private static final double SKIN = 1e-6;

    private final Blocks blocks;
    private final Terrain terrain;
    private final double seconds;

    Movement(Blocks blocks, Terrain terrain, int tickRate) {
        this.blocks = blocks;
        this.terrain = terrain;
        this.seconds = 1.0 / tickRate;
    }

    /** One tick of one player. */
    void move(Entities entities, int row, double wishX, double wishY, double wishZ, boolean sprint, boolean jump) {
        if (collides(entities.x[row], entities.y[row], entities.z[row])) {
            // Somebody built here, or the ground was made again: out at the top.
            entities.y[row] = Math.floor(entities.y[row]) + 1;
            entities.vy[row] = 0;
            return;
        }
        boolean swimming = isWater(entities.x[row], entities.y[row] + HEIGHT / 4, entities.z[row]);
        double limit = swimming ? SWIM : sprint ? SPRINT : WALK;
        double wish = Math.sqrt(wishX * wishX + wishZ * wishZ);
        double scale = wish > limit ? limit / wish : 1;
        entities.vx[row] = wishX * scale;
        entities.vz[row] = wishZ * scale;
        if (swimming) {
            entities.vy[row] = Math.clamp(wishY + (jump ? SWIM : SWIM / 4), -SWIM, SWIM);
        } else {
            if (jump && entities.grounded[row]) {
                entities.vy[row] = JUMP;
            }
            entities.vy[row] = Math.max(entities.vy[row] - GRAVITY * seconds, -TERMINAL);
        }
        stride(entities, row, swimming);
    }

    private void stride(Entities entities, int row, boolean swimming) {
        double fastest =
                Math.max(Math.abs(entities.vy[row]), Math.max(Math.abs(entities.vx[row]), Math.abs(entities.vz[row])));
        int strides = Math.max(1, (int) Math.ceil(fastest * seconds / MAX_STRIDE));
        double share = seconds / strides;
        boolean canStep = entities.grounded[row] || swimming;
        for (int i = 0; i < strides; i++) {
            walk(entities, row, entities.vx[row] * share, 0, canStep);
            walk(entities, row, 0, entities.vz[row] * share, canStep);
            fall(entities, row, entities.vy[row] * share);
            canStep |= entities.grounded[row];
        }
    }

    private void walk(Entities entities, int row, double dx, double dz, boolean canStep) {
        if (dx == 0 && dz == 0) {
            return;
        }
        double x = entities.x[row] + dx;
        double y = entities.y[row];
        double z = entities.z[row] + dz;
        if (!collides(x, y, z)) {
            entities.x[row] = x;
            entities.z[row] = z;
            return;
        }
        boolean steps =
                canStep && !collides(entities.x[row], y + STEP_UP, entities.z[row]) && !collides(x, y + STEP_UP, z);
        if (steps) {
            entities.x[row] = x;
            entities.y[row] = y + STEP_UP;
            entities.z[row] = z;
        } else if (dx != 0) {
            entities.vx[row] = 0;
        } else {
            entities.vz[row] = 0;
        }
    }

    private void fall(Entities entities, int row, double dy) {
        double y = entities.y[row] + dy;
        if (!collides(entities.x[row], y, entities.z[row])) {
            entities.y[row] = y;
            entities.grounded[row] = false;
            return;
        }
        if (dy < 0) {
            entities.y[row] = Math.floor(y) + 1;
            entities.grounded[row] = true;
        }
        entities.vy[row] = 0;
    }

    /** True if a player's box with its feet's middle there would be in something solid. */
    boolean collides(double x, double y, double z) {
        int maxX = floor(x + HALF_WIDTH - SKIN);
        int maxY = floor(y + HEIGHT - SKIN);
        int maxZ = floor(z + HALF_WIDTH - SKIN);
        for (int blockY = floor(y + SKIN); blockY <= maxY; blockY++) {
            for (int blockZ = floor(z - HALF_WIDTH + SKIN); blockZ <= maxZ; blockZ++) {
                for (int blockX = floor(x - HALF_WIDTH + SKIN); blockX <= maxX; blockX++) {
                    if (blocks.isSolid(terrain.block(blockX, blockY, blockZ))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** True if a player's box with its feet's middle there has a part in that block. */
    static boolean overlaps(double x, double y, double z, int blockX, int blockY, int blockZ) {
        return x + HALF_WIDTH > blockX
                && x - HALF_WIDTH < blockX + 1
                && y + HEIGHT > blockY
                && y < blockY + 1
                && z + HALF_WIDTH > blockZ
                && z - HALF_WIDTH < blockZ + 1;
    }

    private boolean isWater(double x, double y, double z) {
        return terrain.block(floor(x), floor(y), floor(z)) == Blocks.WATER;
    }

    private static int floor(double value) {
        return (int) Math.floor(value);
    }
}
