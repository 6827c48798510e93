package io.gamemesh.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.planner.RegionView.Standing;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class PlannerTest {

    private static final double HIGH = 0.8;

    private final Planner planner = new Planner(PlanLimits.DEFAULT);

    /**
     * Servers and regions of a made-up mesh.
     *
     * @param servers by name
     * @param regions in any standing
     */
    record Mesh(List<ServerView> servers, List<RegionView> regions) {}

    private static ServerId server(int number) {
        return new ServerId("demo-" + number, number + 1);
    }

    private static RegionId region(int number) {
        return RegionId.of(0, number % 8, number / 8 % 8, number / 64);
    }

    private static RegionView vacant(int number, int players) {
        return new RegionView(region(number), null, null, null, Standing.VACANT, 0.10 + players * 0.01, players);
    }

    private static RegionView settled(int number, int on, int players) {
        return new RegionView(region(number), null, server(on), null, Standing.SETTLED, 0.10 + players * 0.01, players);
    }

    @Provide
    Arbitrary<Mesh> meshes() {
        Arbitrary<List<ServerView>> servers = Arbitraries.integers()
                .between(1, 8)
                .flatMap(count -> Arbitraries.doubles()
                        .between(0, 1)
                        .list()
                        .ofSize(count)
                        .flatMap(loads -> Arbitraries.of(true, false, false, false)
                                .list()
                                .ofSize(count)
                                .map(draining -> {
                                    List<ServerView> views = new ArrayList<>();
                                    for (int i = 0; i < count; i++) {
                                        views.add(new ServerView(server(i), draining.get(i), loads.get(i)));
                                    }
                                    return views;
                                })));
        Arbitrary<List<int[]>> drafts = Combinators.combine(
                        Arbitraries.integers().between(-1, 7),
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(-8, 7))
                .as((on, players, pin) -> new int[] {on, players, pin})
                .list()
                .ofMaxSize(64);
        return Combinators.combine(servers, drafts).as(PlannerTest::mesh);
    }

    private static Mesh mesh(List<ServerView> servers, List<int[]> drafts) {
        List<RegionView> regions = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            int[] draft = drafts.get(i);
            boolean placed = draft[0] >= 0 && draft[0] < servers.size();
            regions.add(new RegionView(
                    region(i),
                    draft[2] < 0 ? null : "demo-" + draft[2],
                    placed ? server(draft[0]) : null,
                    null,
                    placed ? Standing.SETTLED : Standing.VACANT,
                    0.10 + draft[1] * 0.01,
                    draft[1]));
        }
        return new Mesh(servers, regions);
    }

    private Plan plan(Mesh mesh) {
        return planner.plan(HIGH, mesh.servers(), mesh.regions());
    }

    private static Mesh applied(Mesh mesh, Plan plan) {
        Map<RegionId, ServerId> places = new HashMap<>();
        for (Decision decision : plan.decisions()) {
            ServerId to = switch (decision) {
                case Decision.Start start -> start.server();
                case Decision.Move move -> move.to();
            };
            assertThat(places.put(decision.region(), to))
                    .as("second decision about %s", decision.region())
                    .isNull();
        }
        List<RegionView> regions = mesh.regions().stream()
                .map(view -> {
                    ServerId to = places.getOrDefault(view.id(), view.server());
                    return new RegionView(
                            view.id(),
                            view.pinnedTo(),
                            to,
                            null,
                            to == null ? Standing.VACANT : Standing.SETTLED,
                            view.cost(),
                            view.players());
                })
                .toList();
        return new Mesh(mesh.servers(), regions);
    }

    private Mesh planned(Mesh mesh) {
        Mesh present = mesh;
        for (int round = 0; round < 300; round++) {
            Plan plan = plan(present);
            if (plan.decisions().isEmpty()) {
                return present;
            }
            present = applied(present, plan);
        }
        throw new AssertionError("still moving after 300 plans: " + plan(present));
    }

    private static boolean isOpen(Mesh mesh, @Nullable String name) {
        return mesh.servers().stream().anyMatch(server -> server.id().name().equals(name) && !server.draining());
    }

    private static boolean anyOpen(Mesh mesh) {
        return mesh.servers().stream().anyMatch(server -> !server.draining());
    }

    @Property
    void startsEveryVacantRegionExactlyOnce(@ForAll("meshes") Mesh mesh) {
        Mesh after = applied(mesh, plan(mesh));

        if (anyOpen(mesh)) {
            assertThat(after.regions()).allMatch(region -> region.server() != null);
        } else {
            assertThat(plan(mesh).decisions()).isEmpty();
        }
    }

    @Property
    void comesToAnEndAndThenLeavesWellAlone(@ForAll("meshes") Mesh mesh) {
        Mesh end = planned(mesh);

        assertThat(plan(end).decisions()).isEmpty();
    }

    @Property
    void emptiesDrainingServersAndHonoursPins(@ForAll("meshes") Mesh mesh) {
        Mesh end = planned(mesh);

        for (RegionView region : end.regions()) {
            if (isOpen(end, region.pinnedTo())) {
                assertThat(region.server()).isNotNull();
                assertThat(region.server().name()).isEqualTo(region.pinnedTo());
            }
            if (anyOpen(end) && region.server() != null) {
                assertThat(isOpen(end, region.server().name())).isTrue();
            }
        }
    }

    @Property
    void levelsUntilNoMoveIsWorthIt(@ForAll("meshes") Mesh mesh) {
        Mesh end = planned(mesh);

        Map<String, Double> costs = new TreeMap<>();
        end.servers().stream()
                .filter(server -> !server.draining() && server.load() < HIGH)
                .forEach(server -> costs.put(server.id().name(), 0.0));
        end.regions().stream()
                .filter(region -> region.server() != null
                        && costs.containsKey(region.server().name()))
                .forEach(region -> costs.merge(region.server().name(), region.cost(), Double::sum));
        for (RegionView region : end.regions()) {
            if (region.server() == null
                    || isOpen(end, region.pinnedTo())
                    || !costs.containsKey(region.server().name())) {
                continue;
            }
            double from = costs.get(region.server().name());
            double least = costs.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .min()
                    .orElse(0);
            double margin = Math.max(0.08, 0.05 * from);
            assertThat(least + region.cost())
                    .as("cost of the idlest with %s, which is on a server of cost %s", region.id(), from)
                    .isGreaterThan(from - margin - 1e-9);
        }
    }

    @Property
    void neverMovesWithoutGain(@ForAll("meshes") Mesh mesh) {
        Map<ServerId, Double> costs = new HashMap<>();
        mesh.regions().forEach(region -> {
            if (region.server() != null) {
                costs.merge(region.server(), region.cost(), Double::sum);
            }
        });

        for (Decision decision : plan(mesh).decisions()) {
            double cost = mesh.regions().stream()
                    .filter(region -> region.id().equals(decision.region()))
                    .mapToDouble(RegionView::cost)
                    .sum();
            switch (decision) {
                case Decision.Start start -> costs.merge(start.server(), cost, Double::sum);
                case Decision.Move move -> {
                    if (move.reason() == Decision.Reason.REBALANCE) {
                        assertThat(costs.getOrDefault(move.to(), 0.0) + cost)
                                .isLessThan(costs.getOrDefault(move.from(), 0.0));
                    }
                    costs.merge(move.from(), -cost, Double::sum);
                    costs.merge(move.to(), cost, Double::sum);
                }
            }
        }
    }

    @Property
    void movesNoMoreAtOnceThanItMay(@ForAll("meshes") Mesh mesh) {
        Map<ServerId, Integer> leaving = new HashMap<>();
        int levelling = 0;

        for (Decision decision : plan(mesh).decisions()) {
            if (decision instanceof Decision.Move move) {
                leaving.merge(move.from(), 1, Integer::sum);
                levelling += move.reason() == Decision.Reason.REBALANCE ? 1 : 0;
            }
        }

        assertThat(leaving.values()).allMatch(count -> count <= PlanLimits.DEFAULT.drainMovesPerServer());
        assertThat(levelling).isLessThanOrEqualTo(PlanLimits.DEFAULT.moves());
    }

    @Property
    void plansTheSameInWhateverOrderItIsTold(@ForAll("meshes") Mesh mesh, @ForAll long seed) {
        List<ServerView> servers = new ArrayList<>(mesh.servers());
        List<RegionView> regions = new ArrayList<>(mesh.regions());
        Collections.shuffle(servers, new Random(seed));
        Collections.shuffle(regions, new Random(seed + 1));

        Plan shuffled = planner.plan(HIGH, servers, regions);

        assertThat(shuffled).isEqualTo(plan(mesh));
    }

    @Example
    void givesANewServerItsFairShare() {
        List<RegionView> regions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            regions.add(settled(i, i % 2, 0));
        }
        Mesh mesh = new Mesh(
                List.of(
                        new ServerView(server(0), false, 0.1),
                        new ServerView(server(1), false, 0.1),
                        new ServerView(server(2), false, 0.0)),
                regions);

        Mesh end = planned(mesh);

        Map<ServerId, Integer> counts = new HashMap<>();
        end.regions().forEach(region -> counts.merge(region.server(), 1, Integer::sum));
        assertThat(counts.values()).containsExactlyInAnyOrder(3, 3, 2);
    }

    @Example
    void startsRegionsWithPlayersFirst() {
        Mesh mesh = new Mesh(
                List.of(new ServerView(server(0), false, 0)), List.of(vacant(0, 0), vacant(1, 5), vacant(2, 9)));

        Plan plan = plan(mesh);

        assertThat(plan.decisions()).extracting(Decision::region).containsExactly(region(2), region(1), region(0));
    }

    @Example
    void givesNothingMoreToAFullServerWhileThereAreOthers() {
        Mesh mesh = new Mesh(
                List.of(new ServerView(server(0), false, 0.9), new ServerView(server(1), false, 0.5)),
                List.of(settled(0, 1, 40), vacant(1, 0)));

        Plan plan = plan(mesh);

        assertThat(plan.decisions()).containsExactly(new Decision.Start(region(1), server(1)));
    }

    @Example
    void leavesRegionsWhereTheyAreWhenLoadsWaverALittle() {
        Random random = new Random(1);
        List<ServerView> servers =
                List.of(new ServerView(server(0), false, 0.2), new ServerView(server(1), false, 0.2));

        for (int round = 0; round < 100; round++) {
            List<RegionView> regions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                double cost = 0.15 * (1 + 0.05 * (random.nextDouble() - 0.5));
                regions.add(new RegionView(region(i), null, server(i % 2), null, Standing.SETTLED, cost, 1));
            }

            assertThat(planner.plan(HIGH, servers, regions).decisions()).isEmpty();
        }
    }

    @Example
    void putsNeighboursTogetherWhereThatCostsNothing() {
        List<RegionView> regions = List.of(settled(0, 1, 0), settled(63, 0, 0), vacant(1, 0));

        Plan plan = planner.plan(
                HIGH, List.of(new ServerView(server(0), false, 0), new ServerView(server(1), false, 0)), regions);

        assertThat(plan.decisions()).containsExactly(new Decision.Start(region(1), server(1)));
    }

    @Example
    void leavesAloneWhatIsUnderWay() {
        RegionView moving = new RegionView(region(0), "demo-0", server(1), server(0), Standing.MOVING, 0.5, 5);
        RegionView busy = new RegionView(region(1), "demo-0", server(1), null, Standing.BUSY, 0.5, 5);

        Plan plan = planner.plan(
                HIGH,
                List.of(new ServerView(server(0), false, 0), new ServerView(server(1), true, 0)),
                List.of(moving, busy));

        assertThat(plan.decisions()).isEmpty();
    }
}
