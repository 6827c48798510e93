package io.gamemesh.benchmark.micro;

import io.gamemesh.planner.Plan;
import io.gamemesh.planner.PlanLimits;
import io.gamemesh.planner.Planner;
import io.gamemesh.planner.RegionView;
import io.gamemesh.planner.RegionView.Standing;
import io.gamemesh.planner.ServerView;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The largest bounded world, 4,096 regions, on a hundred servers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlannerBenchmark {

    private static final int EDGE = 16;
    private static final int SERVERS = 100;
    private static final double HIGH_LOAD = 0.8;

    private final Planner planner = new Planner(PlanLimits.DEFAULT);
    private final List<ServerView> servers = new ArrayList<>();
    private final List<RegionView> vacant = new ArrayList<>();
    private final List<RegionView> settled = new ArrayList<>();

    @Setup
    public void fillWorld() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < SERVERS; i++) {
            servers.add(new ServerView(new ServerId("bench-" + i, i + 1), false, 0.4));
        }
        for (int i = 0; i < EDGE * EDGE * EDGE; i++) {
            RegionId id = RegionId.of(0, i % EDGE, i / EDGE % EDGE, i / EDGE / EDGE);
            double cost = random.nextDouble(0.02);
            int players = random.nextInt(3);
            ServerId server = servers.get(i % SERVERS).id();
            vacant.add(new RegionView(id, null, null, null, Standing.VACANT, cost, players));
            settled.add(new RegionView(id, null, server, null, Standing.SETTLED, cost, players));
        }
    }

    @Benchmark
    public Plan planOf4096VacantRegions() {
        return planner.plan(HIGH_LOAD, servers, vacant);
    }

    @Benchmark
    public Plan planOf4096SettledRegions() {
        return planner.plan(HIGH_LOAD, servers, settled);
    }
}
