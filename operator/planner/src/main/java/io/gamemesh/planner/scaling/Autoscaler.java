package io.gamemesh.planner.scaling;

import io.gamemesh.planner.scaling.Scaling.Change;
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
 * HorizontalPodAutoscaler stabilises its recommendations. A server that is still starting has taken nothing off
 * the others yet, so until all are ready only players can ask for more, and nothing for fewer.
 *
 * <p>Time is any monotonic clock in nanoseconds. Not thread-safe.
 */
public final class Autoscaler {

    private static final int PERCENT = 100;

    private final WindowMaximum greatest = new WindowMaximum();
    /** Of the negated needs: their maximum is the least need, negated. */
    private final WindowMaximum leastNegated = new WindowMaximum();

    private int servers;
    private long since = Long.MIN_VALUE;

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
        }
        int need = Math.max(floor, need(targets, demand));
        greatest.add(need, now);
        leastNegated.add(-need, now);
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
        return settle(bounded, limited, cause);
    }

    private Scaling settle(int wanted, @Nullable String limited, String cause) {
        Change change = wanted == servers ? null : new Change(servers, wanted, cause);
        servers = wanted;
        return new Scaling(wanted, limited, change);
    }

    private int need(ScalingTargets targets, Demand demand) {
        int forPlayers = Math.ceilDiv(demand.players(), targets.playersPerServer());
        if (demand.ready() < servers) {
            return Math.max(forPlayers, servers);
        }
        if (demand.tickRate() < targets.tickRate()) {
            return Math.max(forPlayers, servers + 1);
        }
        return Math.max(
                forPlayers,
                Math.max(
                        forShare(demand.ready(), demand.cpu(), targets.cpu()),
                        forShare(demand.ready(), demand.memory(), targets.memory())));
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
