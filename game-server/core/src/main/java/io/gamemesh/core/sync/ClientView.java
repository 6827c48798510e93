package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.snapshot.SnapshotFormat;
import java.util.Arrays;

/**
 * What one client sees, and what it is known to know: for each entity in sight the tick of the newest record that it has
 * acknowledged. Made by {@link Snapshots#open}. Not thread-safe.
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
    private static final int FIRST_RECORDED = 128 * SENT;
    // A datagram that has not come when so many later ones have will not come.
    private static final int REORDERED = 4;
    // So many ticks ahead, less one, can be said when to look at something.
    private static final int LOOKS = 64;

    // One number's bits of pairs, lowest first: ticks of the latest told and of the acknowledged record, state, whether
    // anything of it was told since the view has held it, whether nothing was since the state has been so, tier.
    private static final int TICK_BITS = 11;
    private static final int TICK_MASK = (1 << TICK_BITS) - 1;
    private static final int STATE_SHIFT = 2 * TICK_BITS;
    private static final int STATE_MASK = 3;
    private static final int HEARD = 1 << (STATE_SHIFT + 2);
    private static final int UNTOLD = HEARD << 1;
    private static final int TIER_SHIFT = STATE_SHIFT + 4;
    /** Tiers that there can be. */
    static final int MAX_TIERS = 1 << (Integer.SIZE - TIER_SHIFT);
    /** What was longer ago was so long ago. */
    private static final int GREATEST_AGE = TICK_MASK / 2;

    private final Scene scene;
    // Datagrams that are under way, by their number modulo SENT: a bit for each that has not been acknowledged and one
    // for each with the player itself, the tick, and which of what was told is in it.
    private long open;
    private long withSelf;
    private final long[] sentTick = new long[SENT];
    private final int[] sentFrom = new int[SENT];
    private final int[] sentCount = new int[SENT];
    // Numbers of the entities that were told of, a ring for all datagrams under way; positions go on rising.
    private char[] recorded = new char[FIRST_RECORDED];
    private int recordedCount;
    final Pace pace;
    final int number;

    // By number of the entity. All that is asked for each time something is looked at, in one word: with a thousand who
    // see a thousand it is the memory that takes the time.
    private int[] pairs = new int[64];
    // Since when the state is so, the lowest 32 bits of the tick.
    int[] since = new int[64];
    // What to look at in which tick beside its rounds: as many words as numbers need for each of the next ticks,
    // a bit for each number. Whatever is looked at too early is looked at again in time. And up to which tick, its
    // lowest 32 bits, that has been done.
    private long[] looks = new long[LOOKS];
    private int looked;
    private int words = 1;
    // Who is in sight, by tier: as many words for each of them, a bit for each number.
    private final int tiers;
    private long[] members;

    // Numbers of all that is in a state, ascending.
    int[] held = new int[64];
    int heldCount;
    boolean hasLooked;
    final int phase;
    // Numbers from here on have their turn next when there is not enough room for all.
    int nextTurn;

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
    boolean tooSlow;

    ClientView(Scene scene, SyncSettings settings, int number, int phase) {
        this.scene = scene;
        this.number = number;
        this.phase = phase;
        this.tiers = settings.tiers().size();
        this.members = new long[tiers];
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
        if (pairs.length < numbers) {
            int size = Integer.highestOneBit(numbers - 1) * 2;
            pairs = Arrays.copyOf(pairs, size);
            since = Arrays.copyOf(since, size);
            int larger = size >> 6;
            long[] spread = new long[LOOKS * larger];
            for (int slot = 0; slot < LOOKS; slot++) {
                System.arraycopy(looks, slot * words, spread, slot * larger, words);
            }
            looks = spread;
            long[] wider = new long[tiers * larger];
            for (int tier = 0; tier < tiers; tier++) {
                System.arraycopy(members, tier * words, wider, tier * larger, words);
            }
            members = wider;
            words = larger;
        }
    }

    /** All about an entity, for the functions below. */
    int pair(int entity) {
        return pairs[entity];
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

    void tier(int entity, int tier) {
        pairs[entity] = (pairs[entity] & ((1 << TIER_SHIFT) - 1)) | (tier << TIER_SHIFT);
    }

    /** Nobody is in sight before {@link #member} says so. */
    void clearMembers() {
        Arrays.fill(members, 0);
    }

    void member(int entity, int tier) {
        members[tier * words + (entity >> 6)] |= 1L << entity;
    }

    /** Who of 64 numbers is in sight and in a tier: a bit for each. */
    long members(int tier, int word) {
        return members[tier * words + word];
    }

    /** It has come into sight, and has been waiting since the tick before. */
    void come(int entity) {
        set(entity, NEW);
        pairs[entity] = withTold(pairs[entity], (int) scene.tick() - 1);
    }

    /** To be called for all that is held more often than every {@value #GREATEST_AGE} ticks: no more bits of ticks are kept. */
    void keepAges(int entity, int tick) {
        int pair = pairs[entity];
        if (waited(pair, tick) > GREATEST_AGE) {
            pair = withTold(pair, tick - GREATEST_AGE);
        }
        if (age(pair, tick) > GREATEST_AGE) {
            pair = withAcknowledged(pair, tick - GREATEST_AGE);
        }
        pairs[entity] = pair;
    }

    /** To be called before a tick's datagrams: if there were none for very long, nobody knows when anything was told. */
    void resume(int tick) {
        if (tick - looked > GREATEST_AGE / 2) {
            for (int i = 0; i < heldCount; i++) {
                int entity = held[i];
                pairs[entity] = withAcknowledged(withTold(pairs[entity], tick - GREATEST_AGE), tick - GREATEST_AGE);
                look(entity, 1);
            }
        }
    }

    /** To look at an entity so many ticks after the last in which this was done, or earlier if that is too far ahead. */
    void look(int entity, int ticks) {
        int slot = (looked + Math.clamp(ticks, 1, LOOKS - 1)) & (LOOKS - 1);
        looks[slot * words + (entity >> 6)] |= 1L << entity;
    }

    /** Begins to look at what there is to look at in a tick, and returns whether ticks were left out before it. */
    boolean beginLooks(int tick) {
        boolean late = tick - looked > 1;
        int to = (tick & (LOOKS - 1)) * words;
        // Ticks that were left out, if there are any.
        for (int missed = Math.max(looked, tick - LOOKS) + 1; missed - tick < 0; missed++) {
            int from = (missed & (LOOKS - 1)) * words;
            for (int word = 0; word < words; word++) {
                looks[to + word] |= looks[from + word];
                looks[from + word] = 0;
            }
        }
        looked = tick;
        return late;
    }

    /** What is to be looked at now: a bit for each of 64 numbers. They are not to be looked at again unless it is said. */
    long takeLooks(int word) {
        int at = (looked & (LOOKS - 1)) * words + word;
        long taken = looks[at];
        looks[at] = 0;
        return taken;
    }

    /** Index among {@link #own} of what was told of the player itself so many ticks ago. */
    int ownAt(long age) {
        return (int) ((scene.tick() - age) & (SnapshotFormat.HISTORY - 1)) * RecordForm.FIELDS;
    }

    private void set(int entity, int state) {
        int pair = pairs[entity];
        if (state(pair) == NONE) {
            scene.hold(entity);
            pair &= ~HEARD;
        }
        pairs[entity] = withState(pair, state) | UNTOLD;
        since[entity] = (int) scene.tick();
        if (state == NONE) {
            scene.letGo(entity);
        } else {
            look(entity, 1);
        }
    }

    /** It is out of sight. A client that has never been told of it need not hear that. */
    void leave(int entity) {
        set(entity, (pairs[entity] & HEARD) != 0 ? LEAVING : NONE);
    }

    /** The next datagram; {@link #record} says what is in it. */
    int beginDatagram(boolean self) {
        int number = sequence++;
        int slot = number & (SENT - 1);
        sentTick[slot] = scene.tick();
        sentFrom[slot] = recordedCount;
        sentCount[slot] = 0;
        open |= 1L << slot;
        withSelf = self ? withSelf | 1L << slot : withSelf & ~(1L << slot);
        return number;
    }

    void record(int entity) {
        // The next slot is of the oldest that may still be acknowledged, or of one that has not been sent at all.
        if (recordedCount - sentFrom[sequence & (SENT - 1)] >= recorded.length) {
            growRecorded();
        }
        recorded[recordedCount++ & (recorded.length - 1)] = (char) entity;
        sentCount[(sequence - 1) & (SENT - 1)]++;
        pairs[entity] = (withTold(pairs[entity], (int) scene.tick()) | HEARD) & ~UNTOLD;
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
        long tick = sentTick[slot];
        newestTick = Math.max(newestTick, tick);
        if ((withSelf & (1L << slot)) != 0) {
            selfTick = Math.max(selfTick, tick);
        }
        pace.arrived(acknowledgedTick, (int) (acknowledgedTick - tick));
        int from = sentFrom[slot];
        for (int i = 0; i < sentCount[slot]; i++) {
            learned(recorded[(from + i) & (recorded.length - 1)], (int) tick);
        }
    }

    private void learned(int entity, int tick) {
        int pair = pairs[entity];
        int state = state(pair);
        if (state == KNOWN) {
            int now = (int) scene.tick();
            if (now - tick < age(pair, now)) {
                pairs[entity] = withAcknowledged(pair, tick);
            }
        } else if (state != NONE && tick - since[entity] >= 0) {
            // What was told before the entity came, or went, says nothing of it now.
            if (state == NEW) {
                pairs[entity] = withState(withAcknowledged(pair, tick), KNOWN);
                look(entity, 1);
            } else {
                set(entity, NONE);
            }
        }
    }

    void close() {
        for (int i = 0; i < heldCount; i++) {
            if (state(pairs[held[i]]) != NONE) {
                set(held[i], NONE);
            }
        }
        heldCount = 0;
    }
}
