package io.gamemesh.core.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.replication.Standing;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CancelMove;
import io.gamemesh.protocol.v1.Capacity;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.DrainComplete;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.MoveRegion;
import io.gamemesh.protocol.v1.RegionOffer;
import io.gamemesh.protocol.v1.RegionOrigin;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.RegionState;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ReleaseRegion;
import io.gamemesh.protocol.v1.ResumeRegion;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.protocol.v1.StartRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerAuthorityTest {

    private static final WorldGeometry WORLD =
            new WorldGeometry(512, 512, 100, Box.of(-512, -512, -512, 512, 512, 512));
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);
    private static final ServerId SELF = new ServerId("demo-0", 7);
    private static final ServerId OTHER = new ServerId("demo-1", 8);
    private static final long TERM = 3;

    private final ServerAuthority authority = authority();
    private final List<AuthorityAction> actions = new ArrayList<>();
    private long now = 1_000;

    @BeforeEach
    void register() {
        handle(new AuthorityEvent.StreamUp());
        command(message()
                .setRegistered(Registered.newBuilder()
                        .setIncarnation(SELF.incarnation())
                        .setHeartbeatMillis(1000)));
        assertThat(actions.get(1)).isEqualTo(new AuthorityAction.WriteIncarnation(7));
        actions.clear();
    }

    @Test
    void actsWhenItsEngineRuns() {
        command(start(4));
        assertThat(actions).containsExactly(new AuthorityAction.StartEngine(REGION, 4, 0));
        assertThat(authority.actingEpoch(REGION)).isZero();

        handle(new AuthorityEvent.EngineStarted(REGION, 4, Origin.GENERATED));

        assertThat(authority.actingEpoch(REGION)).isEqualTo(4);
        assertThat(lastReport()).isEqualTo(generated(4));
    }

    @Test
    void saysWhereWhatWasStoredEnds() {
        command(start(4));

        handle(new AuthorityEvent.EngineStarted(REGION, 4, new Origin(new LogPosition(3, 1234))));

        assertThat(lastReport().getOrigin()).isEqualTo(RegionOrigin.REGION_ORIGIN_STORED);
        assertThat(lastReport().getStoredEpoch()).isEqualTo(3);
        assertThat(lastReport().getStoredTick()).isEqualTo(1234);
    }

    @Test
    void saysWhyARegionDoesNotBeginAndStillBeginsIt() {
        command(start(4));

        handle(new AuthorityEvent.EngineWaiting(REGION, 4, "no answer"));

        assertThat(lastReport())
                .isEqualTo(report(RegionState.REGION_STATE_STARTING, 4).toBuilder()
                        .setDetail("no answer")
                        .build());
        assertThat(authority.actingEpoch(REGION)).isZero();
        handle(new AuthorityEvent.EngineStarted(REGION, 4, Origin.GENERATED));
        assertThat(lastReport()).isEqualTo(generated(4));
    }

    @Test
    void stopsWhenTheStoreHasANewerEpoch() {
        act(4);

        handle(new AuthorityEvent.Superseded(REGION, 4, 9, "demo-9 has it"));

        assertThat(actions).contains(new AuthorityAction.DropEngine(REGION, 4, null));
        assertThat(authority.actingEpoch(REGION)).isZero();
        assertThat(lastReport())
                .isEqualTo(report(RegionState.REGION_STATE_RELEASED, 9).toBuilder()
                        .setStoredEpoch(9)
                        .setDetail("demo-9 has it")
                        .build());
    }

    @Test
    void doesNotStopForWhatTheStoreSaidOfAnEpochBefore() {
        act(4);

        handle(new AuthorityEvent.Superseded(REGION, 3, 9, "demo-9 has it"));

        assertThat(actions).isEmpty();
        assertThat(authority.actingEpoch(REGION)).isEqualTo(4);
    }

    @Test
    void neverBeginsWhatTheStoreRefuses() {
        command(start(4));
        actions.clear();

        handle(new AuthorityEvent.Superseded(REGION, 4, 4, "demo-9 has it"));

        assertThat(actions).noneMatch(AuthorityAction.DropEngine.class::isInstance);
        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_RELEASED);
        handle(new AuthorityEvent.EngineStarted(REGION, 4, Origin.GENERATED));
        assertThat(authority.actingEpoch(REGION)).isZero();
    }

    @Test
    void complainsOfABackupOnceTheCoordinatorHasAnswered() {
        act(4);
        passUntilHeartbeat();
        int before = heartbeats();

        handle(stands(List.of(OTHER)));

        assertThat(heartbeats()).as("asked at once").isEqualTo(before + 1);
        assertThat(lastReport().getInSyncList()).containsExactly(OTHER.toProto());
        assertThat(lastReport().getBehindList()).as("in doubt").isEmpty();
        command(lease(before));
        assertThat(lastReport().getBehindList())
                .as("after an answer to what was sent before")
                .isEmpty();
        command(lease(before + 1));
        assertThat(lastReport().getBehindList()).containsExactly(OTHER.toProto());
    }

    @Test
    void hasNothingToComplainOfOnceABackupIsHeardAgain() {
        act(4);
        passUntilHeartbeat();
        handle(stands(List.of(OTHER)));
        handle(stands(List.of()));
        int said = actions.size();

        command(lease(heartbeats()));

        assertThat(actions).hasSize(said);
        assertThat(lastReport().getBehindList()).isEmpty();
    }

    private void passUntilHeartbeat() {
        actions.clear();
        now += 1_500_000_000L;
        handle(new AuthorityEvent.TimePassed());
        now += 300_000_000L;
    }

    /** The number of the latest one. */
    private int heartbeats() {
        return actions.stream()
                .filter(AuthorityAction.SendHeartbeat.class::isInstance)
                .map(AuthorityAction.SendHeartbeat.class::cast)
                .mapToInt(heartbeat -> (int) heartbeat.sequence())
                .max()
                .orElseThrow();
    }

    private static CoordinatorMessage.Builder lease(int heartbeat) {
        return message()
                .setLease(
                        LeaseGrant.newBuilder().setHeartbeatSequence(heartbeat).setDurationMillis(2000));
    }

    private static AuthorityEvent stands(List<ServerId> behind) {
        return new AuthorityEvent.StandingChanged(REGION, 4, new Standing(1, List.of(OTHER), behind));
    }

    @Test
    void answersARepeatedStartWithoutStartingAgain() {
        act(4);

        command(start(4));

        assertThat(actions).hasSize(1);
        assertThat(lastReport()).isEqualTo(generated(4));
    }

    @Test
    void refusesAnOlderEpoch() {
        act(4);

        command(start(3));
        command(release(3));

        assertThat(actions).noneMatch(AuthorityAction.DropEngine.class::isInstance);
        assertThat(authority.actingEpoch(REGION)).isEqualTo(4);
        assertThat(actions.getFirst()).isInstanceOf(AuthorityAction.Refused.class);
    }

    @Test
    void letsGoWhenReleased() {
        act(4);

        command(release(4));
        command(start(4));

        assertThat(actions).contains(new AuthorityAction.DropEngine(REGION, 4, null));
        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_RELEASED);
        assertThat(actions).noneMatch(AuthorityAction.StartEngine.class::isInstance);
    }

    @Test
    void refusesALowerTerm() {
        command(start(4).setTerm(TERM - 1));

        assertThat(actions).singleElement().isInstanceOf(AuthorityAction.Refused.class);
        assertThat(authority.highestTerm()).isEqualTo(TERM);
    }

    @Test
    void takesNoCommandBeforeItHasAnIncarnation() {
        ServerAuthority fresh = authority();
        List<AuthorityAction> out = new ArrayList<>();
        fresh.handle(new AuthorityEvent.StreamUp(), 1, action -> {});

        fresh.handle(new AuthorityEvent.FromCoordinator(start(4).build()), 1, out::add);

        assertThat(out).singleElement().isInstanceOf(AuthorityAction.Refused.class);
    }

    @Test
    void handsARegionOverAndLetsGo() {
        act(4);

        command(move(4, 5));
        assertThat(actions).containsExactly(new AuthorityAction.Transfer(REGION, 4, OTHER, "other:9090", 5));
        assertThat(authority.actingEpoch(REGION)).isZero();
        handle(new AuthorityEvent.TransferAccepted(REGION, 5));

        assertThat(actions).contains(new AuthorityAction.DropEngine(REGION, 4, OTHER));
        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_RELEASED);
        assertThat(authority.held()).isEmpty();
    }

    @Test
    void tellsPlayersOfAMoveAndGoesOnUntilTheyHaveHadTheTimeToConnect() {
        act(4);

        command(moveWithPlayers(4, 5));
        assertThat(actions).containsExactly(new AuthorityAction.AnnounceMove(REGION, "outside:7777", "inside:7777"));
        assertThat(authority.actingEpoch(REGION)).isEqualTo(4);
        command(moveWithPlayers(4, 5));
        assertThat(actions).as("told twice").hasSize(1);
        passTime();

        assertThat(actions).contains(new AuthorityAction.Transfer(REGION, 4, OTHER, "other:9090", 5));
        assertThat(authority.actingEpoch(REGION)).isZero();
    }

    @Test
    void doesNotBeginAMoveThatItWasToldToGoOnFrom() {
        act(4);
        command(moveWithPlayers(4, 5));
        command(resume(6));

        passTime();

        assertThat(actions).noneMatch(AuthorityAction.Transfer.class::isInstance);
        assertThat(authority.actingEpoch(REGION)).isEqualTo(6);
    }

    @Test
    void doesNotBeginAMoveOfALeaderThatAnotherHasFollowed() {
        act(4);
        command(moveWithPlayers(4, 5));
        command(message().setTerm(TERM + 1).setLease(LeaseGrant.getDefaultInstance()));

        passTime();
        assertThat(actions).noneMatch(AuthorityAction.Transfer.class::isInstance);
        command(moveWithPlayers(4, 5).setTerm(TERM + 1));
        passTime();

        assertThat(actions).contains(new AuthorityAction.Transfer(REGION, 4, OTHER, "other:9090", 5));
    }

    private void passTime() {
        now += 2 * ServerAuthority.NANOS_PER_SECOND;
        handle(new AuthorityEvent.TimePassed());
    }

    @Test
    void goesOnAfterARefusedMove() {
        act(4);
        command(move(4, 5));

        handle(new AuthorityEvent.TransferRefused(REGION, 5, "full"));

        assertThat(actions).contains(new AuthorityAction.ResumeEngine(REGION, 4));
        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_ACTING);
        assertThat(lastReport().getOfferedEpoch()).isEqualTo(5);
    }

    @Test
    void saysWhichMoveItRefuses() {
        act(4);

        command(move(3, 5));

        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_ACTING);
        assertThat(lastReport().getOfferedEpoch()).isEqualTo(5);
    }

    @Test
    void staysFrozenUntilTheCoordinatorSaysHowToGoOn() {
        act(4);
        command(move(4, 5));
        handle(new AuthorityEvent.TransferUnknown(REGION, 5, "timeout"));
        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_FROZEN);
        assertThat(lastReport().getOfferedEpoch()).isEqualTo(5);

        handle(new AuthorityEvent.TransferRefused(REGION, 5, "late"));
        command(resume(5));
        assertThat(authority.actingEpoch(REGION)).isZero();
        command(resume(6));

        assertThat(actions).contains(new AuthorityAction.ResumeEngine(REGION, 6));
        assertThat(authority.actingEpoch(REGION)).isEqualTo(6);
    }

    @Test
    void learnsFromTheLeafMapThatItsMoveHasSucceeded() {
        act(4);
        command(move(4, 5));
        handle(new AuthorityEvent.TransferUnknown(REGION, 5, "timeout"));

        leafMap(new Leaf(REGION, OTHER, 5, "", "", ""));

        assertThat(actions).contains(new AuthorityAction.DropEngine(REGION, 4, OTHER));
    }

    @Test
    void stopsWhenAnotherHasANewerEpoch() {
        act(4);

        leafMap(new Leaf(REGION, OTHER, 6, "", "", ""));

        assertThat(actions).contains(new AuthorityAction.DropEngine(REGION, 4, OTHER));
        assertThat(authority.actingEpoch(REGION)).isZero();
    }

    @Test
    void takesOverWhatIsOfferedToIt() {
        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));
        assertThat(actions).containsExactly(new AuthorityAction.ReceiveState(1));

        handle(new AuthorityEvent.StateReceived(1));

        assertThat(actions).contains(new AuthorityAction.AcceptOffer(1, REGION, 5, List.of()));
        assertThat(authority.actingEpoch(REGION)).isEqualTo(5);
        assertThat(lastReport().getEpoch()).isEqualTo(5);
    }

    @Test
    void answersARepeatedOfferThatItActsOn() {
        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));
        handle(new AuthorityEvent.StateReceived(1));
        actions.clear();

        handle(new AuthorityEvent.Offered(2, offer(SELF, 4, 5)));

        assertThat(actions).containsExactly(new AuthorityAction.ConfirmOffer(2, REGION, 5));
    }

    @Test
    void refusesAnOfferToAnotherIncarnation() {
        handle(new AuthorityEvent.Offered(1, offer(new ServerId("demo-0", 6), 4, 5)));

        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        AuthorityAction.RefuseOffer.class,
                        refused -> assertThat(refused.reason()).contains("is for demo-0#6, this is demo-0#7"));
    }

    @Test
    void neverActsOnACancelledOffer() {
        command(cancel(5));
        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_RELEASED);
        assertThat(lastReport().getEpoch()).isEqualTo(5);

        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));
        command(start(5));

        assertThat(actions)
                .noneMatch(action -> action instanceof AuthorityAction.ReceiveState
                        || action instanceof AuthorityAction.StartEngine);
        handle(new AuthorityEvent.Offered(2, offer(SELF, 4, 6)));
        assertThat(actions).contains(new AuthorityAction.ReceiveState(2));
    }

    @Test
    void neverActsOnAnOfferThatIsCancelledWhileItComesIn() {
        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));

        command(cancel(5));
        handle(new AuthorityEvent.StateReceived(1));

        assertThat(actions).noneMatch(AuthorityAction.AcceptOffer.class::isInstance);
        assertThat(actions).anyMatch(AuthorityAction.RefuseOffer.class::isInstance);
        assertThat(authority.actingEpoch(REGION)).isZero();
    }

    @Test
    void saysThatItActsWhenACancellationComesTooLate() {
        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));
        handle(new AuthorityEvent.StateReceived(1));

        command(cancel(5));

        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_ACTING);
    }

    @Test
    void refusesAnOfferOlderThanTheLeafMap() {
        leafMap(new Leaf(REGION, OTHER, 9, "", "", ""));

        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));

        assertThat(actions.getLast()).isInstanceOf(AuthorityAction.RefuseOffer.class);
    }

    @Test
    void tellsANewLeaderAllThatItHolds() {
        act(4);
        handle(new AuthorityEvent.StreamDown());

        handle(new AuthorityEvent.StreamUp());

        ServerMessage sent = ((AuthorityAction.Send) actions.getLast()).message();
        assertThat(sent.getRegister().getIncarnation()).isEqualTo(7);
        assertThat(sent.getRegister().getHighestTerm()).isEqualTo(TERM);
        assertThat(sent.getRegister().getRegionsList()).containsExactly(generated(4));
    }

    @Test
    void saysWhatHasChangedSinceRegisterBeforeItsFirstHeartbeat() {
        handle(new AuthorityEvent.StreamDown());
        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));
        handle(new AuthorityEvent.StreamUp());
        handle(new AuthorityEvent.StateReceived(1));
        assertThat(actions)
                .noneMatch(action -> action instanceof AuthorityAction.Send(var message) && message.hasRegion());
        actions.clear();

        command(message().setRegistered(Registered.newBuilder().setIncarnation(SELF.incarnation())));

        assertThat(lastReport().getState()).isEqualTo(RegionState.REGION_STATE_ACTING);
        assertThat(lastReport().getEpoch()).isEqualTo(5);
        assertThat(actions.getLast()).isEqualTo(new AuthorityAction.SendHeartbeat(1));
    }

    @Test
    void doesNotRepeatWhatItHasRegisteredWith() {
        act(4);
        handle(new AuthorityEvent.StreamDown());
        handle(new AuthorityEvent.StreamUp());
        actions.clear();

        command(message().setRegistered(Registered.newBuilder().setIncarnation(SELF.incarnation())));

        assertThat(actions).containsExactly(new AuthorityAction.SendHeartbeat(1));
    }

    @Test
    void refusesToBecomeAnotherIncarnation() {
        handle(new AuthorityEvent.StreamDown());
        handle(new AuthorityEvent.StreamUp());

        command(message().setRegistered(Registered.newBuilder().setIncarnation(9)));

        assertThat(actions.getLast()).isInstanceOf(AuthorityAction.CloseStream.class);
        assertThat(authority.id()).contains(SELF);
    }

    @Test
    void sendsAHeartbeatEachPeriodAndCountsItsLeaseFromSending() {
        long sent = now;
        now += 1_000_000_000;
        handle(new AuthorityEvent.TimePassed());
        assertThat(actions).containsExactly(new AuthorityAction.SendHeartbeat(2));
        assertThat(authority.nextDeadlineNanos()).isEqualTo(now + 1_000_000_000);

        command(message()
                .setLease(LeaseGrant.newBuilder().setHeartbeatSequence(1).setDurationMillis(2000)));

        assertThat(authority.leaseUntilNanos()).isEqualTo(sent + 2_000_000_000);
    }

    @Test
    void endsOnceNothingIsLeftToHandOver() {
        act(4);
        handle(new AuthorityEvent.Stopping(30));
        command(message().setDrainComplete(DrainComplete.getDefaultInstance()));
        assertThat(actions).noneMatch(AuthorityAction.Drained.class::isInstance);
        command(move(4, 5));
        handle(new AuthorityEvent.TransferAccepted(REGION, 5));

        command(message().setDrainComplete(DrainComplete.getDefaultInstance()));

        assertThat(actions.getLast()).isEqualTo(new AuthorityAction.Drained());
    }

    @Test
    void takesOverNothingMoreOnceItIsStopping() {
        handle(new AuthorityEvent.Stopping(30));

        handle(new AuthorityEvent.Offered(1, offer(SELF, 4, 5)));

        assertThat(actions.getLast()).isInstanceOf(AuthorityAction.RefuseOffer.class);
    }

    private static ServerAuthority authority() {
        return new ServerAuthority(
                WORLD,
                new ServerAuthority.Self("demo-0", Capacity.getDefaultInstance(), "peer:1", "inside:1", 1 << 20));
    }

    private void act(long epoch) {
        command(start(epoch));
        handle(new AuthorityEvent.EngineStarted(REGION, epoch, Origin.GENERATED));
        actions.clear();
    }

    private void leafMap(Leaf leaf) {
        command(message().setLeafMap(LeafMap.of(WORLD, TERM, 1, List.of(leaf)).toProto()));
    }

    private void handle(AuthorityEvent event) {
        authority.handle(event, now, actions::add);
    }

    private void command(CoordinatorMessage.Builder message) {
        handle(new AuthorityEvent.FromCoordinator(message.build()));
    }

    private static CoordinatorMessage.Builder message() {
        return CoordinatorMessage.newBuilder().setTerm(TERM);
    }

    private static CoordinatorMessage.Builder start(long epoch) {
        return message()
                .setStart(StartRegion.newBuilder().setRegionId(REGION.packed()).setEpoch(epoch));
    }

    private static CoordinatorMessage.Builder release(long epoch) {
        return message()
                .setRelease(
                        ReleaseRegion.newBuilder().setRegionId(REGION.packed()).setEpoch(epoch));
    }

    private static CoordinatorMessage.Builder resume(long epoch) {
        return message()
                .setResume(
                        ResumeRegion.newBuilder().setRegionId(REGION.packed()).setEpoch(epoch));
    }

    private static CoordinatorMessage.Builder cancel(long offered) {
        return message()
                .setCancelMove(
                        CancelMove.newBuilder().setRegionId(REGION.packed()).setOfferedEpoch(offered));
    }

    private static CoordinatorMessage.Builder move(long epoch, long offered) {
        return message()
                .setMove(MoveRegion.newBuilder()
                        .setRegionId(REGION.packed())
                        .setEpoch(epoch)
                        .setTarget(OTHER.toProto())
                        .setTargetPeerAddress("other:9090")
                        .setOfferedEpoch(offered));
    }

    /** Where it is known at which address players reach the target. */
    private static CoordinatorMessage.Builder moveWithPlayers(long epoch, long offered) {
        CoordinatorMessage.Builder message = move(epoch, offered);
        message.getMoveBuilder().setTargetPlayerAddress("outside:7777").setTargetInternalPlayerAddress("inside:7777");
        return message;
    }

    private static RegionOffer offer(ServerId target, long epoch, long offered) {
        return RegionOffer.newBuilder()
                .setRegionId(REGION.packed())
                .setEpoch(epoch)
                .setOfferedEpoch(offered)
                .setSource(OTHER.toProto())
                .setTarget(target.toProto())
                .setSize(100)
                .build();
    }

    private static RegionReport generated(long epoch) {
        return report(RegionState.REGION_STATE_ACTING, epoch).toBuilder()
                .setOrigin(RegionOrigin.REGION_ORIGIN_GENERATED)
                .build();
    }

    private static RegionReport report(RegionState state, long epoch) {
        return RegionReport.newBuilder()
                .setRegionId(REGION.packed())
                .setEpoch(epoch)
                .setState(state)
                .build();
    }

    private RegionReport lastReport() {
        for (AuthorityAction action : actions.reversed()) {
            if (action instanceof AuthorityAction.Send send && send.message().hasRegion()) {
                return send.message().getRegion();
            }
        }
        throw new AssertionError("no report among " + actions);
    }
}
