package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks for processes that regions wait for and that are not heard of. Silence alone makes nobody dead. */
final class SilenceWatch {

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Leadership leadership;
    private final Deaths deaths;
    private final Servers servers;
    private final Regions regions;

    SilenceWatch(
            CoordinatorSettings settings,
            Outbox outbox,
            Leadership leadership,
            Deaths deaths,
            Servers servers,
            Regions regions) {
        this.settings = settings;
        this.outbox = outbox;
        this.leadership = leadership;
        this.deaths = deaths;
        this.servers = servers;
        this.regions = regions;
    }

    void look(long now) {
        SortedMap<Integer, ServerId> missed = new TreeMap<>();
        for (TrackedRegion region : regions.all()) {
            miss(region.status.authority(), missed, now);
            miss(region.status.next(), missed, now);
            for (ServerId backup : region.status.backups().inSync()) {
                miss(backup, missed, now);
            }
            for (Map.Entry<ServerId, Witness> entry : region.witnesses.entrySet()) {
                Holding holding = entry.getValue().holding;
                if (holding != null && !region.isFollowed(holding)) {
                    miss(entry.getKey(), missed, now);
                }
            }
        }
        deaths.declared.missed(missed);
        deaths.declared.refuse(leadership.known(), leadership.declared(), servers::isPresent, outbox);
    }

    private void miss(@Nullable ServerId process, SortedMap<Integer, ServerId> missed, long now) {
        if (process == null || deaths.isTerminated(process)) {
            return;
        }
        Member member = servers.member(process);
        if (member == null
                || (!member.connected()
                        && now - member.heardAt >= settings.settle().toNanos())) {
            missed.put(process.incarnation(), process);
        }
    }
}
