package io.gamemesh.benchmark.edits;

import io.gamemesh.client.Histogram;
import io.gamemesh.minestom.Lateness;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All edits that are under way and what became of them. Confined to the event loop of all players. */
final class Storm {

    private record Place(int x, int y, int z) {}

    private record Edit(int player, int block, long askedNanos) {}

    private final Map<Place, Edit> latest = new HashMap<>();
    private final Histogram applied = new Histogram();
    private final Histogram pings = new Histogram();
    private final Lateness lateness = new Lateness();
    private long edits;
    private long refused;

    void asked(int player, int x, int y, int z, int block, long lateNanos) {
        latest.put(new Place(x, y, z), new Edit(player, block, System.nanoTime()));
        edits++;
        lateness.add(lateNanos);
    }

    void refused() {
        refused++;
    }

    /** That player has it now. Nobody edits a place again before all have had ample time to apply what it was before. */
    void applied(int player, int x, int y, int z, int block) {
        @Nullable Edit edit = latest.get(new Place(x, y, z));
        if (edit != null && edit.player != player && edit.block == block) {
            applied.record((System.nanoTime() - edit.askedNanos) / 1000);
        }
    }

    void pinged(long nanos) {
        pings.record(nanos / 1000);
    }

    void count() {
        applied.reset();
        pings.reset();
        lateness.count();
        edits = 0;
        refused = 0;
    }

    EditFigures figures() {
        return new EditFigures(
                edits,
                refused,
                applied.count(),
                applied.percentileMillis(0.5),
                applied.percentileMillis(0.99),
                pings.percentileMillis(0.5),
                pings.percentileMillis(0.99),
                lateness.p99Millis());
    }
}
