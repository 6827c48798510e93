package io.gamemesh.core.motion;

/**
 * How players move: an upright box of 0.6 x 1.8 x 0.6 m that walks, falls, jumps, swims, and steps up one block. A
 * player asks for a velocity; what it gets is limited to what a player can do. Uses nothing but exact IEEE 754
 * arithmetic, so that server and client come to the same bits. Allocates nothing; not thread-safe.
 */
public final class Motion {

    /** Half the width of a player's box, metres. */
    public static final double HALF_WIDTH = 0.3;

    /** The height of a player's box, metres. */
    public static final double HEIGHT = 1.8;

    /** How high above its feet a player's eyes are, metres. */
    public static final double EYE_HEIGHT = 1.6;

    /** The greatest speed over ground of a player who does not sprint, metres a second. */
    public static final double WALK = 5.0;

    /** The greatest speed over ground of all, metres a second. */
    public static final double SPRINT = 8.0;

    private static final double SWIM = 2.5;
    private static final double JUMP = 7.6;
    private static final double GRAVITY = 20.0;
    private static final double TERMINAL = 50.0;
    private static final double STEP_UP = 1.0;
    // Less than the box's half height and a block, so that nothing is jumped over.
    private static final double MAX_STRIDE = 0.45;
    private static final double SKIN = 1e-6;

    private final BlockView blocks;
    private final double seconds;

    /**
     * Rules for a world.
     *
     * @param blocks asked during each move
     * @param tickRate moves a second, 1 or more
     */
    public Motion(BlockView blocks, int tickRate) {
        if (tickRate < 1) {
            throw new IllegalArgumentException("tick rate is " + tickRate + ", expected 1 or more a second");
        }
        this.blocks = blocks;
        this.seconds = 1.0 / tickRate;
    }

    /**
     * One tick of one player.
     *
     * @param body changes
     * @param wishX the velocity that the player wants, metres a second, finite
     * @param wishY as {@code wishX}; counts where the player swims
     * @param wishZ as {@code wishX}
     */
    public void move(Body body, double wishX, double wishY, double wishZ, boolean sprint, boolean jump) {
        if (collides(body.x, body.y, body.z)) {
            // Somebody built here, or the ground was made again: out at the top.
            body.y = Math.floor(body.y) + 1;
            body.vy = 0;
            return;
        }
        boolean swimming = isWater(body.x, body.y + HEIGHT / 4, body.z);
        double limit = swimming ? SWIM : sprint ? SPRINT : WALK;
        double wish = Math.sqrt(wishX * wishX + wishZ * wishZ);
        double scale = wish > limit ? limit / wish : 1;
        body.vx = wishX * scale;
        body.vz = wishZ * scale;
        if (swimming) {
            // At the surface it rests: a body that bobs is a matter of rounding, and different for whoever predicts it.
            double buoyancy = isWater(body.x, body.y + HEIGHT / 2, body.z) ? SWIM / 4 : 0;
            body.vy = Math.clamp(wishY + (jump ? SWIM : buoyancy), -SWIM, SWIM);
        } else {
            if (jump && body.grounded) {
                body.vy = JUMP;
            }
            body.vy = Math.max(body.vy - GRAVITY * seconds, -TERMINAL);
        }
        stride(body, swimming);
    }

    private void stride(Body body, boolean swimming) {
        double fastest = Math.max(Math.abs(body.vy), Math.max(Math.abs(body.vx), Math.abs(body.vz)));
        int strides = Math.max(1, (int) Math.ceil(fastest * seconds / MAX_STRIDE));
        double share = seconds / strides;
        boolean canStep = body.grounded || swimming;
        for (int i = 0; i < strides; i++) {
            walk(body, body.vx * share, 0, canStep);
            walk(body, 0, body.vz * share, canStep);
            fall(body, body.vy * share);
            canStep |= body.grounded;
        }
    }

    private void walk(Body body, double dx, double dz, boolean canStep) {
        if (dx == 0 && dz == 0) {
            return;
        }
        double x = body.x + dx;
        double y = body.y;
        double z = body.z + dz;
        if (!collides(x, y, z)) {
            body.x = x;
            body.z = z;
            return;
        }
        boolean steps = canStep && !collides(body.x, y + STEP_UP, body.z) && !collides(x, y + STEP_UP, z);
        if (steps) {
            body.x = x;
            body.y = y + STEP_UP;
            body.z = z;
        } else if (dx != 0) {
            body.vx = 0;
        } else {
            body.vz = 0;
        }
    }

    private void fall(Body body, double dy) {
        double y = body.y + dy;
        if (!collides(body.x, y, body.z)) {
            body.y = y;
            body.grounded = false;
            return;
        }
        if (dy < 0) {
            body.y = Math.floor(y) + 1;
            body.grounded = true;
        }
        body.vy = 0;
    }

    /** True if a player's box with its feet's middle there would be in something solid. */
    public boolean collides(double x, double y, double z) {
        int maxX = floor(x + HALF_WIDTH - SKIN);
        int maxY = floor(y + HEIGHT - SKIN);
        int maxZ = floor(z + HALF_WIDTH - SKIN);
        for (int blockY = floor(y + SKIN); blockY <= maxY; blockY++) {
            for (int blockZ = floor(z - HALF_WIDTH + SKIN); blockZ <= maxZ; blockZ++) {
                for (int blockX = floor(x - HALF_WIDTH + SKIN); blockX <= maxX; blockX++) {
                    if (blocks.at(blockX, blockY, blockZ) == Matter.SOLID) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** True if a player's box with its feet's middle there has a part in that block. */
    public static boolean overlaps(double x, double y, double z, int blockX, int blockY, int blockZ) {
        return x + HALF_WIDTH > blockX
                && x - HALF_WIDTH < blockX + 1
                && y + HEIGHT > blockY
                && y < blockY + 1
                && z + HALF_WIDTH > blockZ
                && z - HALF_WIDTH < blockZ + 1;
    }

    private boolean isWater(double x, double y, double z) {
        return blocks.at(floor(x), floor(y), floor(z)) == Matter.WATER;
    }

    private static int floor(double value) {
        return (int) Math.floor(value);
    }
}
