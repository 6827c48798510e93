package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.snapshot.SnapshotFormat;
import java.util.Arrays;

/**
 * What one client sees, and what it is known to know. Of what is in step with the {@link Rounds} of its tier that is one
 * bit, or two at first; of all else the ticks of the latest that was told and of the newest that has been acknowledged. Made by
 * {@link Snapshots#open}. Not thread-safe.
 */
public final class ClientView {

    static final int NONE = 0;
    /** In sight, and the client has not acknowledged any record since it came. */
    static final int NEW = 1;
    /** In sight, and the client has a record. */
    static final int KNOWN = 2;
    /** Out of sight, and the client has not acknowledged that. */
    static final int LEAVING = 3;

    private static final int SENT = 64;
    private static final int FIRST_RECORDED = 16 * SENT;
    // A datagram that has not come when so many later ones have will not come.
    private static final int REORDERED = 4;
    // So many ticks ahead, less one, can be said when to look at something.
    private static final int LOOKS = 64;

    // One number's bits of pairs, lowest first: ticks of the latest told and of the acknowledged record, state, whether
    // anything of it was told since the view has held it, whether nothing was since the state has been so, tier. Of
    // what is in step and not new there the ticks mean nothing. After it, since when the state is so, or what is new in
    // step is told with the others: the lowest 32 bits of the tick.
    private static final int TICK_BITS = 11;
    private static final int TICK_MASK = (1 << TICK_BITS) - 1;
    private static final int STATE_SHIFT = 2 * TICK_BITS;
    private static final int STATE_MASK = 3;
    private static final int HEARD = 1 << (STATE_SHIFT + 2);
    private static final int UNTOLD = HEARD << 1;
    private static final int TIER_SHIFT = STATE_SHIFT + 4;
    /** Tiers that there can be. */
    static final int MAX_TIERS = 16;
    /** What was longer ago was so long ago. */
    private static final int GREATEST_AGE = TICK_MASK / 2;

    private final Scene scene;
    private final Rounds rounds;
    // Datagrams that are under way, by their number modulo SENT: a bit for each that has not been acknowledged and one
    // for each with the player itself; the tick, then where what was told in it begins, and how much it is.
    private long open;
    private long withSelf;
    private final long[] sent = new long[2 * SENT];
    // By tick modulo 64: how many of its datagrams have not been acknowledged, and a bit for each of which all have.
    private final byte[] openOfTick = new byte[Long.SIZE];
    private long arrived;
    // Numbers of the entities that were told of, a ring for all datagrams under way; positions go on rising. It is no
    // longer than it has to be: what was written a moment ago is still in the processor's caches.
    private char[] recorded = new char[FIRST_RECORDED];
    private int recordedCount;
    private int recordedFrom;
    final Pace pace;
    final int number;

    // By number of the entity. All that is asked for each time something is looked at lies together: with a thousand
    // who see a thousand it is the memory that takes the time.
    private int[] pairs = new int[2 * Long.SIZE];
    // What to look at in which tick beside its rounds: as many words as numbers need for each of the next ticks,
    // a bit for each number, and a bit for each tick that there are any of. Whatever is looked at too early is looked
    // at again in time. And up to which tick, its lowest 32 bits, that has been done.
    private long[] looks = new long[LOOKS];
    private long hasLooks;
    private int looked;
    private int words = 1;
    // By 64 numbers, a bit for each: who is in sight, a word for each tier; what is in step with its tier's rounds;
    // what of that is new there, since nothing that was told with the others is known to have come; and what is in a
    // state.
    private final int inStep;
    private final int newInStep;
    private final int held;
    private final int row;
    private long[] rows;
    private int heldCount;
    boolean hasLooked;
    final int phase;
    // Numbers from here on have their turn next when there is not enough room for all.
    int nextTurn;
    // What is less urgent would have found no room of late.
    int floor;

    int sequence;
    boolean started;
    // Of the newest datagram that has been acknowledged, and of the newest with the player itself; -1 before.
    long newestTick = -1;
    long selfTick = -1;

