package io.gamemesh.server;

import io.gamemesh.core.region.RegionStats;
import io.gamemesh.core.replication.ReplicationStats;
import io.gamemesh.server.authority.LoadReport;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.peer.PeerLinks;
import io.gamemesh.server.session.Sessions;
import io.gamemesh.server.world.HostedRegions;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Publishes what is read when somebody looks. */
final class ServerGauges {
    private static final double PERCENT = 100;
    private static final double MEGABYTE = 1 << 20;

    private ServerGauges() {}

    static void register(
            ServerMetrics metrics, LoadReport load, Sessions sessions, HostedRegions regions, PeerLinks links) {
        metrics.gauge("server_fps_avg", "Ticks a second of the regions here, on average", load::ticksPerSecond);
        metrics.gauge(
                "server_cpu_usage",
                "Percent in use of the CPU limit, or of what the node has for pods without one",
                () -> load.process().cpu() * PERCENT);
        metrics.gauge(
                "server_memory_mb",
                "Mebibytes of memory in use",
                () -> load.process().memoryBytes() / MEGABYTE);
        metrics.gauge("active_players", "Players with a connection to this server", sessions::players);
        metrics.gauge("active_regions", "Regions that this server acts for", regions::size);
        metrics.gauge(
                "terrain_chunks_loaded",
                "Sections of terrain in memory",
                () -> sum(regions, RegionStats::cachedSections));
        metrics.gauge("entities", "Entities of the regions here", () -> sum(regions, RegionStats::entities));
        metrics.gauge(
                "entities_crossing",
                "Entities that have left for another region and have not been heard of yet",
                () -> sum(regions, RegionStats::crossing));
        metrics.gauge(
                "entities_left_out",
                "Entities and ghosts that nobody is shown, since there are more than can be numbered",
                () -> sum(regions, RegionStats::leftOut));
        metrics.gauge(
                "items",
                "Items of the regions here: carried by players, lying about and offered",
                () -> sum(regions, RegionStats::items));
        metrics.gauge(
                "items_under_way",
                "Items that have left for another region and have not been heard of yet",
                () -> sum(regions, RegionStats::itemsUnderWay));
        metrics.gauge(
                "items_created",
                "Items that have come into being in the regions here, ever, on whichever server",
                () -> sum(regions, RegionStats::itemsCreated));
        metrics.gauge(
                "items_vanished",
                "Items that have vanished in the regions here, ever, on whichever server",
                () -> sum(regions, RegionStats::itemsVanished));
        metrics.gauge(
                "regions_without_backup",
                "Regions here of which no copy is in sync: what no store has is lost with this server",
                () -> count(regions, stats -> stats.backupsInSync() == 0));
        metrics.gauge(
                "regions_suspended",
                "Regions here that stand still, since the lease of a backup or of the coordinator has run out",
                () -> count(regions, ReplicationStats::suspended));
        metrics.gauge(
                "replication_backlog_bytes",
                "Log that is kept for backups that have not acknowledged it",
                () -> regions.all().stream()
                        .mapToLong(region -> region.replication().backlogBytes())
                        .sum());
        metrics.gauge(
                "replication_outputs_waiting",
                "Answers and messages that wait until backups or the store have what they rest on",
                () -> regions.all().stream()
                        .mapToLong(region -> region.replication().heldOutputs())
                        .sum());
        metrics.gauge(
                "peers_unreachable",
                "Servers that the coordinator has act for regions and that this one has not heard for five seconds",
                links::unreachable);
        metrics.gauge("peer_links", "Links to other servers that are up", links::connected);
        metrics.gauge(
                "avg_inter_server_latency_ms", "Round trip to the servers linked to, on average", links::latencyMillis);
    }

    private static long count(HostedRegions regions, Predicate<ReplicationStats> which) {
        return regions.all().stream()
                .filter(region -> which.test(region.replication()))
                .count();
    }

    private static long sum(HostedRegions regions, ToLongFunction<RegionStats> figure) {
        return regions.all().stream()
                .mapToLong(region -> figure.applyAsLong(region.stats()))
                .sum();
    }
}
