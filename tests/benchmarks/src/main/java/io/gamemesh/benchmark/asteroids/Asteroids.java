package io.gamemesh.benchmark.asteroids;

import java.util.Arrays;
import java.util.Random;

/**
 * KinematicSoup's sphere and ring benchmark (github.com/KinematicSoup/benchmarks) as bodies of this project's own: asteroids
 * with random speeds that they keep to, within a sphere that turns them back, about a planetoid; contacts don't bounce but
 * rub. After some five minutes most go round in a ring. The shapes are capsules as long and as thick as the original's
 * meshes; contacts are solved by sequential impulses (Catto, "Iterative Dynamics with Temporal Coherence", 2005), six times
 * with penetration and once without, as PhysX does. The same numbers on every machine. Not thread-safe.
 */
final class Asteroids {

    /** How many there are. */
    static final int COUNT = 250;

    /** Steps a second. */
    static final int RATE = 60;

    /** Metres from the middle beyond which an asteroid is drawn back: as dense as 1,000 within 50 m. */
    static final double BOUNDS = 50 * StrictMath.cbrt(COUNT / 1000.0);

    private static final double STEP = 1.0 / RATE;
    private static final double MIN_SCALE = 0.25;
    private static final double MAX_SCALE = 1;
    private static final double MIN_SPEED = 1;
    private static final double MAX_SPEED = 4;
    private static final double MAX_SPIN = Math.PI / 4;
    private static final double PLANETOID_RADIUS = 5;
    private static final double ACCELERATION = 5;
    private static final double DRAW = 10;
    private static final double SPEED_SLACK = 0.001;

    // What PhysX takes by default.
    private static final double FRICTION = 0.6;
    private static final double CONTACT_OFFSET = 0.01;
    private static final double CORRECTION = 0.2;
    private static final double MAX_CORRECTION_SPEED = 10;
    private static final double GREATEST_SPIN = 7;
    private static final int ITERATIONS = 6;

    // Half the length and half the thickness of each shape at scale 1, metres.
    private static final double[] HALF_LENGTHS = {1.35, 1.5, 1.8, 1.5, 1.8, 1.65, 1.9, 1.35};
    private static final double[] RADII = {1.15, 1.1, 1.0, 1.3, 1.05, 1.1, 0.95, 1.3};

    private static final int PLANETOID = -1;

    // Metres, metres a second, quaternions (x, y, z, w), radians a second: of asteroid i from i * 3, or i * 4, on.
    final double[] position = new double[COUNT * 3];
    final double[] velocity = new double[COUNT * 3];
    final double[] rotation = new double[COUNT * 4];
    final double[] spin = new double[COUNT * 3];

    private final double[] targetSpeed = new double[COUNT];
    private final double[] inverseMass = new double[COUNT];
    private final double[] inverseAxial = new double[COUNT];
    private final double[] inverseTransverse = new double[COUNT];
    private final double[] halfSegment = new double[COUNT];
    private final double[] radius = new double[COUNT];
    private final double[] axis = new double[COUNT * 3];

    private int contacts;
    private int[] first = new int[256];
    private int[] second = new int[256];
    private double[] gap = new double[256];
    // Of each contact: normal from the first to the second, two tangents, arms from both middles.
    private double[] frame = new double[256 * 15];
    private double[] impulse = new double[256 * 3];

    private final double[] nearest = new double[6];

    Asteroids(long seed) {
        Random random = new Random(seed);
        for (int body = 0; body < COUNT; body++) {
            spawn(body, random);
        }
    }

    private void spawn(int body, Random random) {
        int at = body * 3;
        inSphere(random, BOUNDS, position, at);
        rotation(random, body * 4);
        double scale = between(random, MIN_SCALE, MAX_SCALE);
        double away = length(position, at);
        double[] outwards = {
            away == 0 ? 1 : position[at] / away,
            away == 0 ? 0 : position[at + 1] / away,
            away == 0 ? 0 : position[at + 2] / away
        };
        while (overlaps(body, 2 * scale)) {
            for (int i = 0; i < 3; i++) {
                position[at + i] += outwards[i] * 2 * scale;
            }
        }
        int shape = random.nextInt(RADII.length);
        inSphere(random, MAX_SPIN, spin, at);
        targetSpeed[body] = between(random, MIN_SPEED, MAX_SPEED);
        inSphere(random, 1, velocity, at);
        double speed = length(velocity, at);
        for (int i = 0; i < 3; i++) {
            velocity[at + i] *= targetSpeed[body] / speed;
        }
        radius[body] = RADII[shape] * scale;
        double halfLength = HALF_LENGTHS[shape] * scale;
        halfSegment[body] = halfLength - radius[body];
        double mass = scale * scale * scale;
        inverseMass[body] = 1 / mass;
        // Of an ellipsoid of the same extent.
        inverseAxial[body] = 5 / (mass * 2 * radius[body] * radius[body]);
        inverseTransverse[body] = 5 / (mass * (halfLength * halfLength + radius[body] * radius[body]));
        updateAxis(body);
    }