    final int[] own = new int[SnapshotFormat.HISTORY * RecordForm.FIELDS];
    // What the client has said and the view has not taken in: the newest datagram that has come, or -1, which of
    // those before it have, and in which tick.
    private int acknowledged = -1;
    private int acknowledgedBefore;
    private long acknowledgedTick;
    private int checkedForLoss;
    private int checkedForDelay;
    // Of the newest datagram that has been looked at for that.
    private long lateTick = -1;
    private boolean tooSlow;

    ClientView(Scene scene, Rounds rounds, SyncSettings settings, int number, int phase) {
        this.scene = scene;
        this.rounds = rounds;
        this.number = number;
        this.phase = phase;
        this.inStep = settings.tiers().size();
        this.newInStep = inStep + 1;
        this.held = newInStep + 1;
        this.row = held + 1;
        this.rows = new long[row];
        this.pace = new Pace(settings, scene.tick());
        this.looked = (int) scene.tick() - 1;
    }

    /** How many ticks pass, of late, from when a datagram goes until its acknowledgement is heard. */
    public int roundTripTicks() {
        return pace.delay();
    }

    /**
     * Whether something went out of sight longer ago than {@value Snapshots#GREATEST_LEAVING_SECONDS} s and the client
     * has still not acknowledged that. Its numbers are kept for it meanwhile, and they are few: the view is to be closed.
     */
    public boolean isTooSlow() {
        return tooSlow;
    }

    void fit(int numbers) {
        if (pairs.length < 2 * numbers) {
            int size = Integer.highestOneBit(numbers - 1) * 2;
            pairs = Arrays.copyOf(pairs, 2 * size);
            int larger = size >> 6;
            long[] spread = new long[LOOKS * larger];
            for (int slot = 0; slot < LOOKS; slot++) {
                System.arraycopy(looks, slot * words, spread, slot * larger, words);
            }
            looks = spread;
            rows = Arrays.copyOf(rows, row * larger);
            words = larger;
        }
    }

    /** All about an entity, for the functions below. */
    int pair(int entity) {
        return pairs[entity << 1];
    }

    private void pair(int entity, int pair) {
        pairs[entity << 1] = pair;
    }

    /** Since when an entity's state is so, or what is new in step is told with the others: the lowest 32 bits of the tick. */
    private int since(int entity) {
        return pairs[(entity << 1) + 1];
    }

    private void since(int entity, int tick) {
        pairs[(entity << 1) + 1] = tick;
    }

    static int state(int pair) {
        return (pair >>> STATE_SHIFT) & STATE_MASK;
    }

    static int tier(int pair) {
        return pair >>> TIER_SHIFT;
    }

    /** Whether nothing of it has been told since it came into sight, or went out of it. */
    static boolean isUntold(int pair) {
        return (pair & UNTOLD) != 0;
    }

    /** How many ticks ago it was told. */
    static int waited(int pair, int tick) {
        return (tick - pair) & TICK_MASK;
    }

    /** How many ticks old the record is that has been acknowledged; of what is known. */
    static int age(int pair, int tick) {
        return (tick - (pair >>> TICK_BITS)) & TICK_MASK;
    }

    private static int withTold(int pair, int tick) {
        return (pair & ~TICK_MASK) | (tick & TICK_MASK);
    }

    private static int withAcknowledged(int pair, int tick) {
        return (pair & ~(TICK_MASK << TICK_BITS)) | ((tick & TICK_MASK) << TICK_BITS);
    }

    private static int withState(int pair, int state) {
        return (pair & ~(STATE_MASK << STATE_SHIFT)) | (state << STATE_SHIFT);
    }

    // Who is in sight.

    private boolean isMarked(int entity, int column) {
        return (rows[(entity >> 6) * row + column] & (1L << entity)) != 0;
    }

    private void mark(int entity, int column) {
        rows[(entity >> 6) * row + column] |= 1L << entity;
    }

    private void unmark(int entity, int column) {
        rows[(entity >> 6) * row + column] &= ~(1L << entity);
    }

