package io.gamemesh.client.bot;

import io.gamemesh.client.RemoteEntity;
import io.gamemesh.client.WorldView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows where all bots are, and so who must see whom: checks that they do, and where. Looks at every pair; confined
 * to the event loop.
 */
final class Witness {

    /** How often to {@link #look}. */
    static final int LOOKS_A_SECOND = 4;

    /** Within the view radius less this: both may have walked on since the snapshot, and ghosts come less often. */
    static final double MARGIN_METRES = 16;

    /** Farther off than this it is not where it should be. */
    static final double TOLERANCE_METRES = 8;

    private static final long SETTLING_NANOS = 2_000_000_000L;

    /** Who has heard nothing for so long cannot tell what is there; the gap itself is counted elsewhere. */
    private static final long STALE_NANOS = 300_000_000L;

    private final List<Bot> bots;
    private final EditLedger ledger;
    private final byte[] missingFor;
    private final byte[] misplacedFor;
    private final byte[] doubledFor;
    private long expected;
    private long seen;
    private long missing;
    private long misplaced;
    private long doubled;
    private String latest = "";

    Witness(List<Bot> bots, EditLedger ledger) {
        this.bots = bots;
        this.ledger = ledger;
        this.missingFor = new byte[bots.size() * bots.size()];
        this.misplacedFor = new byte[bots.size() * bots.size()];
        this.doubledFor = new byte[bots.size()];
    }

    void look(long now) {
        List<Bot> settled = new ArrayList<>(bots.size());
        double radius = 0;
        for (Bot bot : bots) {
            WorldView view = bot.view();
            if (view != null && isSettled(bot, now)) {
                settled.add(bot);
                radius = view.world().viewRadius() - MARGIN_METRES;
            }
        }
        for (int i = 0; i < bots.size(); i++) {
            for (int j = 0; j < bots.size(); j++) {
                if (i != j) {
                    compare(i, j, radius, now);
                }
            }
        }
        lookForDoubles(now);
        ledger.check(settled, radius, now);
    }

    /** A name is one bot's, so that two entities with it are one too many; what a border has not yet told may last a second. */
    private void lookForDoubles(long now) {
        Map<String, Long> entities = new HashMap<>();
        for (Bot bot : bots) {
            WorldView view = bot.view();
            if (view != null) {
                entities.put(bot.name(), view.entityId());
            }
        }
        for (int observer = 0; observer < bots.size(); observer++) {
            WorldView from = settledView(observer, now);
            RemoteEntity second = from == null ? null : aDouble(from, entities);
            if (second == null || from == null) {
                doubledFor[observer] = 0;
            } else if (lasts(doubledFor, observer)) {
                doubled++;
                latest = bots.get(observer).name() + " in " + from.region() + " on " + from.server() + " sees a second "
                        + second.name();
            }
        }
    }

    private static @Nullable RemoteEntity aDouble(WorldView from, Map<String, Long> entities) {
        for (RemoteEntity entity : from.entities()) {
            Long known = entities.get(entity.name());
            if (known != null && known != entity.id()) {
                return entity;
            }
        }
        return null;
    }

    private void compare(int observer, int subject, double radius, long now) {
        int pair = observer * bots.size() + subject;
        WorldView from = settledView(observer, now);
        WorldView to = settledView(subject, now);
        if (from == null || to == null || distance(from, to.x(), to.y(), to.z()) > radius) {
            missingFor[pair] = 0;
            misplacedFor[pair] = 0;
            return;
        }
        expected++;
        RemoteEntity entity = from.entity(to.entityId());
        if (entity == null) {
            misplacedFor[pair] = 0;
            if (lasts(missingFor, pair)) {
                missing++;
                latest = bots.get(observer).name() + " in " + from.region() + " on " + from.server() + " does not see "
                        + bots.get(subject).name() + " in " + to.region() + " on " + to.server() + ", "
                        + Math.round(distance(from, to.x(), to.y(), to.z())) + " m away";
            }
            return;
        }
        seen++;
        missingFor[pair] = 0;
        if (distance(to, entity.x(), entity.y(), entity.z()) <= TOLERANCE_METRES) {
            misplacedFor[pair] = 0;
        } else if (lasts(misplacedFor, pair)) {
            misplaced++;
            latest = bots.get(observer).name() + " on " + from.server() + " sees " + entity + " and it is "
                    + Math.round(distance(to, entity.x(), entity.y(), entity.z())) + " m from there on "
                    + to.server();
        }
    }

    /** True once, when it has lasted for more than a second. */
    private static boolean lasts(byte[] looks, int pair) {
        if (looks[pair] <= LOOKS_A_SECOND) {
            looks[pair]++;
            return looks[pair] == LOOKS_A_SECOND + 1;
        }
        return false;
    }

    private @Nullable WorldView settledView(int bot, long now) {
        return isSettled(bots.get(bot), now) ? bots.get(bot).view() : null;
    }

    private static boolean isSettled(Bot bot, long now) {
        return now - bot.settledSince() > SETTLING_NANOS && now - bot.lastSnapshot() < STALE_NANOS;
    }

    private static double distance(WorldView from, double x, double y, double z) {
        double dx = from.x() - x;
        double dy = from.y() - y;
        double dz = from.z() - z;
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    void reset() {
        expected = 0;
        seen = 0;
        missing = 0;
        misplaced = 0;
        doubled = 0;
    }

    /** Looks at which one bot should have seen another. */
    long expected() {
        return expected;
    }

    /** Looks at which it did. */
    long seen() {
        return seen;
    }

    /** Times that a bot did not see another for more than a second. */
    long missing() {
        return missing;
    }

    /** Times that a bot saw another in a wrong place for more than a second. */
    long misplaced() {
        return misplaced;
    }

    /** Times that a bot saw somebody twice for more than a second. */
    long doubled() {
        return doubled;
    }

    /** The last thing that was not as it should be. */
    String latest() {
        return latest;
    }
}
