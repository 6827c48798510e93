package io.gamemesh.client.bot;

import io.gamemesh.client.Histogram;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.ToClient.BlockChanged;
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

    /** How long after its acceptance everybody near must know of an edit. */
    static final long GRACE_NANOS = 2_000_000_000L;

    /** Sections nearer than this must have been sent: they come first, and the bot has been there for a while. */
    private static final double SENT_FIRST_METRES = 24;

    private record Place(int x, int y, int z) {}

    private record Accepted(Place place, int block, long sentAt, long acceptedAt) {}

    private final Map<Place, Accepted> newest = new HashMap<>();
    private final ArrayDeque<Accepted> unchecked = new ArrayDeque<>();
    private final Map<EditOutcome, Integer> refused = new EnumMap<>(EditOutcome.class);
    private final Histogram seenAfter = new Histogram();
    private long sent;
    private long accepted;
    private long seen;
    private long unseen;

    void sent(long now) {
        sent++;
    }

    void accepted(Behaviour.Edit edit, long sentAt, long now) {
        accepted++;
        Accepted entry = new Accepted(new Place(edit.x(), edit.y(), edit.z()), edit.block(), sentAt, now);
        newest.put(entry.place, entry);
        unchecked.add(entry);
    }

    void refused(EditOutcome outcome) {
        refused.merge(outcome, 1, Integer::sum);
    }

    /** A bot was told of a change. */
    void seen(BlockChanged change, long now) {
        Accepted entry = newest.get(new Place(change.x(), change.y(), change.z()));
        if (entry != null && entry.block == change.block()) {
            seenAfter.record((now - entry.sentAt) / 1000);
        }
    }

    /** Asks those that have been near for long enough what they know of edits whose grace is over. */
    void check(Collection<Bot> settled, double radius, long now) {
        while (!unchecked.isEmpty() && now - unchecked.getFirst().acceptedAt > GRACE_NANOS) {
            Accepted entry = unchecked.removeFirst();
            if (!entry.equals(newest.get(entry.place))) {
                // Somebody has changed it again: that edit is checked in its turn.
                continue;
            }
            for (Bot bot : settled) {
                WorldView world = bot.view();
                if (world != null && bot.settledSince() < entry.sentAt && isNear(world, entry.place, radius)) {
                    OptionalInt known = world.block(entry.place.x, entry.place.y, entry.place.z);
                    if (known.isEmpty() && !isNear(world, entry.place, SENT_FIRST_METRES)) {
                        // Its section is yet to come, with the edit in it.
                        continue;
                    }
                    if (known.isPresent() && known.getAsInt() == entry.block) {
                        seen++;
                    } else {
                        unseen++;
                    }
                }
            }
            newest.remove(entry.place);
        }
    }

    void reset() {
        seenAfter.reset();
        refused.clear();
        sent = 0;
        accepted = 0;
        seen = 0;
        unseen = 0;
    }

    private static boolean isNear(WorldView world, Place place, double radius) {
        double dx = world.x() - place.x;
        double dy = world.y() - place.y;
        double dz = world.z() - place.z;
        return dx * dx + dy * dy + dz * dz < radius * radius;
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

    /** Pairs of an edit and a bot near it that knows of it. */
    long seen() {
        return seen;
    }

    /** Pairs of an edit and a bot near it that does not. */
    long unseen() {
        return unseen;
    }

    /** From sending an edit to another bot's being told. */
    Histogram seenAfter() {
        return seenAfter;
    }
}
