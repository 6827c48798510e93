package io.gamemesh.planner.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.scaling.ScalingTargets;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.RegionLoad;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.ServerLoad;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How many servers a coordinator wants, and which it keeps. */
class ReplicaCountTest {

    private static final ServerId ZERO = new ServerId("demo-0", 1);
    private static final ServerId ONE = new ServerId("demo-1", 2);
    private static final ScalingTargets TARGETS =
            new ScalingTargets(4, 30, 0.7, 0.75, 0.97, Duration.ofSeconds(5), Duration.ofSeconds(20));

    /** Milliseconds in which servers come back to a new leader. */
    private static final long SETTLE = 8_000;

    private final Harness harness = new Harness();

    @Test
    void wantsWhatTheSpecSays() {
        harness.replicas = 3;

        lead(ZERO);
        play(SETTLE, 0);

        assertThat(view().replicas()).isEqualTo(new MeshView.Replicas(3, 3, true, null));
        assertThat(events("ScalingUp")).isEmpty();
    }

    @Test
    void saysSoWhenTheSpecChanges() {
        lead(ZERO);
        harness.replicas = 4;

        harness.mesh(harness.meshStatus());
        play(2_000, 0);

        assertThat(view().replicas().desired()).isEqualTo(4);
        assertThat(events("ScalingUp")).containsExactly("2 -> 4 servers: spec.servers.replicas is 4");
    }

    @Test
    void wantsMoreServersForMorePlayers() {
        harness.scaling = TARGETS;
        lead(ZERO);

        play(10_000, 100);

        assertThat(view().replicas().desired()).isEqualTo(4);
        assertThat(events("ScalingUp"))
                .singleElement()
                .asString()
                .startsWith("2 -> 4 servers: 100 players, target 30 a server");
    }

    @Test
    void keepsAServerThatIsNotWantedUntilItOwnsNothing() {
        harness.replicas = 1;

        lead(ONE);
        catchUp();
        play(SETTLE, 0);
        MeshView.Replicas whileItOwns = view().replicas();
        moveToZero();
        play(2_000, 0);
        MeshView.Replicas afterTheMove = view().replicas();

        assertThat(whileItOwns).isEqualTo(new MeshView.Replicas(1, 2, true, null));
        assertThat(afterTheMove).isEqualTo(new MeshView.Replicas(1, 1, true, null));
        assertThat(events("ServerEmptied")).containsExactly("server demo-1 owns nothing: its pod goes");
    }

    @Test
    void keepsAServerThatMayStillHoldARegion() {
        harness.replicas = 1;

        lead(ZERO);
        harness.report(2, Harness.says(RegionState.REGION_STATE_FROZEN, 3));
        play(500, 0);

        assertThat(view().replicas().kept()).isEqualTo(2);
    }

    @Test
    void doesNotKeepAServerThatWasLostAndWhoseRegionAnotherActsFor() {
        lead(ONE);
        harness.tell(new Event.StreamClosed(2));
        harness.region(Harness.active(ZERO, 3));
        harness.report(1, Harness.says(RegionState.REGION_STATE_ACTING, 3));

        harness.replicas = 1;
        harness.mesh(harness.meshStatus());
        play(SETTLE, 0);

        assertThat(view().replicas()).isEqualTo(new MeshView.Replicas(1, 1, true, null));
    }

    @Test
    void doesNotKeepAServerAsABackupForWantOfOthers() {
        // Found by the simulation: of two backups that were asked for, one had nowhere to go but a server too many.
        harness.replicas = 1;
        harness.backups = 1;
        Backups onOne = new Backups(1, List.of(new Backups.Backup(ONE, true)));
        harness.lead(
                new CoordinatorStatus(4, 3, 0, List.of()),
                Harness.active(ZERO, 2).with(onOne));
        harness.register(1, "demo-0", 1, Harness.says(RegionState.REGION_STATE_ACTING, 2));
        harness.register(2, "demo-1", 2);

        play(SETTLE, 0);
        harness.succeedAll();
        play(2_000, 0);

        assertThat(harness.written().getLast().backups().list()).isEmpty();
        assertThat(view().replicas()).isEqualTo(new MeshView.Replicas(1, 1, true, null));
    }

    @Test
    void doesNotKeepAServerThatIsKnownDead() {
        harness.replicas = 1;
        lead(ONE);

        harness.tell(new Event.ContainerTerminated(ONE));
        play(SETTLE, 0);

        assertThat(view().replicas().kept()).isEqualTo(1);
    }

