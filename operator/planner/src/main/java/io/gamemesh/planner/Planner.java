package io.gamemesh.planner;

import io.gamemesh.planner.Decision.Move;
import io.gamemesh.planner.Decision.Reason;
import io.gamemesh.planner.Decision.Start;
import io.gamemesh.planner.RegionView.Standing;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says which server acts for which region. Vacant regions go to the server with the least to do, those with players
 * first; draining servers are emptied, pins are honoured, and what is left is levelled out.
 *
 * <p>A region is moved for balance only if afterwards the server that it went to still has less to do, by a margin, than
 * the one that it left had before. Each such move lowers the sum of the squares of what the servers have to do, so moves
 * come to an end, and none is ever taken back while the costs stay as they are.
 *
 * <p>A choice costs O(log s) for s servers. Immutable, safe for any thread.
 */
public final class Planner {

    private final PlanLimits limits;

    /** A planner with these limits. */
    public Planner(PlanLimits limits) {
        this.limits = limits;
    }

    /**
     * What to do now.
     *
     * @param highLoad load of a server above which it is given nothing more while there are others
     * @param servers those that can be given commands
     * @param regions all of them
     */
    public Plan plan(double highLoad, Collection<ServerView> servers, Collection<RegionView> regions) {
        return new Round(highLoad, servers, regions).run();
    }

    /** What one server has to do, as far as this plan has got. */
    private static final class Slot {
        final ServerView view;
        final boolean full;
        final List<RegionView> regions = new ArrayList<>();
        double cost;
        int count;
        int movingOut;
        int movingIn;

        Slot(ServerView view, double highLoad) {
            this.view = view;
            this.full = view.load() >= highLoad;
        }

        String name() {
            return view.id().name();
        }

        boolean costsTheSameAs(Slot other) {
            return full == other.full && cost == other.cost && count == other.count;
        }
    }

    private static final Comparator<Slot> LEAST_TO_DO = Comparator.<Slot>comparingInt(slot -> slot.full ? 1 : 0)
            .thenComparingDouble(slot -> slot.cost)
            .thenComparingInt(slot -> slot.count)
            .thenComparing(Slot::name)
            .thenComparingInt(slot -> slot.view.id().incarnation());

    private static final Comparator<RegionView> PLAYERS_FIRST =
            Comparator.comparingInt(RegionView::players).reversed().thenComparing(RegionView::id);

    private final class Round {
        private final Map<ServerId, Slot> slots = new HashMap<>();
        private final Map<String, Slot> open = new HashMap<>();
        private final TreeSet<Slot> leastFirst = new TreeSet<>(LEAST_TO_DO);
        private final List<RegionView> byPlayers;
        private final Map<RegionId, ServerId> places = new HashMap<>();
        private final List<Decision> decisions = new ArrayList<>();
        private int moving;

        Round(double highLoad, Collection<ServerView> servers, Collection<RegionView> regions) {
            for (ServerView server : servers) {
                slots.put(server.id(), new Slot(server, highLoad));
            }
            byPlayers = regions.stream().sorted(PLAYERS_FIRST).toList();
            for (RegionView region : byPlayers) {
                place(region);
            }
            for (Slot slot : slots.values()) {
                if (!slot.view.draining()) {
                    leastFirst.add(slot);
                    // Of two processes of one name the later one is meant.
                    open.merge(
                            slot.name(),
                            slot,
                            (a, b) -> a.view.id().incarnation() > b.view.id().incarnation() ? a : b);
                }
            }
        }

        private void place(RegionView region) {
            ServerId server = region.server();
            if (server == null) {
                return;
            }
            places.put(region.id(), server);
            if (region.leaving() != null) {
                moving++;
                Slot from = slots.get(region.leaving());
                if (from != null) {
                    from.movingOut++;
                }
            }
            Slot slot = slots.get(server);
            if (slot != null) {
                slot.regions.add(region);
                slot.cost += region.cost();
                slot.count++;
                if (region.standing() == Standing.MOVING) {
                    slot.movingIn++;
                }
            }
        }

        Plan run() {
            for (RegionView region : byPlayers) {
                if (region.standing() == Standing.VACANT) {
                    start(region);
                }
            }
            for (RegionView region : byPlayers) {
                if (region.standing() == Standing.SETTLED || region.standing() == Standing.RESTING) {
                    empty(region);
                }
            }
            level();
            return new Plan(decisions);
        }

        private void start(RegionView region) {
            Slot slot = choose(region);
            if (slot != null) {
                decisions.add(new Start(region.id(), slot.view.id()));
                add(slot, region);
            }
        }

