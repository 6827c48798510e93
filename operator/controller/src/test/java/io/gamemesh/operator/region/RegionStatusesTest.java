package io.gamemesh.operator.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.gamemesh.operator.Conditions;
import io.gamemesh.planner.coordinator.Backups;
import io.gamemesh.planner.coordinator.RegionPhase;
import io.gamemesh.planner.coordinator.RegionStatus;
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
                "no store configured",
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
        var kept = RegionStatuses.write(null, status(RegionPhase.ACTIVE, 1, null, ""), 1, NOW);
        var lost = RegionStatuses.write(null, status(RegionPhase.ACTIVE, 1, null, "demo-0 died"), 1, NOW);

        assertThat(Conditions.find(kept.conditions(), "StateLost")).isEmpty();
        assertThat(Conditions.find(lost.conditions(), "StateLost"))
                .map(Condition::getMessage)
                .contains("demo-0 died");
    }

    @Test
    void keepTheTimeOfATransferThatWasWrittenBefore() {
        Transfer transfer = new Transfer(null, "demo-0", 5, "Start", -1);
        var first = RegionStatuses.write(null, status(RegionPhase.ACTIVE, 5, transfer, ""), 1, NOW);

        var again = RegionStatuses.write(first, status(RegionPhase.ACTIVE, 5, transfer, ""), 1, NOW.plusSeconds(60));
        var next = RegionStatuses.write(
                again,
                status(RegionPhase.ACTIVE, 6, new Transfer(null, "demo-0", 6, "Start", -1), ""),
                1,
                NOW.plusSeconds(120));

        assertThat(again.lastTransfer()).isEqualTo(first.lastTransfer());
        assertThat(next.lastTransfer())
                .isEqualTo(
                        new io.gamemesh.crd.v1alpha1.Transfer("2026-01-01T00:02:00Z", null, "demo-0", "Start", null));
    }

    private static String ready(RegionPhase phase) {
        var written = RegionStatuses.write(null, status(phase, 1, null, ""), 1, NOW);
        return Conditions.find(written.conditions(), "Ready").orElseThrow().getStatus();
    }

    private static RegionStatus status(RegionPhase phase, long epoch, @Nullable Transfer transfer, String lost) {
        return new RegionStatus(phase, HERE, null, epoch, epoch, 0, 0, 0, transfer, lost, Backups.NONE);
    }
}
