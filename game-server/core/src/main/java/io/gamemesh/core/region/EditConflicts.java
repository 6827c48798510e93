package io.gamemesh.core.region;

import io.gamemesh.core.voxel.SectionChanges;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who changed which block of late, for when two players want different things of one: within 200 ms who was first
 * prevails, by when they did it and not by when the server heard of it. Later edits are no conflict, but the next change.
 */
final class EditConflicts {

    /** Two edits of a block that lie further apart don't concern each other. */
    static final long WINDOW_NANOS = 200_000_000;

    /** No edit counts as done longer ago: who holds back acknowledgements looks as if it were far off. */
    static final long GREATEST_AGE_NANOS = WINDOW_NANOS / 2;

    // What is heard of at last may have been done a window ago, and concern what was done a window before that.
    private static final long KEPT_NANOS = 2 * WINDOW_NANOS;

    /** An edit, by whom it may be told that it did not prevail. */
    interface Author {

        /** The entity of the player who made it. */
        long player();

        /** Another player's edit of the same block prevails; this one was made, and is undone. */
        void overruled();
    }

    private record Made(Author author, long doneNanos, long madeNanos) {}

    private final Map<Place, Made> recent = new LinkedHashMap<>();

    /**
     * Whose edit a new one would be in conflict with; null if with nobody's.
     *
     * @param doneNanos when the player did it
     */
    private @Nullable Made rival(Place place, long player, long doneNanos) {
        Made made = recent.get(place);
        boolean conflict =
                made != null && made.author.player() != player && Math.abs(doneNanos - made.doneNanos) <= WINDOW_NANOS;
        return conflict ? made : null;
    }

    /** Whether another player's edit of that block prevails over a new one. */
    boolean prevails(int x, int y, int z, long player, long doneNanos) {
        Made rival = rival(new Place(x, y, z), player, doneNanos);
        return rival != null && rival.doneNanos <= doneNanos;
    }

    /** An edit is made: whom it prevails over is told so. */
    void made(int x, int y, int z, Author author, long doneNanos, long nowNanos) {
        Place place = new Place(x, y, z);
        Made rival = rival(place, author.player(), doneNanos);
        // Removed first, since the order is that of age.
        recent.remove(place);
        recent.put(place, new Made(author, doneNanos, nowNanos));
        if (rival != null) {
            rival.author.overruled();
        }
    }

    /** What was done where something else is put by an edit of many blocks is no longer disputed. */
    void forget(SectionChanges changes) {
        if (!recent.isEmpty()) {
            changes.forEach((x, y, z, edited) -> forget(x, y, z));
        }
    }

    /** Whatever was done there is no longer disputed. */
    void forget(int x, int y, int z) {
        recent.remove(new Place(x, y, z));
    }

    /** What was done before some moment is no longer disputed. */
    void clear() {
        recent.clear();
    }

    /** Forgets what can't be in conflict with anything that is yet to come. */
    void expire(long nowNanos) {
        if (recent.isEmpty()) {
            return;
        }
        for (Iterator<Made> it = recent.values().iterator(); it.hasNext(); ) {
            if (nowNanos - it.next().madeNanos < KEPT_NANOS) {
                return;
            }
            it.remove();
        }
    }
}
