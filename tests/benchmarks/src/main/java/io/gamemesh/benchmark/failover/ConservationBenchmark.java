package io.gamemesh.benchmark.failover;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Pause;
import io.gamemesh.cluster.Players;
import io.gamemesh.cluster.Samples;
import io.gamemesh.cluster.TestCluster;
import io.gamemesh.cluster.fault.Failover;
import io.gamemesh.cluster.fault.Fault;
import io.gamemesh.cluster.fault.ServerProcess;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Players who throw, take and exchange items to and fro over borders while the server of the most regions is killed, again and
 * again: all that they were given has to be there in the end.
 */
public final class ConservationBenchmark implements Benchmark {

    private static final int PLAYERS = 40;
    private static final int RUNS = 10;
    private static final int GIVEN = 60;
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    /** Between kills, and after the last. */
    private static final Duration DEALS = Duration.ofSeconds(10);

    private static final Duration BACK = Duration.ofMinutes(2);
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private static final String MESH = """
            apiVersion: gamemesh.io/v1alpha1
            kind: GameMesh
            metadata:
              name: bench
            spec:
              world:
                seed: 42
                regionSize: 512
                minRegionSize: 512
                bounds:
                  min: [-512, -512, -512]
                  max: [512, 512, 512]
                startingItems:
                  - {item: 1, count: %d}
                  - {item: 2, count: %d}
              servers:
                replicas: 3
                tickRate: 20
                resources:
                  requests: {cpu: 100m, memory: 384Mi}
                  limits: {memory: 768Mi}
            """.formatted(GIVEN * 2 / 3, GIVEN / 3);

    private final int kills;

    /** With ten kills. */
    public ConservationBenchmark() {
        this(RUNS);
    }

    private ConservationBenchmark(int kills) {
        this.kills = kills;
    }

    @Override
    public Benchmark repeated(int times) {
        return new ConservationBenchmark(times);
    }

    @Override
    public String name() {
        return "conservation";
    }

    @Override
    public String description() {
        return "40 bots trade over borders on 3 servers, of which one is killed 10 times (--runs): is every item still there";
    }

    @Override
    public SortedMap<String, Metric> run() {
        return TestCluster.inNamespace("bench-conservation", (_, namespace) -> {
            Mesh mesh = Mesh.apply(namespace, MESH);
            mesh.awaitReady(READY);
            return measure(mesh);
        });
    }

    private SortedMap<String, Metric> measure(Mesh mesh) {
        try (Players players = Players.join(mesh, PLAYERS, "trade", WARM_UP, Players.UNTIL_ASKED)) {
            players.awaitCounting();
            Failover failover = new Failover(mesh, players, PLAYERS);
            failover.awaitCalm();
            Items before = Items.settledAt(mesh);
            for (int kill = 1; kill <= kills; kill++) {
                Pause.of(DEALS);
                failover.awaitCalm();
                String victim = ofMostRegions(mesh.regionsByServer());
                System.err.printf("kill %d of %d: %s%n", kill, kills, victim);
                ServerProcess.of(mesh, victim).begin(Fault.KILL);
                players.awaitAll(BACK);
                // Kubernetes waits longer and longer with each restart of a container, and not with another pod.
                mesh.deletePod(victim);
            }
            failover.awaitCalm();
            Pause.of(DEALS);
            Players.Report report = players.leave();
            return figures(report, before, Items.settledAt(mesh));
        }
    }

    private static String ofMostRegions(Map<String, Long> regionsByServer) {
        return regionsByServer.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("nobody acts for any region"));
    }

    /**
     * Where the items of all regions are. Regions are asked one after the other, so that what crosses meanwhile is counted twice or
     * not at all.
     *
     * @param held carried, lying about, offered
     * @param underWay between regions
     */
    private record Items(long held, long underWay, long created, long vanished) {

        static Items of(Mesh mesh) {
            Collection<Samples> servers = mesh.scrape().values();
            return new Items(
                    sum(servers, "items"),
                    sum(servers, "items_under_way"),
                    sum(servers, "items_created"),
                    sum(servers, "items_vanished"));
        }

        /** As soon as the count comes out even while nobody has just crossed, or as it is after a while. */
        static Items settledAt(Mesh mesh) {
            long end = System.nanoTime() + SETTLED.toNanos();
            Items latest = of(mesh);
            while (!latest.comesOutEven() && System.nanoTime() - end < 0) {
                Pause.of(Duration.ofMillis(500));
                latest = of(mesh);
            }
            return latest;
        }

        private boolean comesOutEven() {
            return underWay == 0 && surplus() == 0;
        }

        /** Items of which nobody knows where they come from; negative if there are too few. */
        long surplus() {
            return held + underWay + vanished - created;
        }

        private static long sum(Collection<Samples> servers, String metric) {
            return (long)
                    servers.stream().mapToDouble(server -> server.value(metric)).sum();
        }
    }

    private SortedMap<String, Metric> figures(Players.Report report, Items before, Items after) {
        report.failures().forEach(failure -> System.err.println("not as expected: " + failure));
        if (report.metric("deals_done") == 0) {
            throw new IllegalStateException("the figures mean nothing: no deal was done");
        }
        long given = (long) PLAYERS * GIVEN;
        long left = after.held() + after.underWay() + after.vanished();
        SortedMap<String, Metric> figures = new TreeMap<>();
        figures.put("kills", new Metric(kills, "times"));
        figures.put("items_given", new Metric(given, "items"));
        figures.put("items_before", new Metric(before.held() + before.underWay() + before.vanished(), "items"));
        figures.put("items_after", new Metric(left, "items"));
        figures.put("items_vanished", new Metric(after.vanished(), "items"));
        figures.put("items_lost", new Metric(Math.max(given - left, 0), "items"));
        figures.put("items_doubled", new Metric(Math.max(left - given, 0), "items"));
        figures.put("items_unexplained", new Metric(Math.abs(after.surplus()), "items"));
        figures.put("deals_done", new Metric(report.metric("deals_done"), "requests"));
        figures.put("crossings", new Metric(report.metric("crossings"), "times"));
        figures.put("lost", new Metric(report.metric("replaced"), "players"));
        figures.put("thrown_out", new Metric(report.metric("disconnects"), "times"));
        return figures;
    }
}
