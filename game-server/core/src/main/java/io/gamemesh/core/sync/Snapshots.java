package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.SnapshotFormat;
import io.gamemesh.protocol.snapshot.SnapshotWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Makes the datagrams that keep clients up to date. What a client is told of in a tick is what is due (each {@link Tier}
 * has its rate, at which it is looked whether there is anything to tell; {@link Rounds} say at whom) and differs from
 * what the client has acknowledged by more than its tier tolerates. When that is more than the client's bytes, what has
 * waited longest for its tier goes first, and what has waited for {@value #PATIENT_PERIODS} periods has its turn one
 * after the other: with room for n updates a tick, each of N entities in sight is told within {@value #PATIENT_PERIODS}
 * periods of the farthest tier, another one until its round, and N / n ticks. Not thread-safe.
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
    private static final int CROWD = 128;
    private static final int MOST_SELDOM = 3;
    private static final int DUE_LEVEL = GREATEST_LEVEL / PATIENT_PERIODS;
    private static final int NEWS_URGENCY = 8;
    // What was not urgent enough last time is not looked at; by that share less is asked for where there was room.
    private static final int FLOOR_SHARE = 8;
    // An entity goes out of sight somewhat further off than it came into it.
    private static final int SLACK_METRES = 4;
    private static final int STALE_TICKS = Rounds.STALE_TICKS;
    private static final int PATIENCE_TICKS = 2;
    static final int MAX_DATAGRAMS = 8;
    private static final int CHOSEN = Byte.MAX_VALUE;
    // No number takes more bits after another.
    private static final int GREATEST_NUMBER_BITS = 2 * Character.SIZE + 1;

    private final SyncSettings settings;
    private final Scene scene;
    private final SnapshotWriter writer;
    private final Finds finds;
    private final int[] periods;
    private final Rounds rounds;
    private final int refreshTicks;
    private final int greatestLeavingTicks;
    private int opened;

    // As many words for each tier as numbers need, a bit for each: what is in sight.
    private long[] found = new long[8];
    private int words;

    // What is looked at, by rising number: all about it that the view has, or of what is in step and told its tier.
    private int[] lookedNumber = new int[256];
    private int[] lookedPair = new int[256];
    private int lookedCount;

    private final DueList due = new DueList();
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
        this.rounds = new Rounds(scene, periods);
        this.refreshTicks = Math.max(1, settings.tickRate() / REFRESHES_PER_SECOND);
        this.greatestLeavingTicks = GREATEST_LEAVING_SECONDS * settings.tickRate();
    }

    /**
     * A view for a client that knows nothing yet.
     *
     * @param number which of the client's views this is, modulo 256: each stay in a region has one of its own
     */
    public ClientView open(int number) {
        return new ClientView(scene, rounds, settings, number & 0xff, opened++);
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
        rounds.begin();
        words = (scene.highest() + Long.SIZE - 1) >> 6;
        view.fit(scene.highest());
        view.learn();
        view.resume((int) tick);
        view.expect((int) tick, patience(view));
        own.record(view.own, view.ownAt(0));
        // Not all clients look round in the same tick, and who sees a crowd does so half or a third as often.
        int every = refreshTicks * Math.min(1 + view.heldCount() / CROWD, MOST_SELDOM);
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
        if (found.length < periods.length * words) {
            found = new long[periods.length * words * 2];
        }
        Arrays.fill(found, 0, periods.length * words, 0);
        long radius = (long) settings.viewRadius() << 7;
        for (int i = 0; i < finds.count; i++) {
            int number = finds.number[i];
            boolean near = view.isHeld(number)
                    || scene.distanceSquared(number, records[at], records[at + 1], records[at + 2]) <= radius * radius;
            if (near && number != self && (!scene.isPart(number) || isShown(number, self, finds.tier(i)))) {
                found[finds.tier(i) * words + (number >> 6)] |= 1L << number;
            }
        }
        for (int word = 0; word < words; word++) {
            refreshWord(view, word, sink);
        }
    }

    /** Hands are for those who are near enough to shake them; where one's own are, one knows best. */
    private boolean isShown(int part, int self, int inTier) {
        return inTier == 0 && scene.id(part) != scene.id(self);
    }

    private void refreshWord(ClientView view, int word, Sink sink) {
        long members = 0;
        long seen = 0;
        for (int tier = 0; tier < periods.length; tier++) {
            members |= view.members(tier, word);
            seen |= found[tier * words + word];
        }
        for (long left = members & ~seen; left != 0; left &= left - 1) {
            view.leave(Rounds.lowest(word, left));
        }
        // Kept until the client knows.
        for (long left = view.held(word) & ~seen; left != 0; left &= left - 1) {
            view.expectGone(Rounds.lowest(word, left), greatestLeavingTicks);
        }
        for (int tier = 0; tier < periods.length; tier++) {
            for (long left = found[tier * words + word] & ~view.members(tier, word); left != 0; left &= left - 1) {
                enter(view, Rounds.lowest(word, left), tier, sink);
            }
        }
        for (long left = view.held(word) & (~view.inStep(word) | view.newInStep(word)); left != 0; left &= left - 1) {
            view.keepAges(Rounds.lowest(word, left), (int) scene.tick());
        }
    }

    private void enter(ClientView view, int number, int tier, Sink sink) {
        view.enter(number, tier);
        int state = ClientView.state(view.pair(number));
        if (state == ClientView.NONE || state == ClientView.LEAVING) {
            view.come(number);
            sink.appears(scene.id(number), scene.kind(number), scene.name(number));
        }
    }

    // What there is to tell.

    private void collect(ClientView view) {
        due.clear();
        int tick = (int) scene.tick();
        int patience = patience(view);
        listLooks(view, tick);
        for (int i = 0; i < lookedCount; i++) {
            int number = lookedNumber[i];
            if (lookedPair[i] < 0) {
                tell(view, number, ~lookedPair[i], tick, patience);
            } else {
                look(view, number, lookedPair[i], tick, patience);
            }
        }
    }

    /**
     * Lists what is looked at. Hardly anything but loads, so that they wait for memory together: a view is out of the caches
     * when its turn comes.
     */
    private void listLooks(ClientView view, int tick) {
        boolean late = view.beginLooks(tick);
        boolean hasLooks = view.hasLooks();
        int tiers = periods.length;
        int count = 0;
        for (int word = 0; word < words; word++) {
            long inStep = view.inStep(word);
            long newInStep = view.newInStep(word);
            long told = 0;
            long members = 0;
            long turns = 0;
            for (int tier = 0; tier < tiers; tier++) {
                long ofTier = view.members(tier, word);
                members |= ofTier;
                told |= ofTier & rounds.telling(tier, word);
                turns |= ofTier & rounds.turns(tier, word);
            }
            long departed = members & rounds.departed(word);
            told &= inStep & ~departed;
            long looks = hasLooks ? view.takeLooks(word) : 0;
            long looked = ((looks | (late ? members : turns)) & ~inStep) | departed;
            if (count + Long.SIZE > lookedNumber.length) {
                growLooked();
            }
            int[] numbers = lookedNumber;
            int[] pairs = lookedPair;
            for (long left = told | looked; left != 0; left &= left - 1) {
                int number = Rounds.lowest(word, left);
                boolean isTold = (((told & ~newInStep) >>> number) & 1) != 0;
                numbers[count] = number;
                pairs[count++] = isTold ? ~view.tierOf(number) : view.pair(number);
            }
        }
        lookedCount = count;
        view.endLooks();
    }

    private void growLooked() {
        int size = lookedNumber.length * 2;
        lookedNumber = Arrays.copyOf(lookedNumber, size);
        lookedPair = Arrays.copyOf(lookedPair, size);
    }

    /** Its tier is told of what is in step. */
    private void tell(ClientView view, int number, int tier, int tick, int patience) {
        int at = rounds.at(number, tier);
        int age = view.age(rounds.told(at));
        if (age == 0) {
            view.fallOut(number);
            known(view, number, view.pair(number), tick, patience);
        } else {
            long difference = rounds.difference(at, number, age);
            add(view, number, age, rounds.level(at), difference, rounds.payload(at), true);
        }
    }

    /** What goes its own way, or is new in step and told. */
    private void look(ClientView view, int number, int pair, int tick, int patience) {
        int state = ClientView.state(pair);
        if (state != ClientView.KNOWN || !scene.isAlive(number)) {
            if (state != ClientView.NONE) {
                news(view, number, tick, patience);
            }
        } else if (!view.isInStep(number)) {
            known(view, number, pair, tick, patience);
        } else {
            tellNew(view, number, pair, tick, patience);
        }
    }

    /** Its tier is told of what is new in step. */
    private void tellNew(ClientView view, int number, int pair, int tick, int patience) {
        int age = view.ageOfNew(number, pair);
        if (age >= SnapshotFormat.HISTORY) {
            view.fallOut(number);
            known(view, number, view.pair(number), tick, patience);
        } else {
            addDifference(view, number, age, rounds.level(rounds.at(number, ClientView.tier(pair))), true);
        }
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
            due.add(number, SnapshotFormat.GONE_BITS, GREATEST_LEVEL, DueList.LEFT, 0, 0, false);
        } else {
            int urgency = DUE_LEVEL + waited * NEWS_URGENCY / (ClientView.tier(pair) + 1);
            int level = Math.min(urgency, GREATEST_LEVEL);
            if (level >= view.floor) {
                addWhole(number, level, false);
            }
        }
    }

    private void known(ClientView view, int number, int pair, int tick, int patience) {
        int waited = ClientView.waited(pair, tick);
        int tier = ClientView.tier(pair);
        int period = periods[tier];
        int age = ClientView.age(pair, tick);
        boolean isReferable = age < SnapshotFormat.HISTORY;
        boolean stale = age >= STALE_TICKS && waited >= patience;
        // Told with the others it can be in step with them.
        boolean isTold = rounds.isTold(number, tier);
        int level = stale && isReferable ? GREATEST_LEVEL : level(waited, period);
        boolean isDue = isReferable
                ? isTold || stale || (2 * waited >= period && isOff(number, tier, age, waited, patience))
                : waited >= patience;
        if (!isDue) {
            // Who is in step has been told with the others.
            if (isTold || !view.stepIn(number)) {
                lookBeforeItIsStale(view, number, age, period, waited, patience);
            }
        } else if (level < view.floor) {
            // It would find no room: its next round is soon enough.
            if (isReferable) {
                lookBeforeItIsStale(view, number, age, period, waited, patience);
            }
        } else if (isReferable) {
            addDifference(view, number, age, level, false);
        } else {
            addWhole(number, level, false);
        }
    }

    /** The client may go by what it was told last already. If that is right it will do, unless it gets lost. */
    private boolean isOff(int number, int tier, int age, int waited, int patience) {
        boolean underWay = waited < age;
        return (underWay && scene.isOff(number, waited, tier))
                || ((!underWay || waited >= patience) && scene.isOff(number, age, tier));
    }

    private void addDifference(ClientView view, int number, int age, int level, boolean inStep) {
        long difference = scene.difference(number, age);
        add(view, number, age, level, difference, scene.payload(difference), inStep);
    }

    private void add(ClientView view, int number, int age, int level, long difference, long payload, boolean inStep) {
        if (difference == Scene.TOO_FAR) {
            addWhole(number, level, inStep);
        } else {
            int length = Scene.bits(difference);
            boolean usual = scene.tick() - view.newestTick == age;
            due.add(number, SnapshotWriter.changedBits(usual, length), level, age, length, payload, inStep);
        }
    }

    private void addWhole(int number, int level, boolean inStep) {
        due.add(number, scene.appearedBits(number), level, DueList.APPEARED, 0, 0, inStep);
    }

    /** How urgent what has waited so many ticks is in a tier that is looked at so seldom. */
    static int level(int waited, int period) {
        return Math.clamp((long) DUE_LEVEL * waited / period, 0, GREATEST_LEVEL);
    }

    /** Its next round may be too late to renew what the client has. */
    private static void lookBeforeItIsStale(
            ClientView view, int number, int age, int period, int waited, int patience) {
        if (age + period > STALE_TICKS) {
            view.look(number, age < STALE_TICKS ? STALE_TICKS - age : patience - waited);
        }
    }

    /** What is due has found no room: it has none before it is as urgent as what had, if that stays so. */
    private void putOff(ClientView view, int at, int level, int tick) {
        int number = DueList.number(due.word(at));
        view.fallOut(number);
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
        int count = due.count();
        if (count == 0) {
            return 0;
        }
        int gap = Math.max(1, (DueList.number(due.word(count - 1)) + 1) / count);
        return Math.min(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(gap), SnapshotFormat.MAX_GAP_ORDER);
    }

    /** Leaves in the list what goes with this tick. */
    private void select(ClientView view, long room, int gapOrder) {
        // A number after another takes about so many bits.
        int numberBits = 2 + gapOrder;
        if (due.count() == 0 || due.total() + (long) due.count() * numberBits <= room) {
            view.floor -= (view.floor + FLOOR_SHARE - 1) / FLOOR_SHARE;
            return;
        }
        Arrays.fill(bitsOfLevel, 0);
        Arrays.fill(countOfLevel, 0);
        for (int i = 0; i < due.count(); i++) {
            int ofLevel = DueList.level(due.word(i));
            bitsOfLevel[ofLevel] += DueList.size(due.word(i));
            countOfLevel[ofLevel]++;
        }
        long left = room;
        int level = GREATEST_LEVEL;
        // Where nobody is, nothing is cut off, even if there is less than no room.
        while (level >= 0 && (countOfLevel[level] == 0 || cost(level, numberBits) <= left)) {
            left -= cost(level, numberBits);
            level--;
        }
        view.floor = Math.max(level, 0);
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
        int count = due.count();
        int first = 0;
        while (first < count && DueList.number(due.word(first)) < view.nextTurn) {
            first++;
        }
        long left = room;
        for (int i = 0; i < count; i++) {
            int at = first + i < count ? first + i : first + i - count;
            long word = due.word(at);
            if (DueList.level(word) != level) {
                continue;
            }
            left -= DueList.size(word) + numberBits;
            if (left < 0) {
                return;
            }
            due.setLevel(at, CHOSEN);
            view.nextTurn = DueList.number(word) + 1;
        }
    }

    private void keepAbove(ClientView view, int level) {
        int tick = (int) scene.tick();
        int kept = 0;
        for (int i = 0; i < due.count(); i++) {
            if (DueList.level(due.word(i)) <= level) {
                putOff(view, i, level, tick);
            } else {
                due.move(i, kept++);
            }
        }
        due.cut(kept);
    }

    // Telling it.

    private void begin(ClientView view, OwnState own, long lastInput, int gapOrder, boolean withSelf) {
        long tick = scene.tick();
        int number = view.beginDatagram(withSelf, due.count());
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
        int count = due.count();
        boolean fits = due.total() + (long) count * GREATEST_NUMBER_BITS <= writer.bitsLeft();
        int previous = -1;
        int datagrams = 1;
        for (int i = 0; i < count; i++) {
            long word = due.word(i);
            int number = DueList.number(word);
            if (!fits
                    && DueList.size(word) + SnapshotWriter.numberBits(number - previous - 1, gapOrder)
                            > writer.bitsLeft()) {
                if (datagrams++ == MAX_DATAGRAMS) {
                    for (int left = i; left < count; left++) {
                        putOff(view, left, 0, tick);
                    }
                    return;
                }
                finish(view, sink);
                begin(view, own, lastInput, gapOrder, false);
            }
            write(word, due.difference(i));
            view.record(number);
            if (!DueList.isInStep(word)) {
                view.told(number);
                if (!view.isInStep(number)) {
                    lookUnlessItLasts(view, number, DueList.age(word), patience);
                }
            }
            previous = number;
        }
    }

    private void write(long word, long difference) {
        int number = DueList.number(word);
        int age = DueList.age(word);
        if (age == DueList.LEFT) {
            writer.gone(number);
        } else if (age == DueList.APPEARED) {
            writer.appeared(number, scene.id(number), scene.kind(number), scene.records(), scene.recordAt(number, 0));
        } else if (DueList.length(word) <= Long.SIZE) {
            writer.changed(number, age, difference, DueList.length(word));
        } else {
            writer.changed(number, age, scene.coded(), (int) difference, DueList.length(word));
        }
    }

    /** What is not known yet, or too old to be referred to in its next round, is told again unless it arrives. */
    private void lookUnlessItLasts(ClientView view, int number, int age, int patience) {
        int pair = view.pair(number);
        boolean lastsARound = ClientView.state(pair) == ClientView.KNOWN
                && age > DueList.APPEARED
                && age + periods[ClientView.tier(pair)] <= STALE_TICKS;
        if (!lastsARound) {
            view.look(number, patience);
        }
    }

    private void finish(ClientView view, Sink sink) {
        view.endDatagram();
        view.pace.spend(writer.bitsUsed());
        sink.datagram(writer.end());
    }
}