    @Test
    void keepsNoMoreServersThanAMeshMayHaveWhateverAStatusNames() {
        lead(new ServerId("x-99999999", 1));

        assertThat(view().replicas().kept()).isEqualTo(MeshSpec.MAX_SERVERS);
    }

    @Test
    void believesNoFigureThatCannotBeTrue() {
        harness.scaling = TARGETS;
        harness.replicas = 1;
        lead(ZERO);

        harness.beat(
                1, ServerLoad.newBuilder().setCpu(1e300).setMemory(Double.NaN).build(), RegionLoad.newBuilder());
        long counted = harness.counted(Effect.Counter.MESSAGES_REFUSED);
        play(120_000, 0);

        assertThat(counted).isEqualTo(1);
        assertThat(view().replicas().desired()).isEqualTo(1);
        assertThat(events("ScalingUp")).isEmpty();
    }

    /** Five seconds of too little work take one of them away. */
    private void leadTwoServersThatOneMayReplace() {
        harness.scaling = new ScalingTargets(4, 30, 0.7, 0.75, 0.97, Duration.ofSeconds(5), Duration.ofSeconds(5));
        harness.desiredBefore = 2;
        harness.replicas = 1;
        harness.lead(new CoordinatorStatus(4, 2, 0, List.of()), Harness.active(ZERO, 2));
        harness.register(1, "demo-0", 1, Harness.says(RegionState.REGION_STATE_ACTING, 2));
        harness.register(2, "demo-1", 2);
    }

    @Test
    void takesTheFirstHeartbeatForWhatAServerHasToDo() {
        leadTwoServersThatOneMayReplace();

        for (int second = 0; second < 20; second++) {
            work(1, 0.65);
            work(2, 0.65);
            harness.pass(1000);
        }

        assertThat(events("ScalingDown")).isEmpty();
        assertThat(view().replicas().desired()).isEqualTo(2);
    }

    @Test
    void countsNobodyAsIdleWhoHasNotSaidSo() {
        harness.heartbeatMillis = 5000;
        leadTwoServersThatOneMayReplace();

        for (int second = 0; second < 10; second++) {
            work(1, 0.65);
            harness.pass(1000);
        }

        assertThat(events("ScalingDown")).isEmpty();
    }

    @Test
    void startsFromWhatWasWantedBefore() {
        harness.scaling = TARGETS;
        harness.desiredBefore = 4;

        lead(ZERO);
        play(10_000, 0);

        assertThat(view().replicas().desired()).isEqualTo(4);
    }

    @Test
    void neverShowsANumberThatItHasNotDecidedOn() {
        harness.replicas = 1;
        lead(ONE);
        harness.tell(new Event.LeadershipLost());
        harness.clear();

        harness.tell(new Event.LeadershipGained());
        harness.succeedAll();
        harness.pass(2_000);

        assertThat(harness.views())
                .filteredOn(MeshView::leading)
                .isNotEmpty()
                .allSatisfy(view -> assertThat(view.replicas().kept()).isEqualTo(2));
    }

    @Test
    void letsNoServerGoBeforeThoseThereHaveHadTheTimeToSpeak() {
        harness.replicas = 1;
        harness.lead(new CoordinatorStatus(4, 2, 0, List.of()), Harness.active(ZERO, 2));
        harness.pass(3_000);
        harness.register(2, "demo-1", 2, Harness.says(RegionState.REGION_STATE_FROZEN, 3));
        harness.pass(1_000);
        MeshView.Replicas early = view().replicas();
        harness.clear();
        play(SETTLE, 0);

        assertThat(early).isEqualTo(new MeshView.Replicas(1, 2, false, null));
        assertThat(view().replicas()).isEqualTo(new MeshView.Replicas(1, 2, true, null));
    }

    @Test
    void doesNotBelieveAnEmptiedServerBeforeThoseThereHaveHadTheTimeToSpeak() {
        harness.replicas = 1;
        harness.lead(new CoordinatorStatus(4, 2, 0, List.of()), Harness.active(ONE, 2));
        harness.pass(1_000);
        harness.region(Harness.active(ZERO, 3));
        harness.pass(2_000);
        MeshView.Replicas early = view().replicas();
        harness.pass(SETTLE);

        assertThat(early).isEqualTo(new MeshView.Replicas(1, 2, false, null));
        assertThat(view().replicas()).isEqualTo(new MeshView.Replicas(1, 1, true, null));
    }

