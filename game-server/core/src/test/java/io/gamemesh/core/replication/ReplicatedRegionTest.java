package io.gamemesh.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.FlatGenerator;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An authority and one backup, with what is under way between them in the hands of the test. */
class ReplicatedRegionTest {

    private static final int TICK_RATE = 20;
    private static final long TICK_NANOS = 1_000_000_000 / TICK_RATE;
    private static final long LEASE_NANOS = 1_000_000_000;
    private static final long LINK = 1;
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);
    private static final ServerId AUTHORITY = new ServerId("demo-0", 1);
    private static final ServerId BACKUP = new ServerId("demo-1", 2);

    private final WorldGeometry geometry = new WorldGeometry(512, 512, 100, null);
    private final RegionSettings settings = new RegionSettings(
            geometry, REGION, Blocks.standard(), new FlatGenerator(), TICK_RATE, RegionSettings.Limits.standard());
    private final ReplicationSettings replication = ReplicationSettings.of(LEASE_NANOS, 1 << 20);
    private final RegionEngine engine = RegionEngine.fresh(settings, 1);
    private final Wire wire = new Wire();
    private final Events events = new Events();
    private final ReplicatedRegion region = new ReplicatedRegion(engine, AUTHORITY, 1, replication, wire, events);
    private final RegionBackup backup = new RegionBackup(settings, BACKUP, replication, 0);
    private final List<RegionOutput> given = new ArrayList<>();
    private long now;

    /** Messages to the backup that have not come there. */
    private static final class Wire implements ReplicationPort {
        final ArrayDeque<ReplicationMessage> underWay = new ArrayDeque<>();

        @Override
        public boolean isReady(ServerId server, long link) {
            return true;
        }

        @Override
        public void send(ServerId server, long link, ReplicationMessage message) {
            underWay.add(message);
        }
    }

    private static final class Events implements ReplicationObserver {
        int suspensions;
        int divergences;
        final List<Long> latencies = new ArrayList<>();

        @Override
        public void suspended() {
            suspensions++;
        }

        @Override
        public void diverged() {
            divergences++;
        }

        @Override
        public void acknowledged(long nanos) {
            latencies.add(nanos);
        }
    }

    @BeforeEach
    void beginAlone() {
        region.coordinatorLease(Long.MAX_VALUE);
        engine.accept(new RegionInput.MapChanged(
                LeafMap.of(geometry, 1, 1, List.of(new Leaf(REGION, AUTHORITY, 1, "", "", "")))));
        assertThat(step()).isTrue();
    }

    private boolean step() {
        now += TICK_NANOS;
        return region.step(now, given::add);
    }

    /** All that is under way comes, and what is answered, too. */
    private void deliver() {
        deliver(message -> message);
    }

    private void deliver(UnaryOperator<ReplicationMessage> change) {
        while (!wire.underWay.isEmpty()) {
            ReplicationMessage message = change.apply(wire.underWay.remove());
            List<ReplicationReply> replies = new ArrayList<>();
            if (message.hasHello()) {
                backup.open(LINK, message.getHello(), now, replies::add);
            } else {
                backup.receive(LINK, message, now, replies::add);
            }
            replies.forEach(reply -> region.receive(BACKUP, LINK, reply, now, given::add));
        }
    }

    private void configure(long number, boolean inSync) {
        region.configure(new Configuration(number, List.of(new Configuration.Backup(BACKUP, inSync))), now);
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(step()).isTrue();
            deliver();
        }
    }

    /** The backup has caught up, and is listed. */
    private void beginWithBackup() {
        configure(2, false);
        region.linked(BACKUP, LINK);
        steps(5);
        configure(3, true);
        steps(1);
        assertThat(region.stats().backupsInSync()).isOne();
    }

    private void join() {
        engine.accept(new RegionInput.Join(7, EntityId.of(1, 1), "ann", "ann", Optional.empty()));
    }

    private boolean joined() {
        return given.stream().anyMatch(RegionOutput.Joined.class::isInstance);
    }

    private void assertSameState() {
        assertThat(backup.tick()).isEqualTo(engine.tick());
        assertThat(backup.checksum()).isEqualTo(engine.checksum());
    }

    @Test
    void seedsABackupAndCountsOnItOnceItHasCaughtUp() {
        join();
        steps(3);
        configure(2, false);
        region.linked(BACKUP, LINK);
        assertThat(region.stats().backupsInSync()).isZero();

        steps(5);

        assertSameState();
        Standing standing = region.news(now);
        assertThat(standing).isNotNull();
        assertThat(standing.inSync()).containsExactly(BACKUP);
        assertThat(region.stats().suspended()).isFalse();
    }

    @Test
    void sendsAgainWhatABackupMisses() {
        beginWithBackup();
        assertThat(step()).isTrue();
        wire.underWay.clear();

        steps(3);

        assertSameState();
        assertThat(events.divergences).isZero();
    }

    @Test
    void goesOnAfterALinkWasLostWithoutSeedingAnew() {
        beginWithBackup();
        region.unlinked(BACKUP, LINK);
        backup.closed(LINK);
        steps(3);
        region.linked(BACKUP, LINK);
        List<ReplicationMessage> sent = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            step();
            sent.addAll(wire.underWay);
            deliver();
        }

        assertSameState();
        assertThat(sent).noneMatch(ReplicationMessage::hasSeed);
    }

    @Test
    void seedsACopyAnewThatIsNotWhatItShouldBeOnceItIsNotCountedOnAnyMore() {
        beginWithBackup();
        while (events.divergences == 0) {
            assertThat(step()).isTrue();
            deliver(ReplicatedRegionTest::withAnotherChecksum);
        }
        assertThat(region.stats().backupsInSync())
                .as("until the coordinator knows")
                .isOne();

        configure(4, false);
        steps(replicationProbationTicks());

        assertSameState();
        assertThat(region.stats().backupsInSync()).isOne();
        assertThat(events.divergences).isOne();
    }

    private int replicationProbationTicks() {
        return Math.toIntExact(replication.probationNanos() / TICK_NANOS) + 5;
    }

    private static ReplicationMessage withAnotherChecksum(ReplicationMessage message) {
        long checksum = message.getTick().getStateChecksum();
        if (checksum == 0) {
            return message;
        }
        return message.toBuilder()
                .setTick(message.getTick().toBuilder().setStateChecksum(checksum ^ 1))
                .build();
    }

    @Test
    void standsStillWhenItsLeaseHasRunOutUntilItIsGrantedAnother() {
        beginWithBackup();
        long granted = now;
        while (step()) {
            assertThat(now).isLessThan(granted + LEASE_NANOS);
        }
        long tick = engine.tick();
        assertThat(now).isGreaterThanOrEqualTo(granted + LEASE_NANOS);
        assertThat(region.stats().suspended()).isTrue();

        assertThat(step()).isFalse();
        assertThat(engine.tick()).isEqualTo(tick);
        assertThat(events.suspensions).isOne();

        deliver();

        assertThat(step()).isTrue();
        assertThat(engine.tick()).isEqualTo(tick + 1);
        assertThat(region.stats().suspended()).isFalse();
    }

    @Test
    void keepsTheLogOfWhatIsNotAcknowledged() {
        beginWithBackup();
        steps(1);
        long before = region.stats().backlogBytes();

        step();
        step();

        assertThat(region.stats().backlogBytes()).isGreaterThan(before);
    }

    @Test
    void keepsAnswersUntilTheBackupHasWhatTheyRestOn() {
        beginWithBackup();
        join();

        assertThat(step()).isTrue();

        assertThat(joined()).isFalse();
        assertThat(region.stats().heldOutputs()).isPositive();

        deliver();

        assertThat(joined()).isTrue();
        assertThat(region.stats().heldOutputs()).isZero();
    }

    @Test
    void keepsAnswersForGoodIfItsLeaseHasRunOutBeforeTheyAreAcknowledged() {
        beginWithBackup();
        join();
        step();
        backup.stop();
        deliver();

        while (step()) {
            deliver();
        }
        step();
        deliver();

        assertThat(joined()).isFalse();
    }

    @Test
    void isGrantedNothingByABackupThatHasStopped() {
        beginWithBackup();
        int grants = events.latencies.size();
        backup.stop();

        while (step()) {
            deliver();
        }

        assertThat(events.latencies).hasSize(grants);
        assertThat(now).as("nobody acts any more when the backup may").isLessThanOrEqualTo(backup.aloneAtNanos());
    }

    @Test
    void saysHowLongAnAcknowledgementTook() {
        beginWithBackup();
        events.latencies.clear();
        step();
        now += 3_000_000;

        deliver();

        assertThat(events.latencies).containsExactly(3_000_000L);
    }

    @Test
    void goesByTheCoordinatorsLeaseWithoutABackup() {
        region.coordinatorLease(now + 2 * TICK_NANOS);

        assertThat(step()).isTrue();
        assertThat(step()).isFalse();
    }
}
