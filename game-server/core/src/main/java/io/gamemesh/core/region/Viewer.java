package io.gamemesh.core.region;

import io.gamemesh.core.sync.ClientView;
import java.util.ArrayDeque;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

/** One session: what its player wants, and what its client has been told. */
final class Viewer {

    static final long NOT_LOCATED = -1;
    private static final int MAX_UNDOABLE = 32;

    final long session;
    final long entityId;
    /** True if its client has the generator. */
    final boolean generates;

    final LongHashSet sections = new LongHashSet();
    /** Of those the ones that are to be sent anew. */
    final LongHashSet outdated = new LongHashSet();

    /** What it has been shown; null before and after. */
    @Nullable ClientView seen;

    final Controls controls;
    // Sequence number of the newest input that is done.
    long lastInput;

    /** What its player may take back, the latest last. */
    final ArrayDeque<UndoableEdit> undoable = new ArrayDeque<>();

    double editAllowance;
    // Blocks. None at first: who connects anew, or comes over a border, gains none by it.
    double bulkEditAllowance;
    int terrainAllowance;
    // Which of the offsets, nearest first, is next to look at; all before it have been sent.
    int nextOffset;
    int sectionX = Integer.MIN_VALUE;
    int sectionY;
    int sectionZ;
    // In which tick it was last said where the player is, and where that was.
    long locatedTick = NOT_LOCATED;
    double locatedX;
    double locatedY;
    double locatedZ;

    Viewer(long session, long entityId, long lastInput, boolean generates, RegionSettings.Limits limits) {
        this.session = session;
        this.entityId = entityId;
        this.generates = generates;
        this.lastInput = lastInput;
        this.controls = new Controls(lastInput);
        // Who comes again and again is not to have a second's edits each time.
        this.editAllowance = Math.max(1, limits.editsPerSecond() / 5);
    }

    /** Its player has made an edit; of these a few can be taken back. */
    void edited(UndoableEdit edit) {
        if (undoable.size() == MAX_UNDOABLE) {
            undoable.removeFirst();
        }
        undoable.addLast(edit);
    }
}
