package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.BitWriter;
import io.gamemesh.protocol.snapshot.BodyForm;
import io.gamemesh.protocol.snapshot.MobileForm;
import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.snapshot.SnapshotFormat;
import io.gamemesh.protocol.wire.EntityKind;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What there is to be seen, own entities and ghosts alike, tick by tick: each entity has a number for as long as it is
 * there or a client believes so, and the records of its last {@value SnapshotFormat#HISTORY} ticks. A record's difference from an older one is
 * coded once, however many clients are told of it. A grid finds what is near. There are only so many numbers, and each
 * takes about 5 KB: what gets none is left out. Not thread-safe.
 */
public final class Scene {

    /** No entity has this number. */
    public static final int NONE = -1;

    private static final int FIRST_CAPACITY = 64;
    // The share of the numbers that only players of the region itself get.
    private static final int RESERVED_SHARE = 4;
    private static final int AGES = SnapshotFormat.HISTORY;
    private static final int FINE_PER_UNIT_SHIFT = 3;
    private static final int PLACE_FIELDS = 4;
    private static final int LENGTH_BITS = 16;
    /** Instead of a difference: what can't be said as one. */
    static final long TOO_FAR = -1;
    // Of what is known of an entity's records in this tick: which were judged, which are coded, and then by tier.
    private static final int JUDGED = 0;
    private static final int CODED = 1;
    private static final int OFF = 2;
    // 1/1024 m, and of a rotation what is as bad: hands never hold still.
    private static final int PART_TOLERANCE = 16;
    // Velocities of parts are means over about a fifteenth of a second: trackers tremble.
    private static final int SMOOTHED_PER_SECOND = 15;
    // Its sine is less than what a component of a spin can be.
    private static final double GREATEST_HALF_ANGLE = 0.5;

    private final int tickRate;
    private final int most;
    private final int cellShift;
    private final Long2LongHashMap numbers = new Long2LongHashMap(NONE);
    // Parts go by their player's id; one for each kind of part.
    private final Long2LongHashMap[] partNumbers = new Long2LongHashMap[EntityKind.PARTS];
    private final int smoothing;

    private long tick;
    private int highest;
    private int present;
    private int leftOut;
    private boolean areGhosts;

    private long[] id = new long[FIRST_CAPACITY];
    private int[] kind = new int[FIRST_CAPACITY];
    private @Nullable RecordForm[] form = new RecordForm[FIRST_CAPACITY];
    private int[] appearedBits = new int[FIRST_CAPACITY];
    private String[] name = new String[FIRST_CAPACITY];
    private long[] seenTick = new long[FIRST_CAPACITY];
    private long[] takenTick = new long[FIRST_CAPACITY];
    private boolean[] alive = new boolean[FIRST_CAPACITY];
    // How many views hold the number. It stays the entity's, which may come back, until they have all let go of it: a
    // client that still has to hear that a number is gone must not see its entity under another.
    private int[] holders = new int[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];
    private int freeCount;

    // 1/1024 m, and 1/128 m/s, at this tick.
    private long[] fineX = new long[FIRST_CAPACITY];
    private long[] fineY = new long[FIRST_CAPACITY];
    private long[] fineZ = new long[FIRST_CAPACITY];
    private int[] speeds = new int[FIRST_CAPACITY * 3];
    // 1/65536 turns, of what is no body, and how much that has changed since the tick before.
    private short[] yaws = new short[FIRST_CAPACITY];
    private short[] swings = new short[FIRST_CAPACITY];
    // Of bodies.
    private long[] rotations = new long[FIRST_CAPACITY];

    // By tick, then by number: what is looked at together lies together, and not in the same few sets of a cache.
    private int[] history = new int[FIRST_CAPACITY * AGES * RecordForm.FIELDS];

    // By number, a bit for each of the last ticks' records, at the tick's place modulo their count: whether it was
    // judged in this tick, whether the difference from it is coded, then for each tier whether who goes by that
    // record is farther off than the tier tolerates.
    private final int verdictStride;
    private final int[] tolerances;
    private long[] verdicts;

    // By number, then by the record's tick as above: where the difference is coded, and how many bits it has.
    private long[] differences = new long[FIRST_CAPACITY * AGES];
    private final BitWriter coded = new BitWriter(1024);

    // What is there by buckets of the grid: where each begins, and position and number of each entity in turn.
    private int[] starts = new int[129];
    private int[] places = new int[FIRST_CAPACITY * PLACE_FIELDS];

    /** An empty scene with all the numbers that there are. */
    public Scene(SyncSettings settings) {
        this(settings, SnapshotFormat.MAX_ENTITIES);
    }

    /**
     * An empty scene.
     *
     * @param most how many numbers it gives away, 1 to {@value SnapshotFormat#MAX_ENTITIES}
     */
    public Scene(SyncSettings settings, int most) {
        if (most < 1 || most > SnapshotFormat.MAX_ENTITIES) {
            throw new IllegalArgumentException(
                    "numbers of a scene are " + most + ", expected 1 to " + SnapshotFormat.MAX_ENTITIES);
        }
        this.most = most;
        this.tickRate = settings.tickRate();
        int radius = settings.viewRadius() << 7;
        this.cellShift = Integer.SIZE - Integer.numberOfLeadingZeros(radius - 1);
        Arrays.setAll(partNumbers, i -> new Long2LongHashMap(NONE));
        this.smoothing = Math.max(1, tickRate / SMOOTHED_PER_SECOND);
        Arrays.fill(name, "");
        this.tolerances = settings.tiers().stream().mapToInt(Tier::tolerance).toArray();
        this.verdictStride = OFF + tolerances.length;
        this.verdicts = new long[FIRST_CAPACITY * verdictStride];
    }

    // Making it, once a tick.

    /** Begins a tick, which is later than the one before. */
    public void begin(long newTick) {
        tick = newTick;
        coded.clear();
        present = 0;
        leftOut = 0;
        areGhosts = false;
    }

    /** What is seen from now on in this tick is told of by others: players among it get no number that is reserved. */
    public void beginGhosts() {
        areGhosts = true;
    }

    /** How many entities and ghosts of this tick nobody is shown, since there was no number for them. */
    public int leftOut() {
        return leftOut;
    }

    /**
     * An entity is there in this tick.
     *
     * @param x 1/1024 m from the lowest corner of the region
     * @param y as x
     * @param z as x
     * @param speedX 1/128 m/s
     * @param speedY as speedX
     * @param speedZ as speedX
     * @param yaw 1/65536 turns; how fast what walks turns is made of what this was before
     * @param pitch 1/256 turns
     * @param shownName what to show above it, or empty
     * @return its number, or {@link #NONE} if it is left out
     */
    public int see(
            long entityId,
            int entityKind,
            long x,
            long y,
            long z,
            int speedX,
            int speedY,
            int speedZ,
            int yaw,
            int pitch,
            String shownName) {
        int before = seenBefore(numbers, entityId);
        int number = place(entityId, entityKind, x, y, z, speedX, speedY, speedZ, shownName);
        if (number == NONE) {
            return NONE;
        }
        boolean walks = before == number && (speedX | speedZ) != 0;
        short swing = (short) (before == number ? yaw - yaws[number] : 0);
        int turn = walks ? (steady(swings[number], swing) * tickRate + (1 << 7)) >> 8 : 0;
        yaws[number] = (short) yaw;
        swings[number] = swing;
        int at = recordAt(number, 0);
        history[at] = unit(x);
        history[at + 1] = unit(y);
        history[at + 2] = unit(z);
        history[at + 3] = MobileForm.velocity(speedX);
        history[at + 4] = MobileForm.velocity(speedY);
        history[at + 5] = MobileForm.velocity(speedZ);
        history[at + MobileForm.YAW] = MobileForm.turning((yaw + (1 << 7)) >> 8, turn);
        history[at + MobileForm.PITCH] = pitch;
        return number;
    }

    /**
     * A body, which turns about any axis, is there in this tick.
     *
     * @param x 1/1024 m from the lowest corner of the region
     * @param y as x
     * @param z as x
     * @param speedX 1/128 m/s, 16 bits
     * @param speedY as speedX
     * @param speedZ as speedX
     * @param rotation as in {@link io.gamemesh.protocol.snapshot.PackedRotation}
     * @param spinX angular velocity, radians a second; more than a radian a tick is told as less
     * @param spinY as spinX
     * @param spinZ as spinX
     * @param shownName what to show above it, or empty
     * @return its number, or {@link #NONE} if it is left out
     */
    public int seeBody(
            long entityId,
            long x,
            long y,
            long z,
            int speedX,
            int speedY,
            int speedZ,
            long rotation,
            double spinX,
            double spinY,
            double spinZ,
            String shownName) {
        int number = place(entityId, EntityKind.BODY, x, y, z, speedX, speedY, speedZ, shownName);
        if (number == NONE) {
            return NONE;
        }
        rotations[number] = rotation;
        double speed = Math.sqrt(spinX * spinX + spinY * spinY + spinZ * spinZ);
        double half = Math.min(speed / (2 * tickRate), GREATEST_HALF_ANGLE);
        double share = speed == 0 ? 0 : Math.sin(half) / speed * BodyForm.SPIN_ONE;
        BodyForm.fill(
                history,
                recordAt(number, 0),
                unit(x),
                unit(y),
                unit(z),
                speedX,
                speedY,
                speedZ,
                rotation,
                (int) Math.round(spinX * share),
                (int) Math.round(spinY * share),
                (int) Math.round(spinZ * share));
        return number;
    }

    /**
     * A part of a player is there in this tick. How fast it moves is made of where it was before.
     *
     * @param player whose part it is
     * @param part {@link EntityKind#HEAD}, {@link EntityKind#LEFT_HAND} or {@link EntityKind#RIGHT_HAND}
     * @param x 1/1024 m from the lowest corner of the region
     * @param y as x
     * @param z as x
     * @param rotation as in {@link io.gamemesh.protocol.snapshot.PackedRotation}
     */
    public void seePart(long player, int part, long x, long y, long z, long rotation) {
        int before = seenBefore(numbersOf(part), player);
        int speedX = 0;
        int speedY = 0;
        int speedZ = 0;
        if (before != NONE) {
            speedX = speed(speeds[before * 3], x - fineX[before]);
            speedY = speed(speeds[before * 3 + 1], y - fineY[before]);
            speedZ = speed(speeds[before * 3 + 2], z - fineZ[before]);
        }
        int number = place(player, part, x, y, z, speedX, speedY, speedZ, "");
        if (number == NONE) {
            return;
        }
        rotations[number] = rotation;
        BodyForm.fill(
                history, recordAt(number, 0), unit(x), unit(y), unit(z), speedX, speedY, speedZ, rotation, 0, 0, 0);
    }

    /** The number of what was there in the tick before; {@link #NONE} of all else. */
    private int seenBefore(Long2LongHashMap ofKind, long entityId) {
        int number = (int) ofKind.get(entityId);
        return number != NONE && alive[number] && seenTick[number] == tick - 1 ? number : NONE;
    }

    /** What two ticks' changes have in common: a jerk, and an input that is late and comes with the next, are no turn. */
    private static int steady(int before, int now) {
        if ((before ^ now) < 0) {
            return 0;
        }
        return Math.abs(before) < Math.abs(now) ? before : now;
    }

    private int speed(int before, long way) {
        long now = way * tickRate / RecordForm.FINE;
        return Math.clamp(before + (now - before) / smoothing, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    private Long2LongHashMap numbersOf(int ofKind) {
        return EntityKind.isPart(ofKind) ? partNumbers[ofKind - EntityKind.HEAD] : numbers;
    }

    private int place(
            long entityId,
            int entityKind,
            long x,
            long y,
            long z,
            int speedX,
            int speedY,
            int speedZ,
            String shownName) {
        Long2LongHashMap ofKind = numbersOf(entityKind);
        int number = (int) ofKind.get(entityId);
        if (number == NONE) {
            number = take(entityKind == EntityKind.PLAYER && !areGhosts);
            if (number == NONE) {
                leftOut++;
                return NONE;
            }
            ofKind.put(entityId, number);
            id[number] = entityId;
            takenTick[number] = tick;
        }
        alive[number] = true;
        if (kind[number] != entityKind || form[number] == null) {
            kind[number] = entityKind;
            RecordForm ofEntity = RecordForm.of(entityKind);
            form[number] = ofEntity;
            appearedBits[number] = ofEntity.appearedBits();
        }
        name[number] = shownName;
        seenTick[number] = tick;
        fineX[number] = x;
        fineY[number] = y;
        fineZ[number] = z;
        int speed = number * 3;
        speeds[speed] = speedX;
        speeds[speed + 1] = speedY;
        speeds[speed + 2] = speedZ;
        verdicts[number * verdictStride + JUDGED] = 0;
        verdicts[number * verdictStride + CODED] = 0;
        present++;
        return number;
    }

    private static int unit(long fine) {
        return (int) ((fine + RecordForm.FINE / 2) >> FINE_PER_UNIT_SHIFT);
    }

    private int take(boolean reserved) {
        if (highest - freeCount >= (reserved ? most : most - most / RESERVED_SHARE)) {
            return NONE;
        }
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (highest == id.length) {
            grow();
        }
        return highest++;
    }

    /** To be called once all that is there has been seen: what was there before and is not any more is gone. */
    public void end() {
        for (int number = 0; number < highest; number++) {
            if (alive[number] && seenTick[number] != tick) {
                alive[number] = false;
                giveBackUnheld(number);
            }
        }
        fillGrid();
    }

    private void fillGrid() {
        if (starts.length <= present * 2) {
            starts = new int[Integer.highestOneBit(present) * 4 + 1];
        }
        if (places.length < present * PLACE_FIELDS) {
            places = new int[id.length * PLACE_FIELDS];
        }
        // Each bucket's end, then counted down to its beginning as it is filled. The last word is the end of all.
        Arrays.fill(starts, 0);
        for (int number = 0; number < highest; number++) {
            if (alive[number]) {
                starts[bucketOf(number)]++;
            }
        }
        for (int bucket = 1; bucket < starts.length; bucket++) {
            starts[bucket] += starts[bucket - 1];
        }
        for (int number = 0; number < highest; number++) {
            if (alive[number]) {
                int at = recordAt(number, 0);
                int place = --starts[bucketOf(number)] * PLACE_FIELDS;
                places[place] = history[at];
                places[place + 1] = history[at + 1];
                places[place + 2] = history[at + 2];
                places[place + 3] = number;
            }
        }
    }

    private int bucketOf(int number) {
        int at = recordAt(number, 0);
        return bucket(history[at] >> cellShift, history[at + 1] >> cellShift, history[at + 2] >> cellShift);
    }

    private void giveBackUnheld(int number) {
        if (!alive[number] && holders[number] == 0) {
            numbersOf(kind[number]).remove(id[number]);
            name[number] = "";
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, freeCount * 2);
            }
            free[freeCount++] = number;
        }
    }

    // Looking at it.

    /** Numbers are below it. */
    int highest() {
        return highest;
    }

    long tick() {
        return tick;
    }

    /** The number of an entity that is there, or {@link #NONE}. */
    public int number(long entityId) {
        int number = (int) numbers.get(entityId);
        return number == NONE || !alive[number] ? NONE : number;
    }

    boolean isAlive(int number) {
        return alive[number];
    }

    /** Whether any view holds it. */
    boolean isHeld(int number) {
        return holders[number] > 0;
    }

    /** Since when the number has been its entity's. */
    long takenTick(int number) {
        return takenTick[number];
    }

    long id(int number) {
        return id[number];
    }

    int kind(int number) {
        return kind[number];
    }

    boolean isPart(int number) {
        return EntityKind.isPart(kind[number]);
    }

    String name(int number) {
        return name[number];
    }

    int speed(int number, int axis) {
        return speeds[number * 3 + axis];
    }

    /** All records; see {@link #recordAt}. */
    int[] records() {
        return history;
    }

    /** Index of the record of so many ticks ago, 0 to 63. */
    int recordAt(int number, int age) {
        return ((int) ((tick - age) & (AGES - 1)) * id.length + number) * RecordForm.FIELDS;
    }

    /** The square of the distance from a place, in 1/128 m. */
    long distanceSquared(int number, int x, int y, int z) {
        return distanceSquared(history, recordAt(number, 0), x, y, z);
    }

    private static long distanceSquared(int[] positions, int at, int x, int y, int z) {
        long dx = (long) positions[at] - x;
        long dy = (long) positions[at + 1] - y;
        long dz = (long) positions[at + 2] - z;
        return dx * dx + dy * dy + dz * dz;
    }

    /** Adds to the finds all within a distance of at most the view radius. */
    void findNear(int x, int y, int z, long distance, Finds finds) {
        int cellX = x >> cellShift;
        int cellY = y >> cellShift;
        int cellZ = z >> cellShift;
        long reach = distance * distance;
        for (int dz = -1; dz <= 1; dz++) {
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    findInCell(cellX + dx, cellY + dy, cellZ + dz, x, y, z, reach, finds);
                }
            }
        }
    }

    private void findInCell(int cellX, int cellY, int cellZ, int x, int y, int z, long reach, Finds finds) {
        int bucket = bucket(cellX, cellY, cellZ);
        int end = starts[bucket + 1] * PLACE_FIELDS;
        for (int place = starts[bucket] * PLACE_FIELDS; place < end; place += PLACE_FIELDS) {
            // Cells share buckets, so an entity is only taken by its own cell.
            boolean inCell = places[place] >> cellShift == cellX
                    && places[place + 1] >> cellShift == cellY
                    && places[place + 2] >> cellShift == cellZ;
            if (inCell) {
                long square = distanceSquared(places, place, x, y, z);
                if (square <= reach) {
                    int number = places[place + 3];
                    finds.add(number, square, !isPart(number));
                }
            }
        }
    }

    private int bucket(int cellX, int cellY, int cellZ) {
        int hash = cellX * 0x9E3779B1 + cellY * 0x85EBCA77 + cellZ * 0xC2B2AE3D;
        return (hash ^ (hash >>> 15)) & (starts.length - 2);
    }

    void hold(int number) {
        holders[number]++;
    }

    void letGo(int number) {
        holders[number]--;
        giveBackUnheld(number);
    }

    // Differences.

    /**
     * Whether a client that goes by the record of so many ticks ago, 1 to 63, is farther off than a tier tolerates; of what
     * is there.
     */
    boolean isOff(int number, int age, int tier) {
        long record = 1L << (tick - age);
        int at = number * verdictStride;
        if ((verdicts[at + JUDGED] & record) == 0) {
            judge(number, age, at, record);
        }
        return (verdicts[at + OFF + tier] & record) != 0;
    }

    private void judge(int number, int age, int at, long record) {
        int error = formOf(number)
                .error(
                        history,
                        recordAt(number, age),
                        age,
                        history,
                        recordAt(number, 0),
                        fineX[number],
                        fineY[number],
                        fineZ[number],
                        rotations[number],
                        tickRate);
        boolean part = isPart(number);
        verdicts[at + JUDGED] |= record;
        for (int tier = 0; tier < tolerances.length; tier++) {
            boolean off = error > (part ? PART_TOLERANCE : tolerances[tier]);
            long others = verdicts[at + OFF + tier] & ~record;
            verdicts[at + OFF + tier] = off ? others | record : others;
        }
    }

    private RecordForm formOf(int number) {
        RecordForm known = form[number];
        if (known == null) {
            throw new IllegalStateException("number " + number + " has no entity");
        }
        return known;
    }

    /** How many bits an entity takes that a client knows nothing of, its number not counted. */
    int appearedBits(int number) {
        return appearedBits[number];
    }

    /**
     * The difference from the record of so many ticks ago, 1 to 63, for {@link #bits} and {@link #word}; {@link #TOO_FAR} if
     * there can be none.
     */
    long difference(int number, int age) {
        long record = 1L << (tick - age);
        int at = number * verdictStride + CODED;
        int difference = number * AGES + (int) ((tick - age) & (AGES - 1));
        if ((verdicts[at] & record) == 0) {
            verdicts[at] |= record;
            differences[difference] = code(number, age);
        }
        return differences[difference];
    }

    private long code(int number, int age) {
        RecordForm known = formOf(number);
        int then = recordAt(number, age);
        int now = recordAt(number, 0);
        if (!known.reaches(history, then, age, history, now, tickRate)) {
            return TOO_FAR;
        }
        long word = coded.alignToWord();
        int before = coded.length();
        known.write(coded, history, then, age, history, now, tickRate);
        return (word << LENGTH_BITS) | (coded.length() - before);
    }

    /** How many bits a difference takes. */
    static int bits(long difference) {
        return (int) difference & ((1 << LENGTH_BITS) - 1);
    }

    private static int word(long difference) {
        return (int) (difference >>> LENGTH_BITS);
    }

    /** The bits of a difference, or if these are more than 64 in which word of {@link #coded} they begin. */
    long payload(long difference) {
        if (difference == TOO_FAR) {
            return 0;
        }
        return bits(difference) <= Long.SIZE ? coded.word(word(difference)) : word(difference);
    }

    BitWriter coded() {
        return coded;
    }

    private void grow() {
        int size = Math.min(highest * 2, SnapshotFormat.MAX_ENTITIES);
        id = Arrays.copyOf(id, size);
        kind = Arrays.copyOf(kind, size);
        form = Arrays.copyOf(form, size);
        appearedBits = Arrays.copyOf(appearedBits, size);
        name = Arrays.copyOf(name, size);
        Arrays.fill(name, highest, size, "");
        seenTick = Arrays.copyOf(seenTick, size);
        takenTick = Arrays.copyOf(takenTick, size);
        alive = Arrays.copyOf(alive, size);
        holders = Arrays.copyOf(holders, size);
        fineX = Arrays.copyOf(fineX, size);
        fineY = Arrays.copyOf(fineY, size);
        fineZ = Arrays.copyOf(fineZ, size);
        speeds = Arrays.copyOf(speeds, size * 3);
        yaws = Arrays.copyOf(yaws, size);
        swings = Arrays.copyOf(swings, size);
        rotations = Arrays.copyOf(rotations, size);
        verdicts = Arrays.copyOf(verdicts, size * verdictStride);
        int[] spread = new int[size * AGES * RecordForm.FIELDS];
        for (int slot = 0; slot < AGES; slot++) {
            int fields = highest * RecordForm.FIELDS;
            System.arraycopy(history, slot * fields, spread, slot * size * RecordForm.FIELDS, fields);
        }
        history = spread;
        differences = Arrays.copyOf(differences, size * AGES);
    }
}