    private static double between(Random random, double least, double greatest) {
        return least + random.nextDouble() * (greatest - least);
    }

    private static void inSphere(Random random, double size, double[] out, int at) {
        double square;
        do {
            for (int i = 0; i < 3; i++) {
                out[at + i] = random.nextDouble() * 2 - 1;
            }
            square = length(out, at);
        } while (square > 1 || square == 0);
        for (int i = 0; i < 3; i++) {
            out[at + i] *= size;
        }
    }

    private void rotation(Random random, int at) {
        double square;
        do {
            square = 0;
            for (int i = 0; i < 4; i++) {
                rotation[at + i] = random.nextDouble() * 2 - 1;
                square += rotation[at + i] * rotation[at + i];
            }
        } while (square > 1 || square == 0);
        for (int i = 0; i < 4; i++) {
            rotation[at + i] /= Math.sqrt(square);
        }
    }

    private boolean overlaps(int body, double size) {
        if (length(position, body * 3) < PLANETOID_RADIUS + size) {
            return true;
        }
        halfSegment[body] = 0;
        for (int other = 0; other < body; other++) {
            if (nearest(body, other) < size + radius[other]) {
                return true;
            }
        }
        return false;
    }

    private static double length(double[] vectors, int at) {
        return Math.sqrt(dot(vectors, at, vectors, at));
    }

    private static double dot(double[] a, int at, double[] b, int bt) {
        return a[at] * b[bt] + a[at + 1] * b[bt + 1] + a[at + 2] * b[bt + 2];
    }

    private void updateAxis(int body) {
        int at = body * 4;
        double x = rotation[at];
        double y = rotation[at + 1];
        double z = rotation[at + 2];
        double w = rotation[at + 3];
        axis[body * 3] = 1 - 2 * (y * y + z * z);
        axis[body * 3 + 1] = 2 * (x * y + w * z);
        axis[body * 3 + 2] = 2 * (x * z - w * y);
    }