    @Test
    void showsAtOnceWhatItHasDecided() {
        lead(ZERO);
        play(SETTLE, 0);
        harness.replicas = 4;
        harness.mesh(harness.meshStatus());
        harness.clear();

        harness.pass(400);

        assertThat(harness.views()).isNotEmpty();
        assertThat(view().replicas().desired()).isEqualTo(4);
    }

    @Test
    void givesNothingToAServerThatAViewHasLetGo() {
        harness.replicas = 1;
        lead(ONE);
        catchUp();
        play(SETTLE, 0);
        moveToZero();
        play(2_000, 0);
        assertThat(view().replicas().kept()).isEqualTo(1);
        harness.clear();

        harness.replicas = 2;
        harness.mesh(harness.meshStatus());
        harness.tell(new Event.ContainerTerminated(ZERO));
        play(2_000, 0);
        harness.succeedAll();
        harness.tell(new Event.PodObserved("demo-1", "", "node", true, true));
        play(10_000, 0);

        assertThat(view().replicas()).isEqualTo(new MeshView.Replicas(2, 2, true, null));
        assertThat(started()).isEmpty();
    }

    @Test
    void givesRegionsAgainToAServerWhosePodHasStayedAfterAll() {
        harness.replicas = 1;
        lead(ONE);
        catchUp();
        play(SETTLE, 0);
        moveToZero();
        play(2_000, 0);
        harness.tell(new Event.PodObserved("demo-1", "", "node", true, false));
        harness.clear();

        harness.replicas = 2;
        harness.mesh(harness.meshStatus());
        harness.tell(new Event.ContainerTerminated(ZERO));
        play(2_000, 0);
        harness.succeedAll();
        List<ServerId> early = started();
        play(10_000, 0);

        assertThat(early).isEmpty();
        assertThat(started()).containsExactly(ONE);
    }

    @Test
    void givesRegionsAtOnceToAServerThatHasComeSinceItIsWanted() {
        harness.replicas = 1;
        lead(ZERO);
        play(SETTLE, 0);
        harness.replicas = 3;
        harness.mesh(harness.meshStatus());
        play(1_000, 0);
        harness.register(3, "demo-2", 3);
        harness.clear();

        harness.tell(new Event.ContainerTerminated(ZERO));
        harness.pass(1_000);

        assertThat(started()).containsExactly(new ServerId("demo-2", 3));
    }

    /** Servers that the region has been given to since the effects were cleared. */
    private List<ServerId> started() {
        return harness.written().stream()
                .filter(status -> status.phase() == RegionPhase.STARTING)
                .map(status -> Objects.requireNonNull(status.authority()))
                .toList();
    }

    private void moveToZero() {
        harness.report(1, Harness.says(RegionState.REGION_STATE_ACTING, 3));
        harness.report(2, Harness.says(RegionState.REGION_STATE_RELEASED, 2));
        harness.succeedAll();
    }

    /** The server that is wanted has a copy in sync, and can be moved to. */
    private void catchUp() {
        harness.succeedAll();
        harness.reportInSync(2, 2, ZERO);
        harness.succeedAll();
    }

    private void lead(ServerId authority) {
        RegionReport acts = Harness.says(RegionState.REGION_STATE_ACTING, 2);
        harness.lead(new CoordinatorStatus(4, 3, 0, List.of()), Harness.active(authority, 2));
        harness.register(1, "demo-0", 1, authority.equals(ZERO) ? new RegionReport[] {acts} : new RegionReport[0]);
        harness.register(2, "demo-1", 2, authority.equals(ONE) ? new RegionReport[] {acts} : new RegionReport[0]);
        play(2_000, 0);
    }

    /** Lets time pass with both servers there, and players on the first. */
    private void play(long millis, int players) {
        for (long passed = 0; passed < millis; passed += 500) {
            harness.play(1, players);
            harness.play(2, 0);
            harness.pass(500);
        }
    }

    private void work(long stream, double cpu) {
        harness.beat(stream, ServerLoad.newBuilder().setCpu(cpu).build(), RegionLoad.newBuilder());
    }

    private MeshView view() {
        return harness.views().getLast();
    }

    private List<String> events(String reason) {
        return harness.effects.stream()
                .filter(Effect.EmitEvent.class::isInstance)
                .map(Effect.EmitEvent.class::cast)
                .filter(event -> event.reason().equals(reason))
                .map(Effect.EmitEvent::message)
                .toList();
    }
}
