package io.gamemesh.client.bot;

import io.gamemesh.client.Movement;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.InputDatagram;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Walks from one place to the next, jumps where it does not get on, and gives a place up that it cannot reach. */
final class Walker implements Behaviour {

    /** A place on the map, metres; the ground decides how high. */
    record Place(double x, double z) {

        /** As far from there as this one is from the origin. */
        Place from(Place middle) {
            return new Place(middle.x + x, middle.z + z);
        }
    }

    private static final double STROLL = 4;
    private static final double RUN = 7;
    private static final double ARRIVED = 2;
    private static final double STUCK = 0.2;
    private static final int PATIENCE_STEPS = 60 * STEPS_A_SECOND;

    private final RandomGenerator random;
    private final Supplier<Place> places;
    private final double speed;
    private final int flags;

    private Place target;
    private int stepsLeft = PATIENCE_STEPS;
    private double lastX;
    private double lastZ;

    Walker(RandomGenerator random, Supplier<Place> places) {
        this(random, places, STROLL, 0);
    }

    private Walker(RandomGenerator random, Supplier<Place> places, double speed, int flags) {
        this.random = random;
        this.places = places;
        this.speed = speed;
        this.flags = flags;
        this.target = places.get();
    }

    /** One that is in a hurry. */
    static Walker running(RandomGenerator random, Supplier<Place> places) {
        return new Walker(random, places, RUN, InputDatagram.SPRINT);
    }

    static Place inDisc(RandomGenerator random, double radius) {
        double distance = radius * Math.sqrt(random.nextDouble());
        double angle = random.nextDouble(2 * Math.PI);
        return new Place(distance * Math.cos(angle), distance * Math.sin(angle));
    }

    /** Each place lies 5 to 25 m beyond a border that the one before was this side of. */
    static Supplier<Place> acrossBorders(RandomGenerator random) {
        boolean[] east = {random.nextBoolean()};
        boolean[] south = {random.nextBoolean()};
        return () -> {
            if (random.nextBoolean()) {
                east[0] = !east[0];
            } else {
                south[0] = !south[0];
            }
            double x = random.nextDouble(5, 25);
            double z = random.nextDouble(5, 25);
            return new Place(east[0] ? x : -x, south[0] ? z : -z);
        };
    }

    /** Each place lies 3 to 5 m beyond a border, or an edge where two meet, that the one before was this side of. */
    static Supplier<Place> acrossBordersAndEdges(RandomGenerator random) {
        boolean[] east = {random.nextBoolean()};
        boolean[] south = {random.nextBoolean()};
        return () -> {
            int which = random.nextInt(3);
            east[0] ^= which != 0;
            south[0] ^= which != 1;
            double x = random.nextDouble(3, 5);
            double z = random.nextDouble(3, 5);
            return new Place(east[0] ? x : -x, south[0] ? z : -z);
        };
    }

    @Override
    public Movement move(WorldView world) {
        double dx = target.x - world.predictedX();
        double dz = target.z - world.predictedZ();
        double distance = Math.hypot(dx, dz);
        if (distance < ARRIVED || stepsLeft-- == 0) {
            target = places.get();
            stepsLeft = PATIENCE_STEPS;
            return Movement.STILL;
        }
        boolean stuck = Math.hypot(world.predictedX() - lastX, world.predictedZ() - lastZ) < STUCK;
        lastX = world.predictedX();
        lastZ = world.predictedZ();
        Movement walk = Movement.walk(speed * dx / distance, speed * dz / distance);
        if (!stuck) {
            return new Movement(walk.x(), 0, walk.z(), walk.yaw(), 0, flags);
        }
        // Along the obstacle now and then, or a jump would meet the same wall for ever.
        double aside = random.nextDouble(-speed, speed);
        return new Movement(
                walk.x() - aside * dz / distance,
                0,
                walk.z() + aside * dx / distance,
                walk.yaw(),
                0,
                flags | InputDatagram.JUMP);
    }
}
