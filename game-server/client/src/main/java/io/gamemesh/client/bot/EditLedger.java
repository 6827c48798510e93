package io.gamemesh.client.bot;

import io.gamemesh.client.Histogram;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * All edits of a swarm: which were accepted, when others came to know, and who should have and has not. Confined to
 * the event loop.
 */
final class EditLedger {

    /** How long after its acceptance everybody near should know of an edit; who does not is late. */
    private static final long PROMPT_NANOS = 2_000_000_000L;

    /** How long after its acceptance everybody near must know of an edit. */
    private static final long GRACE_NANOS = 10_000_000_000L;

    /** Sections nearer than this must have been sent: they come first, and the bot has been there for a while. */
    private static final double SENT_FIRST_METRES = 24;

    private record Place(int x, int y, int z) {

        @Override
        public String toString() {
            return "(" + x + ", " + y + ", " + z + ")";
        }
    }

    private record Accepted(Place place, int block, long sentAt, long acceptedAt, String server) {}

    /** A bot that did not know in time. */
    private record Awaited(Accepted edit, Bot bot) {}

    private final Map<Place, Accepted> newest = new HashMap<>();

    // All in the order of acceptance.
    private final ArrayDeque<Accepted> unchecked = new ArrayDeque<>();
    private final ArrayDeque<Awaited> awaited = new ArrayDeque<>();
    private final ArrayDeque<Accepted> remembered = new ArrayDeque<>();

    private final Map<EditOutcome, Integer> refused = new EnumMap<>(EditOutcome.class);
    private final Histogram seenAfter = new Histogram();
    private long sent;
    private long accepted;
    private long seen;
    private long late;
    private long unseen;
    private String latestUnseen = "";

    void asked() {
        sent++;
    }

    void accepted(Behaviour.Edit edit, long sentAt, long now, String server) {
        accepted++;
        Accepted entry = new Accepted(new Place(edit.x(), edit.y(), edit.z()), edit.block(), sentAt, now, server);
        newest.put(entry.place, entry);
        unchecked.add(entry);
        remembered.add(entry);
    }

    void refused(EditOutcome outcome) {
        refused.merge(outcome, 1, Integer::sum);
    }

    /** A bot was told of a change. */
    void seen(int x, int y, int z, int block, long now) {
        Accepted edit = newest.get(new Place(x, y, z));
        if (edit != null && edit.block == block) {
            seenAfter.record((now - edit.sentAt) / 1000);
        }
    }

    /** Asks those that have been near for long enough what they know of edits whose time has come. */
    void check(Collection<Bot> settled, double radius, long now) {
        while (!unchecked.isEmpty() && now - unchecked.getFirst().acceptedAt > PROMPT_NANOS) {
            Accepted edit = unchecked.removeFirst();
            settled.forEach(bot -> checkInTime(edit, bot, radius));
        }
        while (!awaited.isEmpty() && now - awaited.getFirst().edit.acceptedAt > GRACE_NANOS) {
            checkAtLast(awaited.removeFirst(), radius);
        }
        while (!remembered.isEmpty() && now - remembered.getFirst().acceptedAt > GRACE_NANOS) {
            Accepted edit = remembered.removeFirst();
            newest.remove(edit.place, edit);
        }
    }

    private void checkInTime(Accepted edit, Bot bot, double radius) {
        WorldView world = bot.view();
        if (world == null || !mustKnow(bot, world, edit, radius)) {
            return;
        }
        if (knows(world, edit)) {
            seen++;
        } else {
            awaited.add(new Awaited(edit, bot));
        }
    }

    private void checkAtLast(Awaited waiting, double radius) {
        WorldView world = waiting.bot.view();
        Accepted edit = waiting.edit;
        if (world == null || !mustKnow(waiting.bot, world, edit, radius)) {
            return;
        }
        if (knows(world, edit)) {
            late++;
        } else {
            unseen++;
            latestUnseen = "%s on %s does not know that there is block %d at %s since a player on %s put it there"
                    .formatted(waiting.bot.name(), world.server(), edit.block, edit.place, edit.server);
        }
    }

    private boolean mustKnow(Bot bot, WorldView world, Accepted edit, double radius) {
        // Changed again since: that edit is checked in its turn.
        boolean overtaken = !edit.equals(newest.get(edit.place));
        boolean newHere = bot.settledSince() >= edit.sentAt;
        // A section that is yet to come has the edit in it.
        boolean unsent = known(world, edit).isEmpty() && !isNear(world, edit.place, SENT_FIRST_METRES);
        return !overtaken && !newHere && !unsent && isNear(world, edit.place, radius);
    }

    private static boolean knows(WorldView world, Accepted edit) {
        return known(world, edit).equals(OptionalInt.of(edit.block));
    }

    private static OptionalInt known(WorldView world, Accepted edit) {
        return world.block(edit.place.x, edit.place.y, edit.place.z);
    }

    private static boolean isNear(WorldView world, Place place, double radius) {
        double dx = world.x() - place.x;
        double dy = world.y() - place.y;
        double dz = world.z() - place.z;
        return dx * dx + dy * dy + dz * dz < radius * radius;
    }

    void reset() {
        seenAfter.reset();
        refused.clear();
        sent = 0;
        accepted = 0;
        seen = 0;
        late = 0;
        unseen = 0;
    }

    long sent() {
        return sent;
    }

    long accepted() {
        return accepted;
    }

    Map<EditOutcome, Integer> refused() {
        return refused;
    }

    /** Pairs of an edit and a bot near it that knew of it in time. */
    long seen() {
        return seen;
    }

    /** Pairs of an edit and a bot near it that came to know of it late. */
    long late() {
        return late;
    }

    /** Pairs of an edit and a bot near it that never came to know of it. */
    long unseen() {
        return unseen;
    }

    /** The latest of those. */
    String latestUnseen() {
        return latestUnseen;
    }

    /** From sending an edit to another bot's being told. */
    Histogram seenAfter() {
        return seenAfter;
    }
}