    int heldCount() {
        return heldCount;
    }

    /** Which of 64 numbers are in a state: a bit for each. */
    long held(int word) {
        return rows[word * row + held];
    }

    boolean isHeld(int entity) {
        return isMarked(entity, held);
    }

    /** Who of 64 numbers is in sight and in a tier: a bit for each. */
    long members(int tier, int word) {
        return rows[word * row + tier];
    }

    /** The tier of what is in sight. */
    int tierOf(int entity) {
        int at = (entity >> 6) * row;
        int first = at;
        while (((rows[at] >>> entity) & 1) == 0) {
            at++;
        }
        return at - first;
    }

    /** It is in sight, and in another tier than before or has not been in any. */
    void enter(int entity, int tier) {
        boolean wasInStep = isInStep(entity);
        fallOut(entity);
        int pair = pair(entity);
        unmark(entity, tier(pair));
        mark(entity, tier);
        pair = (pair & ((1 << TIER_SHIFT) - 1)) | (tier << TIER_SHIFT);
        pair(entity, pair);
        boolean waitsForItsRound = wasInStep && (stepIn(entity) || rounds.lasts(age(pair, (int) scene.tick()), tier));
        if (!waitsForItsRound) {
            look(entity, 1);
        }
    }

    /** It has come into sight, and has been waiting since the tick before. */
    void come(int entity) {
        set(entity, NEW);
        pair(entity, withTold(pair(entity), (int) scene.tick() - 1));
    }

    /** It is out of sight. A client that has never been told of it need not hear that. */
    void leave(int entity) {
        unmark(entity, tier(pair(entity)));
        unmark(entity, inStep);
        unmark(entity, newInStep);
        set(entity, (pair(entity) & HEARD) != 0 ? LEAVING : NONE);
    }

    /** To be called for what is out of sight: for how long is long enough? */
    void expectGone(int entity, int ticks) {
        tooSlow |= (int) scene.tick() - since(entity) > ticks;
    }

    /**
     * To be called for all that goes its own way, or is new in step, more often than every {@value #GREATEST_AGE} ticks: no
     * more bits of ticks are kept.
     */
    void keepAges(int entity, int tick) {
        int pair = pair(entity);
        if (waited(pair, tick) > GREATEST_AGE) {
            pair = withTold(pair, tick - GREATEST_AGE);
        }
        if (age(pair, tick) > GREATEST_AGE) {
            pair = withAcknowledged(pair, tick - GREATEST_AGE);
        }
        pair(entity, pair);
    }

    // Who is in step.

    /** Which of 64 numbers are in step: a bit for each. */
    long inStep(int word) {
        return rows[word * row + inStep];
    }

    boolean isInStep(int entity) {
        return isMarked(entity, inStep);
    }

    /** Which of 64 numbers are new in step: a bit for each. */
    long newInStep(int word) {
        return rows[word * row + newInStep];
    }

    private boolean isNewInStep(int entity) {
        return isMarked(entity, newInStep);
    }

    /**
     * How many ticks old the newest record is that the client has of what was told in some ticks, 1 to 63; 0 if it has none.
     *
     * @param told a bit for each tick, as {@link Rounds#told}
     */
    int age(long told) {
        return Rounds.newest(told & arrived, (int) scene.tick());
    }

    /**
     * How many ticks old the record is that has been acknowledged of what is new in step. It is new no longer if that was
     * told with the others.
     */
    int ageOfNew(int entity, int pair) {
        int tick = (int) scene.tick();
        int own = age(pair, tick);
        int age = age(ticksTold(entity, pair));
        // No record is referred to that is older than one that was.
        if (age == 0 || age > own) {
            return own;
        }
        unmark(entity, newInStep);
        return age;
    }

    /** In which ticks something in step was told with the others. */
    private long ticksTold(int entity, int pair) {
        long told = rounds.told(rounds.at(entity, tier(pair)));
        int tick = (int) scene.tick();
        return isNewInStep(entity) ? told & Rounds.ticksSince(since(entity) - 1, tick) : told;
    }

