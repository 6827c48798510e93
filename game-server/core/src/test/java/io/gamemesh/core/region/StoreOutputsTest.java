package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.replication.ReplicatedRegion;
import io.gamemesh.core.replication.ReplicationPort;
import io.gamemesh.core.replication.ReplicationSettings;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a region without backups holds back until a store has it. */
class StoreOutputsTest {
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);

    private record Logged(long tick, boolean awaited) {}

    private final List<RegionOutput> out = new ArrayList<>();
    private final List<Logged> logged = new ArrayList<>();
    private long now;
    private ReplicatedRegion region;

    @BeforeEach
    void beginWithAStore() {
        region = begin();
        region.store((tick, log, awaited) -> {
            assertThat(log.hasRemaining()).isTrue();
            logged.add(new Logged(tick, awaited));
        });
    }

    private static ReplicatedRegion begin() {
        ReplicatedRegion begun = new ReplicatedRegion(
                RegionEngine.fresh(new TestWorld("flat", 1).settings(REGION), 1),
                new ServerId("demo-0", 1),
                1,
                ReplicationSettings.of(1_000_000_000L, 1 << 20),
                new ReplicationPort() {
                    @Override
                    public boolean isReady(ServerId backup, long link) {
                        return false;
                    }

                    @Override
                    public void send(ServerId backup, long link, ReplicationMessage message) {
                        throw new AssertionError("there is no backup");
                    }
                });
        begun.coordinatorLease(Long.MAX_VALUE);
        return begun;
    }

    private void step() {
        now += 50_000_000;
        region.step(now, out::add);
    }

    private void join() {
        region.engine().accept(join(7));
    }

    private static RegionInput join(long session) {
        EntityId entity = EntityId.of(1, session);
        return new RegionInput.Join(
                session,
                entity,
                "player-" + session,
                "player",
                Optional.of(new RegionInput.Claim(entity, 0, new Vec3(5, 1, 8))),
                1,
                false);
    }

    private boolean hasJoined() {
        return out.stream().anyMatch(RegionOutput.Joined.class::isInstance);
    }

    @Test
    void saysNothingOfAJoinBeforeTheStoreHasIt() {
        step();
        join();
        step();
        step();

        assertThat(hasJoined()).isFalse();
        assertThat(logged).containsExactly(new Logged(1, false), new Logged(2, true), new Logged(3, true));
        region.durable(1, now, out::add);
        assertThat(hasJoined()).isFalse();
        region.durable(2, now, out::add);
        assertThat(hasJoined()).isTrue();
    }

    @Test
    void holdsNothingBackThatRestsOnNoPromise() {
        join();
        step();
        region.durable(1, now, out::add);
        out.clear();

        step();

        assertThat(logged).containsExactly(new Logged(1, true), new Logged(2, false));
        assertThat(region.stats().heldOutputs()).isZero();
    }

    @Test
    void waitsForNothingWithoutAStore() {
        region = begin();
        join();

        step();

        assertThat(hasJoined()).isTrue();
    }

    @Test
    void ticksWhileTheStoreIsAway() {
        join();
        for (int i = 0; i < 100; i++) {
            step();
        }

        assertThat(region.engine().tick()).isEqualTo(100);
    }

    @Test
    void standsStillBeforeWhatWaitsTakesTooMuchMemory() {
        join();
        while (region.engine().tick() == logged.size() && region.stats().heldOutputs() < 1 << 14) {
            // Each session that comes is something to say.
            region.engine().accept(join(1000 + logged.size()));
            step();
        }
        long tick = region.engine().tick();

        step();

        assertThat(region.engine().tick()).isEqualTo(tick);
        region.durable(tick, now, out::add);
        step();
        assertThat(region.engine().tick()).isEqualTo(tick + 1);
    }
}
