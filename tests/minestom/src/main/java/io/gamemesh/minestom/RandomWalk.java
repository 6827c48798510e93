package io.gamemesh.minestom;

import java.util.SplittableRandom;

/**
 * A smooth random walk on a square round the origin: always at {@link #SPEED}, turning this way and that at rates which
 * themselves change smoothly, and back towards the middle near an edge. The same for the same seed and number. Not
 * thread-safe.
 */
public final class RandomWalk {

    /** Steps a second. */
    public static final int STEPS_A_SECOND = 20;
    /** Metres a second. */
    public static final double SPEED = 4;

    private static final double SECONDS = 1.0 / STEPS_A_SECOND;
    // Of the rate of turning from one step to the next: it holds for about a second.
    private static final double PERSISTENCE = 0.95;
    private static final double AGITATION = 0.35;
    private static final double MARGIN = 5;
    private static final double TURN_BACK = 2.5;

    private final SplittableRandom random;
    private final double half;

    private double x;
    private double z;
    private double heading;
    private double turning;

    /**
     * Begins anywhere on the square.
     *
     * @param seed of all walks of a run
     * @param number of this one
     * @param side of the square, metres, at least 20
     */
    public RandomWalk(long seed, int number, double side) {
        if (!(side >= 4 * MARGIN)) {
            throw new IllegalArgumentException(
                    "the square's side is %s m, expected at least %s".formatted(side, 4 * MARGIN));
        }
        // One step of a generator apart, two walks would be one walk a step apart.
        random = new SplittableRandom(seed ^ (number + 1) * 0x9E3779B97F4A7C15L).split();
        half = side / 2;
        x = random.nextDouble(-half, half);
        z = random.nextDouble(-half, half);
        heading = random.nextDouble(2 * Math.PI);
    }

    /** One step on. */
    public void step() {
        turning = PERSISTENCE * turning + AGITATION * random.nextDouble(-1, 1);
        if (Math.abs(x) > half - MARGIN || Math.abs(z) > half - MARGIN) {
            double home = Math.atan2(-z, -x);
            turning = TURN_BACK * Math.IEEEremainder(home - heading, 2 * Math.PI);
        }
        heading += turning * SECONDS;
        x = Math.clamp(x + velocityX() * SECONDS, -half, half);
        z = Math.clamp(z + velocityZ() * SECONDS, -half, half);
    }

    /** Metres east of the square's middle. */
    public double x() {
        return x;
    }

    /** Metres south of the square's middle. */
    public double z() {
        return z;
    }

    /** Metres a second. */
    public double velocityX() {
        return SPEED * Math.cos(heading);
    }

    /** Metres a second. */
    public double velocityZ() {
        return SPEED * Math.sin(heading);
    }
}