    /** One step. */
    void step() {
        for (int body = 0; body < COUNT; body++) {
            steer(body);
        }
        findContacts();
        Arrays.fill(impulse, 0, contacts * 3, 0);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            solve(true);
        }
        for (int body = 0; body < COUNT; body++) {
            move(body);
        }
        solve(false);
    }

    private void steer(int body) {
        int at = body * 3;
        double away = length(position, at);
        if (away > BOUNDS) {
            for (int i = 0; i < 3; i++) {
                velocity[at + i] -= position[at + i] / away * DRAW * STEP;
            }
            return;
        }
        double square = dot(velocity, at, velocity, at);
        double wanted = targetSpeed[body];
        if (Math.abs(square - wanted * wanted) > SPEED_SLACK && square > 0) {
            double speed = Math.sqrt(square);
            double next = speed < wanted
                    ? Math.min(speed + ACCELERATION * STEP, wanted)
                    : Math.max(speed - ACCELERATION * STEP, wanted);
            for (int i = 0; i < 3; i++) {
                velocity[at + i] *= next / speed;
            }
        }
    }

    private void move(int body) {
        int at = body * 3;
        double square = dot(spin, at, spin, at);
        if (square > GREATEST_SPIN * GREATEST_SPIN) {
            double slower = GREATEST_SPIN / Math.sqrt(square);
            for (int i = 0; i < 3; i++) {
                spin[at + i] *= slower;
            }
        }
        for (int i = 0; i < 3; i++) {
            position[at + i] += velocity[at + i] * STEP;
        }
        turn(body, length(spin, at));
        updateAxis(body);
    }

    private void turn(int body, double speed) {
        int at = body * 4;
        double half = speed * STEP / 2;
        double share = speed == 0 ? 0 : StrictMath.sin(half) / speed;
        double a = spin[body * 3] * share;
        double b = spin[body * 3 + 1] * share;
        double c = spin[body * 3 + 2] * share;
        double d = StrictMath.cos(half);
        double x = rotation[at];
        double y = rotation[at + 1];
        double z = rotation[at + 2];
        double w = rotation[at + 3];
        double newX = d * x + a * w + b * z - c * y;
        double newY = d * y - a * z + b * w + c * x;
        double newZ = d * z + a * y - b * x + c * w;
        double newW = d * w - a * x - b * y - c * z;
        double norm = Math.sqrt(newX * newX + newY * newY + newZ * newZ + newW * newW);
        rotation[at] = newX / norm;
        rotation[at + 1] = newY / norm;
        rotation[at + 2] = newZ / norm;
        rotation[at + 3] = newW / norm;
    }

    // Contacts.

    private void findContacts() {
        contacts = 0;
        for (int body = 0; body < COUNT; body++) {
            double size = halfSegment[body] + radius[body];
            double reach = PLANETOID_RADIUS + size + CONTACT_OFFSET;
            if (dot(position, body * 3, position, body * 3) < reach * reach) {
                touchPlanetoid(body);
            }
            for (int other = body + 1; other < COUNT; other++) {
                double dx = position[other * 3] - position[body * 3];
                double dy = position[other * 3 + 1] - position[body * 3 + 1];
                double dz = position[other * 3 + 2] - position[body * 3 + 2];
                double far = size + halfSegment[other] + radius[other] + CONTACT_OFFSET;
                if (dx * dx + dy * dy + dz * dz < far * far) {
                    double apart = nearest(body, other);
                    touch(body, other, apart, radius[body] + radius[other]);
                }
            }
        }
    }

    private void touchPlanetoid(int body) {
        int at = body * 3;
        double along = Math.clamp(-dot(position, at, axis, at), -halfSegment[body], halfSegment[body]);
        for (int i = 0; i < 3; i++) {
            nearest[i] = position[at + i] + along * axis[at + i];
            nearest[3 + i] = 0;
        }
        touch(body, PLANETOID, length(nearest, 0), radius[body] + PLANETOID_RADIUS);
    }

    /** The points of two segments that are nearest to each other (Ericson, "Real-Time Collision Detection", 5.1.9). */
    private double nearest(int a, int b) {
        int at = a * 3;
        int bt = b * 3;
        double dx = position[at] - position[bt];
        double dy = position[at + 1] - position[bt + 1];
        double dz = position[at + 2] - position[bt + 2];
        double between = dot(axis, at, axis, bt);
        double alongA = dx * axis[at] + dy * axis[at + 1] + dz * axis[at + 2];
        double alongB = dx * axis[bt] + dy * axis[bt + 1] + dz * axis[bt + 2];
        double denominator = 1 - between * between;
        double s = denominator < 1e-9 ? 0 : (between * alongB - alongA) / denominator;
        s = Math.clamp(s, -halfSegment[a], halfSegment[a]);
        double t = Math.clamp(s * between + alongB, -halfSegment[b], halfSegment[b]);
        s = Math.clamp(t * between - alongA, -halfSegment[a], halfSegment[a]);
        double square = 0;
        for (int i = 0; i < 3; i++) {
            nearest[i] = position[at + i] + s * axis[at + i];
            nearest[3 + i] = position[bt + i] + t * axis[bt + i];
            square += (nearest[3 + i] - nearest[i]) * (nearest[3 + i] - nearest[i]);
        }
        return Math.sqrt(square);
    }

    private void touch(int a, int b, double apart, double sizes) {
        if (apart > sizes + CONTACT_OFFSET || apart == 0) {
            return;
        }
        if (contacts == first.length) {
            first = Arrays.copyOf(first, contacts * 2);
            second = Arrays.copyOf(second, contacts * 2);
            gap = Arrays.copyOf(gap, contacts * 2);
            frame = Arrays.copyOf(frame, contacts * 2 * 15);
            impulse = Arrays.copyOf(impulse, contacts * 2 * 3);
        }
        int contact = contacts++;
        first[contact] = a;
        second[contact] = b;
        gap[contact] = apart - sizes;
        int at = contact * 15;
        double along = radius[a] + gap[contact] / 2;
        for (int i = 0; i < 3; i++) {
            double normal = (nearest[3 + i] - nearest[i]) / apart;
            double point = nearest[i] + normal * along;
            frame[at + i] = normal;
            frame[at + 9 + i] = point - position[a * 3 + i];
            frame[at + 12 + i] = b == PLANETOID ? 0 : point - position[b * 3 + i];
        }
        boolean upright = Math.abs(frame[at + 1]) > 0.7;
        cross(upright ? 1 : 0, upright ? 0 : 1, 0, at, at + 3);
        cross(frame[at + 3], frame[at + 4], frame[at + 5], at, at + 6);
    }

    private void cross(double x, double y, double z, int at, int to) {
        double a = y * frame[at + 2] - z * frame[at + 1];
        double b = z * frame[at] - x * frame[at + 2];
        double c = x * frame[at + 1] - y * frame[at];
        double size = Math.sqrt(a * a + b * b + c * c);
        frame[to] = a / size;
        frame[to + 1] = b / size;
        frame[to + 2] = c / size;
    }

    private void solve(boolean correcting) {
        for (int contact = 0; contact < contacts; contact++) {
            int at = contact * 15;
            double wanted;
            if (gap[contact] > 0) {
                wanted = -gap[contact] / STEP;
            } else {
                wanted = correcting ? Math.min(-gap[contact] * CORRECTION / STEP, MAX_CORRECTION_SPEED) : 0;
            }
            double before = impulse[contact * 3];
            double after = Math.max(0, before + (wanted - speed(contact, at)) * mass(contact, at));
            impulse[contact * 3] = after;
            push(contact, at, after - before);
            double most = FRICTION * after;
            for (int tangent = 1; tangent < 3; tangent++) {
                int direction = at + 3 * tangent;
                double old = impulse[contact * 3 + tangent];
                double next = Math.clamp(old - speed(contact, direction) * mass(contact, direction), -most, most);
                impulse[contact * 3 + tangent] = next;
                push(contact, direction, next - old);
            }
        }
    }

    /** How fast the second moves away from the first at the contact, along a direction. */
    private double speed(int contact, int direction) {
        double speed = -pointSpeed(first[contact], contact * 15 + 9, direction);
        return second[contact] == PLANETOID ? speed : speed + pointSpeed(second[contact], contact * 15 + 12, direction);
    }

    private double pointSpeed(int body, int arm, int direction) {
        int at = body * 3;
        double x = velocity[at] + spin[at + 1] * frame[arm + 2] - spin[at + 2] * frame[arm + 1];
        double y = velocity[at + 1] + spin[at + 2] * frame[arm] - spin[at] * frame[arm + 2];
        double z = velocity[at + 2] + spin[at] * frame[arm + 1] - spin[at + 1] * frame[arm];
        return x * frame[direction] + y * frame[direction + 1] + z * frame[direction + 2];
    }

    private double mass(int contact, int direction) {
        double inverse = inverse(first[contact], contact * 15 + 9, direction);
        if (second[contact] != PLANETOID) {
            inverse += inverse(second[contact], contact * 15 + 12, direction);
        }
        return 1 / inverse;
    }

    private double inverse(int body, int arm, int direction) {
        double x = frame[arm + 1] * frame[direction + 2] - frame[arm + 2] * frame[direction + 1];
        double y = frame[arm + 2] * frame[direction] - frame[arm] * frame[direction + 2];
        double z = frame[arm] * frame[direction + 1] - frame[arm + 1] * frame[direction];
        double along = x * axis[body * 3] + y * axis[body * 3 + 1] + z * axis[body * 3 + 2];
        return inverseMass[body]
                + inverseTransverse[body] * (x * x + y * y + z * z)
                + (inverseAxial[body] - inverseTransverse[body]) * along * along;
    }

    private void push(int contact, int direction, double amount) {
        push(first[contact], contact * 15 + 9, direction, -amount);
        if (second[contact] != PLANETOID) {
            push(second[contact], contact * 15 + 12, direction, amount);
        }
    }

    private void push(int body, int arm, int direction, double amount) {
        int at = body * 3;
        for (int i = 0; i < 3; i++) {
            velocity[at + i] += frame[direction + i] * amount * inverseMass[body];
        }
        double x = (frame[arm + 1] * frame[direction + 2] - frame[arm + 2] * frame[direction + 1]) * amount;
        double y = (frame[arm + 2] * frame[direction] - frame[arm] * frame[direction + 2]) * amount;
        double z = (frame[arm] * frame[direction + 1] - frame[arm + 1] * frame[direction]) * amount;
        double along =
                (x * axis[at] + y * axis[at + 1] + z * axis[at + 2]) * (inverseAxial[body] - inverseTransverse[body]);
        spin[at] += x * inverseTransverse[body] + axis[at] * along;
        spin[at + 1] += y * inverseTransverse[body] + axis[at + 1] * along;
        spin[at + 2] += z * inverseTransverse[body] + axis[at + 2] * along;
    }

    /** How aligned the asteroids' ways round the middle are: 0 to 1, near 1 in a settled ring. */
    double order() {
        double[] sum = new double[3];
        for (int body = 0; body < COUNT; body++) {
            int at = body * 3;
            double x = position[at + 1] * velocity[at + 2] - position[at + 2] * velocity[at + 1];
            double y = position[at + 2] * velocity[at] - position[at] * velocity[at + 2];
            double z = position[at] * velocity[at + 1] - position[at + 1] * velocity[at];
            double size = Math.sqrt(x * x + y * y + z * z);
            if (size > 0) {
                sum[0] += x / size;
                sum[1] += y / size;
                sum[2] += z / size;
            }
        }
        return length(sum, 0) / COUNT;
    }
}
