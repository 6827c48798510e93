package io.gamemesh.operator.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.gamemesh.operator.Conditions;
import io.gamemesh.planner.coordinator.Backups;
import io.gamemesh.planner.coordinator.RegionPhase;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.planner.coordinator.StateLoss;
import io.gamemesh.planner.coordinator.Transfer;
import io.gamemesh.protocol.id.ServerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionStatusesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ServerId HERE = new ServerId("demo-0", 3);
    private static final ServerId THERE = new ServerId("demo-1", 4);
    private static final ServerId ELSEWHERE = new ServerId("demo-2", 5);

    @ParameterizedTest
    @EnumSource(RegionPhase.class)
    void areReadBackAsTheyWereWritten(RegionPhase phase) {
        RegionStatus wanted = new RegionStatus(
                phase,
                HERE,
                THERE,
                5,
                9,
                12,
                34,
                56,
                new Transfer("demo-2", "demo-0", 5, "Failover", 120),
                new StateLoss(StateLoss.Extent.SINCE_STORED, "demo-0 died"),
                "the database does not answer",
                new Backups(7, List.of(new Backups.Backup(THERE, true), new Backups.Backup(ELSEWHERE, false))));

        assertThat(RegionStatuses.read(RegionStatuses.write(null, wanted, 1, NOW)))
                .isEqualTo(wanted);
    }

    @Test
    void ofARegionThatIsNewAreEmpty() {
        assertThat(RegionStatuses.read(null)).isEqualTo(RegionStatus.NEW);
        assertThat(RegionStatuses.read(new io.gamemesh.crd.v1alpha1.RegionStatus()))
                .isEqualTo(RegionStatus.NEW);
    }

    @Test
    void areReadyWhileAnAuthorityActs() {
        assertThat(ready(RegionPhase.ACTIVE)).isEqualTo("True");
        assertThat(ready(RegionPhase.MOVING)).isEqualTo("True");
        assertThat(ready(RegionPhase.STARTING)).isEqualTo("False");
        assertThat(ready(RegionPhase.LOST)).isEqualTo("False");
    }

    @Test
    void sayThatStateWasLostOnlyIfItWas() {
        var kept = RegionStatuses.write(null, status(RegionPhase.ACTIVE, 1, null, StateLoss.NONE), 1, NOW);
        var lost = RegionStatuses.write(
                null, status(RegionPhase.ACTIVE, 1, null, new StateLoss(StateLoss.Extent.ALL, "demo-0 died")), 1, NOW);

        assertThat(Conditions.find(kept.conditions(), "StateLost")).isEmpty();
        assertThat(Conditions.find(lost.conditions(), "StateLost"))
                .map(Condition::getMessage)
                .contains("demo-0 died");
    }

    @ParameterizedTest
    @EnumSource(StateLoss.Extent.class)
    void tellHowMuchWasLost(StateLoss.Extent extent) {
        StateLoss loss = extent == StateLoss.Extent.NONE ? StateLoss.NONE : new StateLoss(extent, "demo-0 died");

        var written = RegionStatuses.write(null, status(RegionPhase.STARTING, 1, null, loss), 1, NOW);

        assertThat(RegionStatuses.read(written).stateLost()).isEqualTo(loss);
    }

    @Test
    void sayForWhatARegionWaitsAsLongAsItDoes() {
        RegionStatus starting = status(RegionPhase.STARTING, 1, null, StateLoss.NONE);
        RegionStatus waiting = new RegionStatus(
                RegionPhase.STARTING,
                HERE,
                null,
                1,
                1,
                0,
                0,
                0,
                null,
                StateLoss.NONE,
                "the database does not answer",
                Backups.NONE);

        var never = RegionStatuses.write(null, starting, 1, NOW);
        var now = RegionStatuses.write(never, waiting, 1, NOW);
        var noMore = RegionStatuses.write(now, starting, 1, NOW);

        assertThat(Conditions.find(never.conditions(), "WaitingForStore")).isEmpty();
        assertThat(Conditions.find(now.conditions(), "WaitingForStore"))
                .map(Condition::getStatus)
                .contains("True");
        assertThat(Conditions.find(noMore.conditions(), "WaitingForStore"))
                .map(Condition::getStatus)
                .contains("False");
        assertThat(RegionStatuses.read(noMore)).isEqualTo(starting);
    }

    @Test
    void keepTheTimeOfATransferThatWasWrittenBefore() {
        Transfer transfer = new Transfer(null, "demo-0", 5, "Start", -1);
        var first = RegionStatuses.write(null, status(RegionPhase.ACTIVE, 5, transfer, StateLoss.NONE), 1, NOW);

        var again = RegionStatuses.write(
                first, status(RegionPhase.ACTIVE, 5, transfer, StateLoss.NONE), 1, NOW.plusSeconds(60));
        var next = RegionStatuses.write(
                again,
                status(RegionPhase.ACTIVE, 6, new Transfer(null, "demo-0", 6, "Start", -1), StateLoss.NONE),
                1,
                NOW.plusSeconds(120));

        assertThat(again.lastTransfer()).isEqualTo(first.lastTransfer());
        assertThat(next.lastTransfer())
                .isEqualTo(
                        new io.gamemesh.crd.v1alpha1.Transfer("2026-01-01T00:02:00Z", null, "demo-0", "Start", null));
    }

    private static String ready(RegionPhase phase) {
        var written = RegionStatuses.write(null, status(phase, 1, null, StateLoss.NONE), 1, NOW);
        return Conditions.find(written.conditions(), "Ready").orElseThrow().getStatus();
    }

    private static RegionStatus status(RegionPhase phase, long epoch, @Nullable Transfer transfer, StateLoss lost) {
        return new RegionStatus(phase, HERE, null, epoch, epoch, 0, 0, 0, transfer, lost, "", Backups.NONE);
    }
}
