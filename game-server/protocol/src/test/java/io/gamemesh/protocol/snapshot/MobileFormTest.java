package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.snapshot.RecordFormAssert.assertReadsTheDifferenceThatItWrites;
import static io.gamemesh.protocol.snapshot.RecordFormAssert.assertReadsTheWholeThatItWrites;
import static io.gamemesh.protocol.snapshot.RecordFormAssert.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.WireFormatException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MobileFormTest {

    private static final int TICK_RATE = 20;
    private static final int OLDEST = SnapshotFormat.HISTORY - 1;
    private static final RecordForm FORM = RecordForm.of(EntityKind.PLAYER);
    private static final int REACHED = 1 << 28;
    private static final double FINE_PER_METRE = 128.0 * RecordForm.FINE;
    private static final double RADIANS = 2 * Math.PI / 256;

    @Provide
    Arbitrary<int[]> records() {
        Arbitrary<int[]> places = Arbitraries.integers()
                .between(-REACHED / 2, REACHED / 2)
                .array(int[].class)
                .ofSize(3);
        Arbitrary<int[]> speeds = Arbitraries.integers()
                .between(Short.MIN_VALUE, Short.MAX_VALUE)
                .array(int[].class)
                .ofSize(3);
        Arbitrary<Integer> turns =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(-127, 127));
        return Combinators.combine(
                        places,
                        speeds,
                        Arbitraries.integers().between(0, 255),
                        turns,
                        Arbitraries.integers().between(-64, 64))
                .as((place, speed, yaw, turn, pitch) -> new int[] {
                    place[0], place[1], place[2], speed[0], speed[1], speed[2], MobileForm.turning(yaw, turn), pitch
                });
    }

    @Property
    void readsTheDifferenceThatItWrites(
            @ForAll("records") int[] older,
            @ForAll("records") int[] now,
            @ForAll @IntRange(min = 1, max = OLDEST) int age) {
        assertReadsTheDifferenceThatItWrites(FORM, older, age, now, TICK_RATE);
    }

    @Property
    void readsTheWholeThatItWrites(@ForAll("records") int[] now) {
        assertReadsTheWholeThatItWrites(FORM, now);
    }

    private static int[] walker(int speedX, int speedZ, int yaw, int turn) {
        return new int[] {0, 0, 0, speedX, 0, speedZ, MobileForm.turning(yaw, turn), 0};
    }

    /** What turns by w a second and goes at v is on a circle of radius v / w. */
    @Property
    void foretellsTheArcOfWhoTurnsAsHeWalks(
            @ForAll @IntRange(min = -160, max = 160) int speedX,
            @ForAll @IntRange(min = -160, max = 160) int speedZ,
            @ForAll @IntRange(min = -127, max = 127) int turn,
            @ForAll @IntRange(min = 1, max = OLDEST) int age) {
        double seconds = (double) age / TICK_RATE;
        // Its velocity is foretold with two terms of a series, which serve for an eighth of a turn.
        double angle = turn * seconds * RADIANS;
        if (Math.abs(angle) > Math.PI / 4) {
            return;
        }
        double x = speedX / 16.0;
        double z = speedZ / 16.0;
        double along = angle == 0 ? 1 : Math.sin(angle) / angle;
        double aside = angle == 0 ? 0 : (1 - Math.cos(angle)) / angle;
        int[] record = walker(speedX, speedZ, 0, turn);

        double enough = 0.005 * Math.hypot(x, z) * seconds + 0.003;
        assertThat(FORM.fine(record, 0, 0, age, TICK_RATE) / FINE_PER_METRE)
                .isCloseTo((x * along + z * aside) * seconds, within(enough));
        assertThat(FORM.fine(record, 0, 2, age, TICK_RATE) / FINE_PER_METRE)
                .isCloseTo((z * along - x * aside) * seconds, within(enough));
    }

    /** With a yaw of 0 one looks along -z, with a quarter of a turn along -x. */
    @Test
    void turnsTheWalkTheWayThatTheYawTurns() {
        int[] ahead = walker(0, -64, 0, 64);

        assertThat(FORM.fine(ahead, 0, 0, TICK_RATE / 2, TICK_RATE)).isNegative();
        assertThat(MobileForm.foretoldYaw(ahead, 0, RecordForm.time(TICK_RATE / 2, TICK_RATE)))
                .isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(ints = {-127, 127})
    void turnsNoFurtherThanAQuarter(int turn) {
        int[] record = walker(64, 0, 200, turn);

        int yaw = MobileForm.foretoldYaw(record, 0, RecordForm.time(OLDEST, TICK_RATE));

        assertThat(yaw).isEqualTo((200 + Integer.signum(turn) * 64) & 0xff);
        assertThat(FORM.fine(record, 0, 0, OLDEST, TICK_RATE)).isPositive();
    }

    @Test
    void goesStraightOnWhoDoesNotTurn() {
        int[] record = walker(64, -32, 10, 0);

        // 4 m/s and 2 m/s for a second.
        assertThat(FORM.fine(record, 0, 0, TICK_RATE, TICK_RATE)).isEqualTo(4096);
        assertThat(FORM.fine(record, 0, 2, TICK_RATE, TICK_RATE)).isEqualTo(-2048);
    }

    @Test
    void refusesATurnOfMoreThanAByte() {
        BitWriter bits = new BitWriter(1);
        bits.put(0b100, 3);
        bits.putSigned(0, 1);
        bits.putSigned(0, 0);
        bits.putSigned(1, 3);
        int[] older = walker(0, 0, 0, 127);
        BitReader in = reader(bits);

        assertThatThrownBy(() -> FORM.read(in, older, 0, 1, new int[RecordForm.FIELDS], 0, TICK_RATE))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("turn is 128, expected -128 to 127");
    }
}
