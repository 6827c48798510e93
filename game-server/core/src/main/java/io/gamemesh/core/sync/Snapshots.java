package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.SnapshotFormat;
import io.gamemesh.protocol.snapshot.SnapshotWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Makes the datagrams that keep clients up to date. What a client is told of in a tick is what is due (each {@link Tier}
 * has its rate, at which it is looked whether there is anything to tell; the tick's round says at whom) and differs from what
 * the client has acknowledged by more than its tier tolerates. When that is more than the client's bytes, what has waited longest for its tier goes first, and what has waited for {@value
 * #PATIENT_PERIODS} periods has its turn one after the other: with room for n updates a tick, each of N entities in sight
 * is told within {@value #PATIENT_PERIODS} periods of the farthest tier and N / n ticks. Not thread-safe.
 */
public final class Snapshots {

    /** Takes what goes to a client. */
    public interface Sink {

        /** A datagram between position and limit, to be copied or sent before returning. */
        void datagram(ByteBuffer datagram);

        /** An entity comes into the client's sight. */
        void appears(long entityId, int kind, String name);
    }

    /** A client that has not acknowledged for so long what went out of sight is too slow. */
    static final int GREATEST_LEAVING_SECONDS = 10;

    /** The greatest urgency. */
    static final int GREATEST_LEVEL = 64;

    /** After so many periods of its tier nothing is more urgent than an entity. */
    static final int PATIENT_PERIODS = 4;

    private static final int REFRESHES_PER_SECOND = 5;
    private static final int CROWD = 256;
    private static final int DUE_LEVEL = GREATEST_LEVEL / PATIENT_PERIODS;
    private static final int NEWS_URGENCY = 8;
    // An entity goes out of sight somewhat further off than it came into it.
    private static final int SLACK_METRES = 4;
    // A record is renewed before it is too old to refer to.
    private static final int STALE_TICKS = SnapshotFormat.HISTORY - 12;
    private static final int PATIENCE_TICKS = 2;
    private static final int MAX_DATAGRAMS = 8;
    private static final byte CHOSEN = Byte.MAX_VALUE;
    private static final byte APPEARED = 0;
    private static final byte LEFT = -1;

    private final SyncSettings settings;
    private final Scene scene;
    private final SnapshotWriter writer;
    private final Finds finds;
    private final int[] periods;
    private final int refreshTicks;
    private final int greatestLeavingTicks;
    private long[] found = new long[8];
    private byte[] foundTier = new byte[64];
    private int opened;

    // Which numbers are looked at in that tick's round, by tier: as many words as numbers need, a bit for each.
    private long[] round = new long[0];
    private long roundTick = -1;
    private int roundWords;

    // What is looked at, by rising number, and all about it that the view has.
    private int[] lookedNumber = new int[256];
    private int[] lookedPair = new int[256];

    // What is due, by rising number.
    private int due;
    private int[] dueNumber = new int[256];
    private int[] dueBits = new int[256];
    private byte[] dueLevel = new byte[256];
    // How old the record is that it is told as the difference from; APPEARED or LEFT if there is none.
    private byte[] dueAge = new byte[256];
    // The difference: in which word it begins, and how many bits it has.
    private int[] dueWord = new int[256];
    private int[] dueLength = new int[256];
    private final long[] bitsOfLevel = new long[GREATEST_LEVEL + 1];
    private final int[] countOfLevel = new int[GREATEST_LEVEL + 1];

    /** Snapshots of a scene. */
    public Snapshots(SyncSettings settings, Scene scene) {
        this.settings = settings;
        this.scene = scene;
        this.writer = new SnapshotWriter(settings.tickRate());
        this.finds = new Finds(settings.viewRadius() + SLACK_METRES, settings.tiers());
        this.periods = settings.tiers().stream()
                .mapToInt(tier -> tier.period(settings.tickRate()))
                .toArray();
        this.refreshTicks = Math.max(1, settings.tickRate() / REFRESHES_PER_SECOND);
        this.greatestLeavingTicks = GREATEST_LEAVING_SECONDS * settings.tickRate();
    }

    /**
     * A view for a client that knows nothing yet.
     *
     * @param number which of the client's views this is, modulo 256: each stay in a region has one of its own
     */
    public ClientView open(int number) {
        return new ClientView(scene, settings, number & 0xff, opened++);
    }

    /** The client is gone, or seen to by another region. */
    public void close(ClientView view) {
        view.close();
    }

    /**
     * The client says what has come.
     *
     * @param number of the view that it speaks of
     * @param newest lowest 16 bits of the number of the newest datagram
     * @param received bit i: the one i + 1 before the newest has come
     * @return false if it says that something has come that was never sent; an older view is another matter
     */
    public boolean acknowledge(ClientView view, int number, int newest, int received) {
        return number != view.number || view.acknowledge(newest, received);
    }

    /**
     * This tick's datagrams for a client.
     *
     * @param self number of the client's own entity
     * @param own where that is by the inputs that have been done
     * @param lastInput sequence number of the newest of these inputs
     */
    public void send(ClientView view, int self, OwnState own, long lastInput, Sink sink) {
        long tick = scene.tick();
        view.fit(scene.highest());
        view.learn();
        view.resume((int) tick);
        if (roundTick != tick) {
            beginRound(tick);
        }
        own.record(view.own, view.ownAt(0));
        // Not all clients look round in the same tick, and who sees a crowd does so half as often.
        int every = view.heldCount > CROWD ? 2 * refreshTicks : refreshTicks;
        if (!view.hasLooked || Math.floorMod(tick + view.phase, every) == 0) {
            view.hasLooked = true;
            refresh(view, self, sink);
        }
        long allowance = view.pace.begin(tick);
        collect(view);
        int gapOrder = gapOrder();
        begin(view, own, lastInput, gapOrder, true);
        select(view, allowance - writer.bitsUsed(), gapOrder);
        write(view, own, lastInput, gapOrder, sink);
        finish(view, sink);
    }

    /**
     * In a tick all who look at an entity in some tier do so together. Then most of them go by the same few records, which
     * need to be judged and coded only once.
     */
    private void beginRound(long tick) {
        roundTick = tick;
        roundWords = (scene.highest() + 63) >> 6;
        if (round.length < roundWords * periods.length) {
            round = new long[2 * roundWords * periods.length];
        }
        Arrays.fill(round, 0);
        for (int tier = 0; tier < periods.length; tier++) {
            int period = periods[tier];
            for (int number = Math.floorMod(-tick, period); number < roundWords << 6; number += period) {
                round[tier * roundWords + (number >> 6)] |= 1L << number;
            }
        }
    }

    // Who is in sight.

    private void refresh(ClientView view, int self, Sink sink) {
        int at = scene.recordAt(self, 0);
        int[] records = scene.records();
        finds.clear();
        scene.findNear(
                records[at],
                records[at + 1],
                records[at + 2],
                (long) (settings.viewRadius() + SLACK_METRES) << 7,
                finds);
        finds.rank();
        if (found.length < roundWords) {
            found = new long[roundWords * 2];
        }
        if (foundTier.length < scene.highest()) {
            foundTier = new byte[scene.highest() * 2];
        }
        Arrays.fill(found, 0, roundWords, 0);
        long radius = (long) settings.viewRadius() << 7;
        for (int i = 0; i < finds.count; i++) {
            int number = finds.number[i];
            boolean near = ClientView.state(view.pair(number)) != ClientView.NONE
                    || scene.distanceSquared(number, records[at], records[at + 1], records[at + 2]) <= radius * radius;
            if (near && number != self && (!scene.isPart(number) || isShown(number, self, finds.tier(i)))) {
                found[number >> 6] |= 1L << number;
                foundTier[number] = finds.tier(i);
            }
        }
        for (int i = 0; i < view.heldCount; i++) {
            int number = view.held[i];
            int state = ClientView.state(view.pair(number));
            boolean inSight = (found[number >> 6] & (1L << number)) != 0;
            if (!inSight && (state == ClientView.NEW || state == ClientView.KNOWN)) {
                view.leave(number);
            }
            if (ClientView.state(view.pair(number)) == ClientView.LEAVING && !inSight) {
                view.tooSlow |= (int) scene.tick() - view.since[number] > greatestLeavingTicks;
                // Kept until the client knows, by its old tier.
                found[number >> 6] |= 1L << number;
                foundTier[number] = -1;
            }
        }
        hold(view, sink);
    }

    /** Hands are for those who are near enough to shake them; where one's own are, one knows best. */
    private boolean isShown(int part, int self, int inTier) {
        return inTier == 0 && scene.id(part) != scene.id(self);
    }

    private void hold(ClientView view, Sink sink) {
        int tick = (int) scene.tick();
        int count = 0;
        view.clearMembers();
        for (int word = 0; word < roundWords; word++) {
            for (long left = found[word]; left != 0; left &= left - 1) {
                int number = (word << 6) + Long.numberOfTrailingZeros(left);
                byte newTier = foundTier[number];
                view.keepAges(number, tick);
                if (newTier >= 0) {
                    view.member(number, newTier);
                    int pair = view.pair(number);
                    if (ClientView.tier(pair) != newTier) {
                        view.tier(number, newTier);
                        view.look(number, 1);
                    }
                    int state = ClientView.state(pair);
                    if (state == ClientView.NONE || state == ClientView.LEAVING) {
                        view.come(number);
                        sink.appears(scene.id(number), scene.kind(number), scene.name(number));
                    }
                }
                if (count == view.held.length) {
                    view.held = Arrays.copyOf(view.held, count * 2);
                }
                view.held[count++] = number;
            }
        }
        view.heldCount = count;
    }

    // What there is to tell.

    private void collect(ClientView view) {
        due = 0;
        Arrays.fill(bitsOfLevel, 0);
        Arrays.fill(countOfLevel, 0);
        int tick = (int) scene.tick();
        int patience = patience(view);
        int count = listLooks(view, tick);
        for (int i = 0; i < count; i++) {
            int number = lookedNumber[i];
            int pair = lookedPair[i];
            int state = ClientView.state(pair);
            if (state == ClientView.KNOWN && scene.isAlive(number)) {
                known(view, number, pair, tick, patience);
            } else if (state != ClientView.NONE) {
                news(view, number, tick, patience);
            }
        }
    }

    /**
     * Fills {@link #lookedNumber} and {@link #lookedPair}, and returns how many there are. Hardly anything but loads, so that
     * they wait for memory together: a view is out of the caches when its turn comes.
     */
    private int listLooks(ClientView view, int tick) {
        boolean late = view.beginLooks(tick);
        int count = 0;
        for (int word = 0; word < roundWords; word++) {
            long left = view.takeLooks(word);
            for (int tier = 0; tier < periods.length; tier++) {
                left |= view.members(tier, word) & (late ? -1 : round[tier * roundWords + word]);
            }
            if (count + Long.SIZE > lookedNumber.length) {
                lookedNumber = Arrays.copyOf(lookedNumber, count * 2);
                lookedPair = Arrays.copyOf(lookedPair, count * 2);
            }
            for (; left != 0; left &= left - 1) {
                int number = (word << 6) + Long.numberOfTrailingZeros(left);
                lookedNumber[count] = number;
                lookedPair[count++] = view.pair(number);
            }
        }
        return count;
    }

    /** Ticks after which what was told and has not been acknowledged is told again. */
    private static int patience(ClientView view) {
        return view.pace.delay() + PATIENCE_TICKS;
    }

    /** What the client has to hear of, and to acknowledge: that something is there, or not any more. */
    private void news(ClientView view, int number, int tick, int patience) {
        if (!scene.isAlive(number) && ClientView.state(view.pair(number)) != ClientView.LEAVING) {
            view.leave(number);
        }
        int pair = view.pair(number);
        int state = ClientView.state(pair);
        int waited = ClientView.waited(pair, tick);
        if (state == ClientView.NONE) {
            return;
        }
        if (!ClientView.isUntold(pair) && waited < patience) {
            view.look(number, patience - waited);
        } else if (state == ClientView.LEAVING) {
            add(number, SnapshotFormat.GONE_BITS, GREATEST_LEVEL, LEFT);
        } else {
            int urgency = DUE_LEVEL + waited * NEWS_URGENCY / (ClientView.tier(pair) + 1);
            add(number, scene.appearedBits(number), urgency, APPEARED);
        }
    }

    private void known(ClientView view, int number, int pair, int tick, int patience) {
        int waited = ClientView.waited(pair, tick);
        int tier = ClientView.tier(pair);
        int period = periods[tier];
        int age = ClientView.age(pair, tick);
        boolean stale = age >= STALE_TICKS && waited >= patience;
        if (2 * waited < period && !stale) {
            // Told between its rounds: the next one is soon enough.
            lookBeforeItIsStale(view, number, age, period, waited, patience);
            return;
        }
        int level = DUE_LEVEL * waited / period;
        if (age >= SnapshotFormat.HISTORY) {
            if (waited >= patience) {
                add(number, scene.appearedBits(number), level, APPEARED);
            } else {
                view.look(number, patience - waited);
            }
            return;
        }
        // The client may go by what it was told last already. If that is right it will do, unless it gets lost.
        boolean underWay = waited < age;
        boolean off = (underWay && scene.isOff(number, waited, tier))
                || ((!underWay || waited >= patience) && scene.isOff(number, age, tier));
        if (off || stale) {
            long difference = scene.difference(number, age);
            if (difference == Scene.TOO_FAR) {
                add(number, scene.appearedBits(number), level, APPEARED);
            } else {
                int length = Scene.bits(difference);
                dueWord[due] = Scene.word(difference);
                dueLength[due] = length;
                boolean usual = scene.tick() - view.newestTick == age;
                add(number, SnapshotWriter.changedBits(usual, length), level, (byte) age);
            }
            return;
        }
        lookBeforeItIsStale(view, number, age, period, waited, patience);
    }

    /** Its next round may be too late to renew what the client has. */
    private static void lookBeforeItIsStale(
            ClientView view, int number, int age, int period, int waited, int patience) {
        if (age + period > STALE_TICKS) {
            view.look(number, age < STALE_TICKS ? STALE_TICKS - age : patience - waited);
        }
    }

    private void add(int number, int bits, int urgency, byte age) {
        int level = Math.clamp(urgency, 0, GREATEST_LEVEL);
        dueNumber[due] = number;
        dueBits[due] = bits;
        dueLevel[due] = (byte) level;
        dueAge[due++] = age;
        bitsOfLevel[level] += bits;
        countOfLevel[level]++;
        if (due == dueNumber.length) {
            growDue();
        }
    }

    private void growDue() {
        dueNumber = Arrays.copyOf(dueNumber, due * 2);
        dueBits = Arrays.copyOf(dueBits, due * 2);
        dueLevel = Arrays.copyOf(dueLevel, due * 2);
        dueAge = Arrays.copyOf(dueAge, due * 2);
        dueWord = Arrays.copyOf(dueWord, due * 2);
        dueLength = Arrays.copyOf(dueLength, due * 2);
    }

    /** What is due has found no room: it has none before it is as urgent as what had, if that stays so. */
    private void putOff(ClientView view, int at, int level, int tick) {
        int number = dueNumber[at];
        int pair = view.pair(number);
        int tier = ClientView.tier(pair);
        int enough = switch (ClientView.state(pair)) {
            case ClientView.KNOWN -> (level * periods[tier] + DUE_LEVEL - 1) / DUE_LEVEL;
            case ClientView.NEW -> (level - DUE_LEVEL) * (tier + 1) / NEWS_URGENCY;
            default -> 0;
        };
        view.look(number, Math.max(1, enough - ClientView.waited(pair, tick)));
    }

    private int gapOrder() {
        if (due == 0) {
            return 0;
        }
        int gap = Math.max(1, (dueNumber[due - 1] + 1) / due);
        return Math.min(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(gap), SnapshotFormat.MAX_GAP_ORDER);
    }

    /** Leaves in the list what goes with this tick. */
    private void select(ClientView view, long room, int gapOrder) {
        // A number after another takes about so many bits.
        int numberBits = 2 + gapOrder;
        long left = room;
        int level = GREATEST_LEVEL;
        // Where nobody is, nothing is cut off, even if there is less than no room.
        while (level >= 0 && (countOfLevel[level] == 0 || cost(level, numberBits) <= left)) {
            left -= cost(level, numberBits);
            level--;
        }
        if (level >= 0) {
            choose(view, level, left, numberBits);
            keepAbove(view, level);
        }
    }

    private long cost(int level, int numberBits) {
        return bitsOfLevel[level] + (long) countOfLevel[level] * numberBits;
    }

    /** Of those at a level as many as there is room for, from the one after the last that was chosen so, round. */
    private void choose(ClientView view, int level, long room, int numberBits) {
        int first = 0;
        while (first < due && dueNumber[first] < view.nextTurn) {
            first++;
        }
        long left = room;
        for (int i = 0; i < due; i++) {
            int at = first + i < due ? first + i : first + i - due;
            if (dueLevel[at] != level) {
                continue;
            }
            left -= dueBits[at] + numberBits;
            if (left < 0) {
                return;
            }
            dueLevel[at] = CHOSEN;
            view.nextTurn = dueNumber[at] + 1;
        }
    }

    private void keepAbove(ClientView view, int level) {
        int tick = (int) scene.tick();
        int kept = 0;
        for (int i = 0; i < due; i++) {
            if (dueLevel[i] <= level) {
                putOff(view, i, level, tick);
                continue;
            }
            dueNumber[kept] = dueNumber[i];
            dueBits[kept] = dueBits[i];
            dueAge[kept] = dueAge[i];
            dueWord[kept] = dueWord[i];
            dueLength[kept] = dueLength[i];
            kept++;
        }
        due = kept;
    }

    // Telling it.

    private void begin(ClientView view, OwnState own, long lastInput, int gapOrder, boolean withSelf) {
        long tick = scene.tick();
        int number = view.beginDatagram(withSelf);
        long usual = view.newestTick < 0 ? 0 : tick - view.newestTick;
        writer.begin(
                view.number,
                number,
                !view.started,
                settings.region(),
                tick,
                lastInput,
                usual < SnapshotFormat.HISTORY ? (int) usual : 0,
                gapOrder);
        if (withSelf) {
            long age = view.selfTick < 0 ? 0 : tick - view.selfTick;
            int olderAge = age < SnapshotFormat.HISTORY ? (int) age : 0;
            writer.self(
                    view.own,
                    view.ownAt(olderAge),
                    olderAge,
                    view.own,
                    view.ownAt(0),
                    own.speedX,
                    own.speedY,
                    own.speedZ,
                    own.grounded);
        }
    }

    private void write(ClientView view, OwnState own, long lastInput, int gapOrder, Sink sink) {
        int tick = (int) scene.tick();
        int patience = patience(view);
        int previous = -1;
        int datagrams = 1;
        for (int i = 0; i < due; i++) {
            int number = dueNumber[i];
            int bits = dueBits[i] + SnapshotWriter.numberBits(number - previous - 1, gapOrder);
            if (bits > writer.bitsLeft()) {
                if (datagrams++ == MAX_DATAGRAMS) {
                    for (int left = i; left < due; left++) {
                        putOff(view, left, 0, tick);
                    }
                    return;
                }
                finish(view, sink);
                begin(view, own, lastInput, gapOrder, false);
                previous = -1;
            }
            switch (dueAge[i]) {
                case LEFT -> writer.gone(number);
                case APPEARED ->
                    writer.appeared(
                            number, scene.id(number), scene.kind(number), scene.records(), scene.recordAt(number, 0));
                default -> writer.changed(number, dueAge[i], scene.coded(), dueWord[i], dueLength[i]);
            }
            view.record(number);
            int pair = view.pair(number);
            boolean lastsARound = ClientView.state(pair) == ClientView.KNOWN
                    && dueAge[i] > APPEARED
                    && dueAge[i] + periods[ClientView.tier(pair)] <= STALE_TICKS;
            if (!lastsARound) {
                view.look(number, patience);
            }
            previous = number;
        }
    }

    private void finish(ClientView view, Sink sink) {
        view.pace.spend(writer.bitsUsed());
        sink.datagram(writer.end());
    }
}
