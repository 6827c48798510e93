package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.MobileForm;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.snapshot.SnapshotWriter;
import io.gamemesh.protocol.wire.EntityKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One who walks along x at 2 m/s, and of whom nothing has been told since tick 1. */
class RemoteEntityTest {

    private static final int TICK_RATE = 20;
    private static final long TICK = 1_000_000_000L / TICK_RATE;
    private static final int[] WALKS = {0, 0, 0, 32, 0, 0, MobileForm.turning(192, 0), 0};

    private final Pose pose = new Pose();
    private long tick = 1;
    private final RemoteEntity walker = new RemoteEntity(1, () -> tick);

    @BeforeEach
    void isTold() {
        List<EntityTrack> tracks = new ArrayList<>();
        SnapshotWriter writer = new SnapshotWriter(TICK_RATE);
        writer.begin(0, 0, true, 0, 1, 0, 0, 0);
        writer.appeared(0, 1, EntityKind.PLAYER, WALKS, 0);
        new SnapshotDecoder(TICK_RATE).decode(writer.end(), new SnapshotDecoder.Listener() {
            @Override
            public void appeared(EntityTrack entity) {
                tracks.add(entity);
            }

            @Override
            public void changed(EntityTrack entity) {
                throw new AssertionError("there is one datagram only");
            }

            @Override
            public void gone(EntityTrack entity) {
                throw new AssertionError("there is one datagram only");
            }
        });
        walker.follow(tracks.getFirst(), 0, 0, 0);
        walker.update(1, TICK);
    }

    private double shownAt(long atTick) {
        walker.show(atTick * TICK, TICK, pose);
        return pose.x();
    }

    @Test
    void walksOnForAsLongAsTheServerTellsOfOthers() {
        tick = 41;

        assertThat(shownAt(41)).isCloseTo(4, within(1e-6)).isEqualTo(walker.x());
    }

    /** It is shown farther in the past then: nobody may see it thrown back, or forward when it is told often again. */
    @Test
    void walksEvenlyThoughItIsToldMoreRarelyAndMoreOften() {
        List<Double> steps = new ArrayList<>();
        double last = shownAt(1);

        for (tick = 2; tick < 200; tick++) {
            if (tick < 20 || tick > 120 || tick % 10 == 0) {
                walker.update(EntityKind.PLAYER, 0.1 * (tick - 1), 0, 0, 2, 0, 0, 0, 0, tick, tick * TICK);
            }
            // A second window shows another time.
            shownAt(tick - 3);
            steps.add(shownAt(tick) - last);
            last += steps.getLast();
        }

        assertThat(steps).allSatisfy(step -> assertThat(step).isBetween(0.1 * 0.7, 0.1 * 1.3));
    }

    @Test
    void stopsAQuarterOfASecondAfterTheServerHasToldOfAnything() {
        tick = 21;

        assertThat(shownAt(41)).isCloseTo(2.5, within(1e-6));
    }

    @Test
    void isNotThrownBackWhenWhoToldOfItTellsNoMore() {
        tick = 41;
        double before = shownAt(41);

        walker.settle();

        assertThat(shownAt(41)).isEqualTo(before);
        assertThat(walker.x()).isCloseTo(before, within(1e-6));
    }

    @Test
    void doesNotWalkOnAfterwardsToWhereItIsToldToBeMuchLater() {
        tick = 21;
        shownAt(21);
        walker.settle();

        walker.update(EntityKind.PLAYER, 3, 0, 0, 0, 0, 0, 0, 0, 2, 141 * TICK);

        // Not 12 m off, where it would be had it walked on all the time.
        assertThat(shownAt(140)).isBetween(2.0, 3.1);
    }
}
