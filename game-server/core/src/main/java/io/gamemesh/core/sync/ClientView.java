package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.snapshot.SnapshotFormat;
import java.util.Arrays;

/**
 * What one client sees, and what it is known to know: for each entity in sight the tick of the newest record that it has
 * acknowledged. Made by {@link Snapshots#open}. Not thread-safe.
 */
public final class ClientView {

    static final byte NONE = 0;
    /** In sight, and the client has not acknowledged any record since it came. */
    static final byte NEW = 1;
    /** In sight, and the client has a record. */
    static final byte KNOWN = 2;
    /** Out of sight, and the client has not acknowledged that. */
    static final byte LEAVING = 3;

    private static final int SENT = 64;
    private static final int FIRST_RECORDED = 128 * SENT;
    // A datagram that has not come when so many later ones have will not come.
    private static final int REORDERED = 4;

    /** A datagram that is under way. */
    private static final class Sent {
        long tick;
        boolean self;
        boolean open;
        // Which of what was told is in it.
        int from;
        int count;
    }

    private final Scene scene;
    private final Sent[] sent = new Sent[SENT];
    // Numbers of the entities that were told of, a ring for all datagrams under way; positions go on rising.
    private char[] recorded = new char[FIRST_RECORDED];
    private int recordedCount;
    final Pace pace;
    final int number;

    // By number of the entity.
    byte[] state = new byte[64];
    byte[] tier = new byte[64];
    // Ticks, their lowest 32 bits: since when the state is so, of the acknowledged record, of the latest told.
    int[] since = new int[64];
    int[] acknowledged = new int[64];
    int[] told = new int[64];
    // When to look again whether what the client has will do: nothing is due before.
    int[] nextLook = new int[64];
    // Whether anything of it has been told since the view holds its number.
    boolean[] heard = new boolean[64];

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
    private int checkedForLoss;
    boolean tooSlow;

    ClientView(Scene scene, SyncSettings settings, int number, int phase) {
        this.scene = scene;
        this.number = number;
        this.phase = phase;
        this.pace = new Pace(settings, scene.tick());
        Arrays.setAll(sent, i -> new Sent());
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
        if (state.length < numbers) {
            int size = Integer.highestOneBit(numbers - 1) * 2;
            state = Arrays.copyOf(state, size);
            tier = Arrays.copyOf(tier, size);
            since = Arrays.copyOf(since, size);
            acknowledged = Arrays.copyOf(acknowledged, size);
            told = Arrays.copyOf(told, size);
            nextLook = Arrays.copyOf(nextLook, size);
            heard = Arrays.copyOf(heard, size);
        }
    }

    /** Index among {@link #own} of what was told of the player itself so many ticks ago. */
    int ownAt(long age) {
        return (int) ((scene.tick() - age) & (SnapshotFormat.HISTORY - 1)) * RecordForm.FIELDS;
    }

    void set(int entity, byte newState) {
        if (state[entity] == NONE) {
            scene.hold(entity);
            heard[entity] = false;
        }
        state[entity] = newState;
        since[entity] = (int) scene.tick();
        if (newState == NONE) {
            scene.letGo(entity);
        }
    }

    /** It is out of sight. A client that has never been told of it need not hear that. */
    void leave(int entity) {
        set(entity, heard[entity] ? LEAVING : NONE);
    }

    /** The next datagram; {@link #record} says what is in it. */
    int beginDatagram(boolean self) {
        int number = sequence++;
        Sent slot = sent[number & (SENT - 1)];
        slot.tick = scene.tick();
        slot.self = self;
        slot.open = true;
        slot.from = recordedCount;
        slot.count = 0;
        return number;
    }

    void record(int entity) {
        Sent slot = sent[(sequence - 1) & (SENT - 1)];
        // The next one in the array is the oldest that may still be acknowledged, or has not been sent at all.
        Sent oldest = sent[sequence & (SENT - 1)];
        if (recordedCount - oldest.from >= recorded.length) {
            growRecorded();
        }
        recorded[recordedCount++ & (recorded.length - 1)] = (char) entity;
        slot.count++;
        told[entity] = (int) scene.tick();
        heard[entity] = true;
    }

    private void growRecorded() {
        char[] larger = new char[recorded.length * 2];
        for (int i = recordedCount - recorded.length; i != recordedCount; i++) {
            larger[i & (larger.length - 1)] = recorded[i & (recorded.length - 1)];
        }
        recorded = larger;
    }

    /**
     * The client says which datagrams have come.
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
        int number = sequence - 1 - behind;
        acknowledgeOne(number);
        for (int i = 0; i < SnapshotFormat.ACKNOWLEDGED; i++) {
            if (((received >>> i) & 1) != 0) {
                acknowledgeOne(number - 1 - i);
            }
        }
        countLosses(number - REORDERED);
        return true;
    }

    private void countLosses(int upTo) {
        checkedForLoss = Math.max(checkedForLoss, sequence - SENT);
        while (checkedForLoss < upTo) {
            if (sent[checkedForLoss++ & (SENT - 1)].open) {
                pace.lost();
            }
        }
    }

    private void acknowledgeOne(int datagram) {
        if (datagram < 0 || sequence - datagram > SENT) {
            return;
        }
        Sent slot = sent[datagram & (SENT - 1)];
        if (!slot.open) {
            return;
        }
        slot.open = false;
        started = true;
        newestTick = Math.max(newestTick, slot.tick);
        if (slot.self) {
            selfTick = Math.max(selfTick, slot.tick);
        }
        pace.arrived(scene.tick(), (int) (scene.tick() + 1 - slot.tick));
        int tick = (int) slot.tick;
        for (int i = 0; i < slot.count; i++) {
            learned(recorded[(slot.from + i) & (recorded.length - 1)], tick);
        }
    }

    private void learned(int entity, int tick) {
        // What was told before the entity came, or went, says nothing of it now.
        if (state[entity] == NONE || tick - since[entity] < 0) {
            return;
        }
        switch (state[entity]) {
            case NEW -> {
                state[entity] = KNOWN;
                acknowledged[entity] = tick;
                nextLook[entity] = (int) scene.tick();
            }
            case KNOWN -> {
                if (tick - acknowledged[entity] > 0) {
                    acknowledged[entity] = tick;
                }
            }
            default -> set(entity, NONE);
        }
    }

    void close() {
        for (int i = 0; i < heldCount; i++) {
            if (state[held[i]] != NONE) {
                set(held[i], NONE);
            }
        }
        heldCount = 0;
    }
}