    /** How many ticks ago it was told of something in step; 0 if nobody knows. */
    private int waitedInStep(int entity) {
        int tick = (int) scene.tick();
        int pair = pair(entity);
        int waited = Rounds.newest(ticksTold(entity, pair), tick);
        return waited == 0 && isNewInStep(entity) ? waited(pair, tick) : waited;
    }

    /** It goes its own way from here, with what was told before this tick. */
    void fallOut(int entity) {
        if (isInStep(entity)) {
            fallOut(entity, -1L);
        }
    }

    private void fallOut(int entity, long ticks) {
        int tick = (int) scene.tick();
        int pair = pair(entity);
        long told = ticksTold(entity, pair) & ticks;
        int waited = Rounds.newest(told, tick);
        int age = Rounds.newest(told & arrived, tick);
        boolean isNew = isNewInStep(entity);
        if (waited != 0 || !isNew) {
            pair = withTold(pair, tick - (waited == 0 ? GREATEST_AGE : waited));
        }
        if (!isNew || (age != 0 && age < age(pair, tick))) {
            pair = withAcknowledged(pair, tick - (age == 0 ? GREATEST_AGE : age));
        }
        pair(entity, pair);
        unmark(entity, inStep);
        unmark(entity, newInStep);
    }

    /**
     * What is known is in step from now on, if that suits the others: what the client was told last is not older than what
     * they go by, and has come, or it will be noticed if it does not.
     */
    boolean stepIn(int entity) {
        int tick = (int) scene.tick();
        int pair = pair(entity);
        int waited = waited(pair, tick);
        boolean isNoticed = waited == age(pair, tick) || scene.tick() - waited > lateTick;
        if (state(pair) != KNOWN || !isNoticed || !rounds.join(entity, tier(pair), waited)) {
            return false;
        }
        mark(entity, inStep);
        mark(entity, newInStep);
        since(entity, tick);
        return true;
    }

    /** To be called before a tick's datagrams: ticks may have been left out, and datagrams may not have come. */
    void resume(int tick) {
        if (tick - looked > 1) {
            long before = ~Rounds.ticksSince(looked, tick);
            boolean isLong = tick - looked > GREATEST_AGE / 2;
            for (int word = 0; word < words; word++) {
                for (long left = held(word); left != 0; left &= left - 1) {
                    int entity = Rounds.lowest(word, left);
                    if (isInStep(entity)) {
                        fallOut(entity, before);
                    }
                    if (isLong) {
                        // Nobody knows any more when anything was told.
                        pair(
                                entity,
                                withAcknowledged(withTold(pair(entity), tick - GREATEST_AGE), tick - GREATEST_AGE));
                        look(entity, 1);
                    }
                }
            }
        }
        arrived &= ~Rounds.ticksSince(looked, tick);
        openOfTick[tick & (Long.SIZE - 1)] = 0;
    }

    /** What is in datagrams that have not been acknowledged for so many ticks may have to be told again. */
    void expect(int tick, int patience) {
        checkedForDelay = Math.max(checkedForDelay, sequence - SENT);
        while (checkedForDelay < sequence && isDelayed(checkedForDelay, tick, patience)) {
            int slot = checkedForDelay++ & (SENT - 1);
            lateTick = sentTick(slot);
            if ((open & (1L << slot)) != 0) {
                int age = (int) (tick - sentTick(slot));
                for (int i = 0; i < sentCount(slot); i++) {
                    int entity = recorded[(sentFrom(slot) + i) & (recorded.length - 1)];
                    // What was told again since is in another datagram.
                    if (isInStep(entity) && waitedInStep(entity) == age) {
                        fallOut(entity);
                        look(entity, 1);
                    }
                }
            }
        }
    }

    /** Whether a datagram has been under way for too long, or so many have been sent that its place is needed. */
    private boolean isDelayed(int datagram, int tick, int patience) {
        return tick - sentTick(datagram & (SENT - 1)) >= patience
                || sequence - datagram > SENT - Snapshots.MAX_DATAGRAMS;
    }