        /** Off a draining server, or to where a user wants it. */
        private void empty(RegionView region) {
            Slot from = slotOf(region);
            if (from == null || from.movingOut >= limits.drainMovesPerServer()) {
                return;
            }
            Slot pin = pinOf(region);
            if (from.view.draining()) {
                Slot to = choose(region);
                if (to != null) {
                    move(region, from, to, Reason.DRAIN);
                }
            } else if (pin != null && pin != from) {
                move(region, from, pin, Reason.PINNED);
            }
        }

        private void level() {
            while (moving < limits.moves() && levelOnce()) {
                // Each round moves one region.
            }
        }

        private boolean levelOnce() {
            for (Slot from : leastFirst.descendingSet()) {
                if (busy(from)) {
                    continue;
                }
                for (Slot to : leastFirst) {
                    if (to.full || to.cost >= from.cost) {
                        break;
                    }
                    if (to == from || busy(to)) {
                        continue;
                    }
                    RegionView best = bestToMove(from, to);
                    if (best != null) {
                        move(best, from, to, Reason.REBALANCE);
                        return true;
                    }
                    break;
                }
            }
            return false;
        }

        private boolean busy(Slot slot) {
            return slot.movingIn + slot.movingOut >= limits.movesPerServer();
        }

        /** The region that brings the two nearest to each other, if any is worth it. */
        private @Nullable RegionView bestToMove(Slot from, Slot to) {
            double gap = from.cost - to.cost;
            double gain = Math.max(limits.minGain(), limits.minGainShare() * from.cost);
            RegionView best = null;
            double bestDistance = Double.POSITIVE_INFINITY;
            for (RegionView region : from.regions) {
                double distance = Math.abs(gap / 2 - region.cost());
                if (region.standing() == Standing.SETTLED
                        && pinOf(region) == null
                        && region.cost() > 0
                        && region.cost() <= gap - gain
                        && distance < bestDistance) {
                    best = region;
                    bestDistance = distance;
                }
            }
            return best;
        }

        /** Where a region without a place should go: its pin, else where there is least to do. */
        private @Nullable Slot choose(RegionView region) {
            Slot pin = pinOf(region);
            if (pin != null) {
                return pin;
            }
            if (leastFirst.isEmpty()) {
                return null;
            }
            Slot least = leastFirst.first();
            for (RegionId neighbour : facing(region.id())) {
                ServerId server = places.get(neighbour);
                Slot slot = server == null ? null : slots.get(server);
                if (slot != null && !slot.view.draining() && slot.costsTheSameAs(least)) {
                    return slot;
                }
            }
            return least;
        }

        private List<RegionId> facing(RegionId id) {
            List<RegionId> facing = new ArrayList<>(6);
            for (int axis = 0; axis < 3; axis++) {
                for (int step = -1; step <= 1; step += 2) {
                    int x = id.x() + (axis == 0 ? step : 0);
                    int y = id.y() + (axis == 1 ? step : 0);
                    int z = id.z() + (axis == 2 ? step : 0);
                    if (isCell(x) && isCell(y) && isCell(z)) {
                        facing.add(RegionId.of(id.depth(), x, y, z));
                    }
                }
            }
            return facing;
        }

        private boolean isCell(int number) {
            return number >= RegionId.MIN_CELL && number <= RegionId.MAX_CELL;
        }

        private @Nullable Slot slotOf(RegionView region) {
            return region.server() == null ? null : slots.get(region.server());
        }

        private @Nullable Slot pinOf(RegionView region) {
            return region.pinnedTo() == null ? null : open.get(region.pinnedTo());
        }

        private void move(RegionView region, Slot from, Slot to, Reason reason) {
            decisions.add(new Move(region.id(), from.view.id(), to.view.id(), reason));
            moving++;
            from.movingOut++;
            to.movingIn++;
            remove(from, region);
            add(to, region);
        }

        private void add(Slot slot, RegionView region) {
            leastFirst.remove(slot);
            slot.cost += region.cost();
            slot.count++;
            // Not among its regions: what is on its way is not moved again by the same plan.
            places.put(region.id(), slot.view.id());
            if (!slot.view.draining()) {
                leastFirst.add(slot);
            }
        }

        private void remove(Slot slot, RegionView region) {
            leastFirst.remove(slot);
            slot.regions.remove(region);
            slot.cost -= region.cost();
            slot.count--;
            if (!slot.view.draining()) {
                leastFirst.add(slot);
            }
        }
    }
}
