package io.gamemesh.planner.scaling;

import io.gamemesh.planner.scaling.Scaling.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the number of servers of one mesh. Players are counted: so many need so many servers, at once. CPU, memory and
 * tick rate say only that there are too few, so each asks for one more at a time; and there are fewer only when what is
 * measured would still be within the targets, spread over those that stay.
 *
 * <p>Neither a moment's peak nor a moment's quiet changes anything: there are more servers when at least so many were needed
 * during the whole of one window, and fewer when so many would have sufficed during the whole of another, as Kubernetes'
 * HorizontalPodAutoscaler stabilises its recommendations. Players, CPU and memory are of all servers, but the tick rate is of
 * one region: too low a one counts against fewer servers only once it has lasted for the window of more.
 *
 * <p>A server that is still starting has taken nothing off the others yet, so until all are ready only players can ask for
 * more. Nor are there fewer meanwhile, but not for ever: what does not come in the time that a start may take may never come,
 * and if it owns nothing then those that are ready do all there is to do.
 *
 * <p>Time is any monotonic clock in nanoseconds. Not thread-safe.
 */
public final class Autoscaler {

    private static final int PERCENT = 100;

    /** Three minutes, after which Kubernetes kills a server that has not started, and two to find a node and pull an image. */
    private static final long START = Duration.ofMinutes(5).toNanos();

    private final WindowMaximum greatest = new WindowMaximum();
    /** Of the negated needs: their maximum is the least need, negated. */
    private final WindowMaximum leastNegated = new WindowMaximum();

    private int servers;
    private long since = Long.MIN_VALUE;
    /** When the last of the servers were asked for. */
    private long askedAt;

    private boolean late;
    /** Since when a region gets too few ticks; of meaning only if one does. */
    private long lateSince;

    /**
     * An autoscaler that has seen nothing.
     *
     * @param servers number that was wanted before, which stands until something else has been needed for long enough
     */
    public Autoscaler(int servers) {
        this.servers = servers;
    }

    /**
     * Decides on the number of servers without a choice: it is as the spec says.
     *
     * @param replicas exact number that is asked for
     */
    public Scaling exactly(int replicas) {
        since = Long.MIN_VALUE;
        return settle(replicas, null, "spec.servers.replicas is " + replicas);
    }

    /**
     * Decides on the number of servers.
     *
     * @param floor never fewer; 0 or more
     * @param targets bounds, targets and windows
     * @param demand what the servers have to do now
     * @param now nanoseconds, not before those of the call before
     */
    public Scaling choose(int floor, ScalingTargets targets, Demand demand, long now) {
        if (since == Long.MIN_VALUE) {
            since = now;
            askedAt = now;
        }
        boolean lateNow = demand.tickRate() < targets.tickRate();
        lateSince = lateNow && late ? lateSince : now;
        late = lateNow;
        boolean lateForLong = late && now - lateSince >= targets.upAfter().toNanos();
        greatest.add(Math.max(floor, need(targets, demand, lateForLong, now)), now);
        leastNegated.add(-Math.max(floor, need(targets, demand, late, now)), now);
        long upAfter = targets.upAfter().toNanos();
        long downAfter = targets.downAfter().toNanos();
        int needAllAlong = -leastNegated.over(upAfter, now);
        int enoughAllAlong = greatest.over(Math.max(upAfter, downAfter), now);
        int wanted = servers;
        if (needAllAlong > servers && now - since >= upAfter) {
            wanted = needAllAlong;
        } else if (enoughAllAlong < servers && now - since >= downAfter) {
            wanted = enoughAllAlong;
        }
        int ceiling = Math.max(floor, targets.maxServers());
        String limited = needAllAlong > ceiling
                ? needAllAlong + " servers are needed, and spec.autoscaling.maxReplicas is " + targets.maxServers()
                : null;
        int bounded = Math.clamp(wanted, floor, ceiling);
        String cause = bounded == floor && servers < floor
                ? "spec.servers.replicas, the floor, is " + floor
                : bounded == ceiling && servers > ceiling
                        ? "spec.autoscaling.maxReplicas is " + targets.maxServers()
                        : measured(targets, demand);
        if (bounded > servers) {
            askedAt = now;
        }
        return settle(bounded, limited, cause);
    }

    private Scaling settle(int wanted, @Nullable String limited, String cause) {
        Change change = wanted == servers ? null : new Change(servers, wanted, cause);
        servers = wanted;
        return new Scaling(wanted, limited, change);
    }

    private int need(ScalingTargets targets, Demand demand, boolean slow, long now) {
        int ready = demand.ready().size();
        int forPlayers = Math.ceilDiv(demand.players(), targets.playersPerServer());
        boolean missing = ready < servers;
        if (ready == 0 || (missing && (demand.more() || now - askedAt < START))) {
            return Math.max(forPlayers, servers);
        }
        int forLoad = slow
                ? servers + 1
                : Math.max(
                        forShare(ready, demand.cpu(), targets.cpu()),
                        forShare(ready, demand.memory(), targets.memory()));
        int need = Math.max(forPlayers, forLoad);
        return missing ? Math.max(forPlayers, Math.min(servers, upTo(need, demand.ready()))) : need;
    }

    /** So many servers that enough of them are ready, since it is the highest ordinals that go, ready or not. */
    private int upTo(int enough, List<Integer> ready) {
        return enough > ready.size() ? servers : ready.get(Math.max(enough, 1) - 1) + 1;
    }

    private int forShare(int ready, double used, double target) {
        return used > target ? servers + 1 : (int) Math.ceil(ready * used / target);
    }

    private static String measured(ScalingTargets targets, Demand demand) {
        List<String> measured = new ArrayList<>();
        measured.add(demand.players() + " players, target " + targets.playersPerServer() + " a server");
        measured.add(percent("CPU", demand.cpu(), targets.cpu()));
        measured.add(percent("memory", demand.memory(), targets.memory()));
        measured.add(percent("tick rate", demand.tickRate(), targets.tickRate()));
        return String.join("; ", measured);
    }

    private static String percent(String what, double measured, double target) {
        return String.format(Locale.ROOT, "%s %.0f %%, target %.0f %%", what, measured * PERCENT, target * PERCENT);
    }
}