    // What to look at.

    /** To look at an entity so many ticks after the last in which this was done, or earlier if that is too far ahead. */
    void look(int entity, int ticks) {
        int slot = (looked + Math.clamp(ticks, 1, LOOKS - 1)) & (LOOKS - 1);
        hasLooks |= 1L << slot;
        looks[slot * words + (entity >> 6)] |= 1L << entity;
    }

    /** Begins to look at what there is to look at in a tick, and returns whether ticks were left out before it. */
    boolean beginLooks(int tick) {
        boolean late = tick - looked > 1;
        // Ticks that were left out, if there are any.
        for (int missed = Math.max(looked, tick - LOOKS) + 1; missed - tick < 0; missed++) {
            if (hasLooks(missed)) {
                int from = (missed & (LOOKS - 1)) * words;
                int to = (tick & (LOOKS - 1)) * words;
                for (int word = 0; word < words; word++) {
                    looks[to + word] |= looks[from + word];
                    looks[from + word] = 0;
                }
                hasLooks = (hasLooks | 1L << tick) & ~(1L << missed);
            }
        }
        looked = tick;
        return late;
    }

    private boolean hasLooks(int tick) {
        return (hasLooks & (1L << tick)) != 0;
    }

    /** Whether there is anything to look at now. */
    boolean hasLooks() {
        return hasLooks(looked);
    }

    /** What is to be looked at now: a bit for each of 64 numbers. They are not to be looked at again unless it is said. */
    long takeLooks(int word) {
        int at = (looked & (LOOKS - 1)) * words + word;
        long taken = looks[at];
        looks[at] = 0;
        return taken;
    }

    /** All that was to be looked at now has been taken. */
    void endLooks() {
        hasLooks &= ~(1L << looked);
    }

    /** Index among {@link #own} of what was told of the player itself so many ticks ago. */
    int ownAt(long age) {
        return (int) ((scene.tick() - age) & (SnapshotFormat.HISTORY - 1)) * RecordForm.FIELDS;
    }

    private void set(int entity, int state) {
        int pair = pair(entity);
        if (state(pair) == NONE) {
            scene.hold(entity);
            mark(entity, held);
            heldCount++;
            pair &= ~HEARD;
        }
        pair(entity, withState(pair, state) | UNTOLD);
        since(entity, (int) scene.tick());
        if (state == NONE) {
            unmark(entity, held);
            heldCount--;
            scene.letGo(entity);
        } else {
            look(entity, 1);
        }
    }

    /**
     * The next datagram; {@link #record} says what is in it.
     *
     * @param most how much of what is told there may be in it
     */
    int beginDatagram(boolean self, int most) {
        int next = sequence++;
        int slot = next & (SENT - 1);
        sent[2 * slot] = scene.tick();
        // Whatever was sent so long ago is not asked for any more.
        open &= ~(1L << slot);
        while (recordedCount + most - oldestOpen() > recorded.length) {
            growRecorded();
        }
        recordedFrom = recordedCount;
        open |= 1L << slot;
        openOfTick[(int) scene.tick() & (Long.SIZE - 1)]++;
        withSelf = self ? withSelf | 1L << slot : withSelf & ~(1L << slot);
        return next;
    }

    /** Where what is told begins that may still be acknowledged. */
    private int oldestOpen() {
        int slot = sequence + Long.numberOfTrailingZeros(Long.rotateRight(open, sequence));
        return open == 0 ? recordedCount : sentFrom(slot & (SENT - 1));
    }

    void endDatagram() {
        int slot = (sequence - 1) & (SENT - 1);
        sent[2 * slot + 1] = ((long) recordedFrom << Integer.SIZE) | (recordedCount - recordedFrom);
    }

    private long sentTick(int slot) {
        return sent[2 * slot];
    }

    private int sentFrom(int slot) {
        return (int) (sent[2 * slot + 1] >>> Integer.SIZE);
    }

    private int sentCount(int slot) {
        return (int) sent[2 * slot + 1];
    }

