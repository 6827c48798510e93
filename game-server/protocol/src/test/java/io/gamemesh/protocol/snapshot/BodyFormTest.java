package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.snapshot.RecordFormAssert.assertReadsTheDifferenceThatItWrites;
import static io.gamemesh.protocol.snapshot.RecordFormAssert.assertReadsTheWholeThatItWrites;
import static io.gamemesh.protocol.snapshot.RecordFormAssert.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BodyFormTest {

    private static final int TICK_RATE = 30;
    private static final RecordForm FORM = RecordForm.of(EntityKind.BODY);
    private static final int REACHED = 1 << 28;

    @Provide
    Arbitrary<int[]> records() {
        Arbitrary<int[]> places = Arbitraries.integers()
                .between(-REACHED / 2, REACHED / 2)
                .array(int[].class)
                .ofSize(3);
        Arbitrary<int[]> halves = Arbitraries.integers()
                .between(Short.MIN_VALUE, Short.MAX_VALUE)
                .array(int[].class)
                .ofSize(6);
        Arbitrary<double[]> turns = Arbitraries.doubles()
                .between(-1, 1)
                .array(double[].class)
                .ofSize(4)
                .filter(turn -> turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2] + turn[3] * turn[3] > 1e-6);
        return Combinators.combine(places, halves, turns).as((place, half, turn) -> {
            int[] record = new int[RecordForm.FIELDS];
            long rotation = PackedRotation.of(turn[0], turn[1], turn[2], turn[3]);
            BodyForm.fill(
                    record, 0, place[0], place[1], place[2], half[0], half[1], half[2], rotation, half[3], half[4],
                    half[5]);
            return record;
        });
    }

    @Property
    void readsTheDifferenceThatItWrites(
            @ForAll("records") int[] older,
            @ForAll("records") int[] now,
            @ForAll @IntRange(min = 1, max = SnapshotFormat.HISTORY - 1) int age) {
        assertReadsTheDifferenceThatItWrites(FORM, older, age, now, TICK_RATE);
    }

    @Property
    void readsTheWholeThatItWrites(@ForAll("records") int[] now) {
        assertReadsTheWholeThatItWrites(FORM, now);
    }

    @Property
    void goesOnTurningByItsSpin(
            @ForAll("records") int[] record, @ForAll @IntRange(max = SnapshotFormat.HISTORY - 1) int age) {
        double[] turn = new double[4];
        for (int i = 0; i < 4; i++) {
            turn[i] = PackedRotation.get(BodyForm.rotation(record, 0, 0), i);
        }
        double[] spin = new double[4];
        double square = 0;
        for (int axis = 0; axis < 3; axis++) {
            spin[axis] = BodyForm.spin(record, 0, axis) / (double) BodyForm.SPIN_ONE;
            square += spin[axis] * spin[axis];
        }
        spin[3] = Math.sqrt(1 - square);
        for (int tick = 0; tick < age; tick++) {
            turn = product(spin, turn);
        }

        long rotation = BodyForm.rotation(record, 0, age);

        int away = PackedRotation.difference(rotation, PackedRotation.of(turn[0], turn[1], turn[2], turn[3]));
        assertThat((double) away / PackedRotation.ONE).isCloseTo(0, within(0.0001));
    }

    private static double[] product(double[] a, double[] b) {
        return new double[] {
            a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
            a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
            a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
            a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2]
        };
    }

    @Property
    void refusesAnyBytesOrReadsARecordThatItCouldWrite(
            @ForAll @Size(max = 64) byte[] bytes,
            @ForAll("records") int[] older,
            @ForAll @IntRange(min = 1, max = SnapshotFormat.HISTORY - 1) int age) {
        BitReader in = new BitReader(bytes.length);
        in.fill(ByteBuffer.wrap(bytes));
        int[] read = new int[RecordForm.FIELDS];
        try {
            FORM.read(in, older, 0, age, read, 0, TICK_RATE);
        } catch (WireFormatException refused) {
            assertThat(refused).hasMessageContaining("Snapshot");
            return;
        }

        int[] again = new int[RecordForm.FIELDS];
        BitWriter bits = new BitWriter(1);
        FORM.writeWhole(bits, read, 0);
        FORM.readWhole(reader(bits), again, 0);
        assertThat(again).containsExactly(read);
    }

    /** Tells of everything that a listener is told of a body. */
    private static final class Reader implements SnapshotDecoder.Listener {
        final List<EntityTrack> bodies = new ArrayList<>();

        @Override
        public void appeared(EntityTrack entity) {
            bodies.add(entity);
        }

        @Override
        public void changed(EntityTrack entity) {
            assertThat(entity.rotation(entity.tick() + 100)).isNotNegative();
        }

        @Override
        public void gone(EntityTrack entity) {
            bodies.remove(entity);
        }
    }

    @Property
    void refusesOrAppliesAnyDatagramAfterABody(@ForAll("records") int[] record, @ForAll @Size(max = 100) byte[] bytes) {
        SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);
        Reader reader = new Reader();
        SnapshotWriter writer = new SnapshotWriter(TICK_RATE);
        writer.begin(0, 0, true, 0, 1, 0, 0, 0);
        writer.appeared(0, 1, EntityKind.BODY, record, 0);
        decoder.decode(writer.end(), reader);
        ByteBuffer datagram = ByteBuffer.allocate(Wire.MAX_DATAGRAM);
        // The header of the next datagram, then one entity with whatever comes.
        datagram.put((byte) 1).put((byte) 0).putShort((short) 1).put((byte) 0).put((byte) 1);
        datagram.putShort((short) 2)
                .putShort((short) 0)
                .putShort((short) 1)
                .put(bytes)
                .flip();

        boolean applied = true;
        try {
            applied = decoder.decode(datagram, reader);
        } catch (WireFormatException refused) {
            assertThat(refused).hasMessageContaining("Snapshot");
        }

        assertThat(applied).isTrue();
        assertThat(reader.bodies).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void refusesARotationThatIsNone() {
        BitWriter bits = new BitWriter(1);
        for (int i = 0; i < 6; i++) {
            bits.put(0, 32);
        }
        bits.put(0, 2);
        for (int i = 0; i < 3; i++) {
            bits.put(4000, 13);
        }
        int[] read = new int[RecordForm.FIELDS];

        assertThatThrownBy(() -> FORM.readWhole(reader(bits), read, 0))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("(4000, 4000, 4000)");
    }
}
