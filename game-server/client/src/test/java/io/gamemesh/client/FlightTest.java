package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.protocol.snapshot.BitWriter;
import io.gamemesh.protocol.snapshot.BodyForm;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.snapshot.SnapshotWriter;
import io.gamemesh.protocol.wire.EntityKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlightTest {

    private static final int TICK_RATE = 20;
    private static final long TICK = 1_000_000_000L / TICK_RATE;
    private static final long MOST = 64 * TICK;
    // About the y axis, radians a second.
    private static final double SPIN = 1.5;

    /** A body that a server tells of: at tick 1 on its way along x, at tick 21 stopped and turned back. */
    private static final class Told implements SnapshotDecoder.Listener {
        private final SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);
        private final List<EntityTrack> bodies = new ArrayList<>();
        private final int[] first = record(0, 256, SPIN, PackedRotation.NONE);

        private static int[] record(int x, int speed, double spin, long rotation) {
            int[] record = new int[RecordForm.FIELDS];
            int sine = (int) Math.round(Math.sin(spin / (2 * TICK_RATE)) * BodyForm.SPIN_ONE);
            BodyForm.fill(record, 0, x, 0, 0, speed, 0, 0, rotation, 0, sine, 0);
            return record;
        }

        EntityTrack start() {
            SnapshotWriter writer = new SnapshotWriter(TICK_RATE);
            writer.begin(0, 0, true, 0, 1, 0, 0, 0);
            writer.appeared(0, 1, EntityKind.BODY, first, 0);
            decoder.decode(writer.end(), this);
            return bodies.getFirst();
        }

        void turnBack() {
            int[] now = record(256, -128, 0, PackedRotation.of(0, Math.sin(0.75), 0, Math.cos(0.75)));
            BitWriter difference = new BitWriter(4);
            RecordForm.of(EntityKind.BODY).write(difference, first, 0, 20, now, 0, TICK_RATE);
            SnapshotWriter writer = new SnapshotWriter(TICK_RATE);
            writer.begin(0, 1, false, 0, 21, 0, 20, 0);
            writer.changed(0, 20, difference, 0, difference.length());
            decoder.decode(writer.end(), this);
        }

        @Override
        public void appeared(EntityTrack entity) {
            bodies.add(entity);
        }

        @Override
        public void changed(EntityTrack entity) {
            assertThat(bodies).containsExactly(entity);
        }

        @Override
        public void gone(EntityTrack entity) {
            bodies.remove(entity);
        }
    }

    private final Told told = new Told();
    private final Flight flight = new Flight();
    private final Pose pose = new Pose();

    @Test
    void goesStraightOnAndTurnsEvenlyWithoutNews() {
        flight.add(TICK, 0, 0, 0, told.start());

        flight.at(TICK + 700_000_000, MOST, pose);

        assertThat(pose.x()).isCloseTo(1.4, within(0.001));
        assertThat(pose.turnY()).isCloseTo(Math.sin(SPIN * 0.35), within(0.001));
        assertThat(pose.turnW()).isCloseTo(Math.cos(SPIN * 0.35), within(0.001));
    }

    @Test
    void turnsBackWhenItHasHitSomethingAndNoSooner() {
        EntityTrack track = told.start();
        flight.add(TICK, 0, 0, 0, track);
        told.turnBack();
        flight.add(21 * TICK, 2, 0, 0, track);

        flight.at(20 * TICK, MOST, pose);
        double before = pose.x();
        flight.at(25 * TICK, MOST, pose);

        assertThat(before).isCloseTo(1.9, within(0.001));
        assertThat(pose.x()).isCloseTo(1.8, within(0.001));
        assertThat(pose.turnY()).isCloseTo(Math.sin(0.75), within(0.001));
    }

    @Test
    void staysWhereItIsWhenNewsFailToCome() {
        flight.add(TICK, 0, 0, 0, told.start());

        flight.at(TICK + 2 * MOST, MOST, pose);
        double atLast = pose.x();
        flight.at(TICK + 3 * MOST, MOST, pose);

        assertThat(pose.x()).isEqualTo(atLast).isCloseTo(6.4, within(0.001));
    }
}