    /** An entity is in the datagram. */
    void record(int entity) {
        recorded[recordedCount++ & (recorded.length - 1)] = (char) entity;
    }

    /** What is not in step has been told, and is in step from the next tick on if the client knows it. */
    void told(int entity) {
        int tick = (int) scene.tick();
        pair(entity, (withTold(pair(entity), tick) | HEARD) & ~UNTOLD);
        stepIn(entity);
    }

    private void growRecorded() {
        char[] larger = new char[recorded.length * 2];
        for (int i = recordedCount - recorded.length; i != recordedCount; i++) {
            larger[i & (larger.length - 1)] = recorded[i & (recorded.length - 1)];
        }
        recorded = larger;
    }

    /**
     * The client says which datagrams have come. That is kept until {@link #learn}, when the view is in the processor's
     * caches anyway.
     *
     * @param newest lowest 16 bits of the number of the newest
     * @param received bit i: the one i + 1 before the newest has come
     * @return false if it says that one has come that was never sent; nothing has changed then
     */
    boolean acknowledge(int newest, int received) {
        int behind = (short) (sequence - 1 - newest);
        if (behind < 0 || sequence == 0 || sequence - 1 - behind < 0) {
            return false;
        }
        learn();
        acknowledged = sequence - 1 - behind;
        acknowledgedBefore = received;
        acknowledgedTick = scene.tick() + 1;
        return true;
    }

    /** Takes in what the client has said since the last time. */
    void learn() {
        int newest = acknowledged;
        if (newest < 0) {
            return;
        }
        acknowledged = -1;
        acknowledgeOne(newest);
        for (int i = 0; i < SnapshotFormat.ACKNOWLEDGED; i++) {
            if (((acknowledgedBefore >>> i) & 1) != 0) {
                acknowledgeOne(newest - 1 - i);
            }
        }
        countLosses(newest - REORDERED);
    }

    private void countLosses(int upTo) {
        checkedForLoss = Math.max(checkedForLoss, sequence - SENT);
        while (checkedForLoss < upTo) {
            if ((open & (1L << checkedForLoss++)) != 0) {
                pace.lost();
            }
        }
    }

    private void acknowledgeOne(int datagram) {
        if (datagram < 0 || sequence - datagram > SENT) {
            return;
        }
        int slot = datagram & (SENT - 1);
        if ((open & (1L << slot)) == 0) {
            return;
        }
        open &= ~(1L << slot);
        started = true;
        long tick = sentTick(slot);
        newestTick = Math.max(newestTick, tick);
        if ((withSelf & (1L << slot)) != 0) {
            selfTick = Math.max(selfTick, tick);
        }
        pace.arrived(acknowledgedTick, (int) (acknowledgedTick - tick));
        if (scene.tick() - tick < Long.SIZE && --openOfTick[(int) tick & (Long.SIZE - 1)] == 0) {
            arrived |= 1L << tick;
        }
        int from = sentFrom(slot);
        for (int i = 0; i < sentCount(slot); i++) {
            int entity = recorded[(from + i) & (recorded.length - 1)];
            if (!isInStep(entity) || isNewInStep(entity)) {
                learned(entity, (int) tick);
            }
        }
    }

    private void learned(int entity, int tick) {
        int pair = pair(entity);
        int state = state(pair);
        if (state == KNOWN) {
            int now = (int) scene.tick();
            if (now - tick < age(pair, now)) {
                pair(entity, withAcknowledged(pair, tick));
            }
        } else if (state != NONE && tick - since(entity) >= 0) {
            // What was told before the entity came, or went, says nothing of it now.
            if (state == NEW) {
                pair(entity, withState(withAcknowledged(pair, tick), KNOWN));
                look(entity, 1);
            } else {
                set(entity, NONE);
            }
        }
    }

    void close() {
        for (int word = 0; word < words; word++) {
            for (long left = held(word); left != 0; left &= left - 1) {
                set(Rounds.lowest(word, left), NONE);
            }
        }
    }
}
