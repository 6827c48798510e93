package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.motion.Body;
import io.gamemesh.core.motion.Matter;
import io.gamemesh.core.motion.Motion;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.FlatGenerator;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MovementTest {

    private static final int RATE = 20;
    private static final double STEP = Motion.SPRINT / RATE;

    private final Blocks blocks = Blocks.standard();
    private Terrain terrain = new Terrain(new FlatGenerator(), 0, 0, 0, 512);
    private Movement movement = new Movement(blocks, terrain, RATE);
    private Entities entities = new Entities();
    private Controls controls = new Controls(0);
    private int row = add();

    private int add() {
        return entities.add(
                new Entity(1, 0, EntityKind.PLAYER, 0.5, 1, 0.5, 0, 0, 0, 0, 0, true, "ann", "ann", Entity.Trait.NONE),
                null,
                0);
    }

    /** Tries of a property share an instance. */
    private void startAnew() {
        terrain = new Terrain(new FlatGenerator(), 0, 0, 0, 512);
        movement = new Movement(blocks, terrain, RATE);
        entities = new Entities();
        controls = new Controls(0);
        row = add();
    }

    private void send(Input... newestFirst) {
        controls.offer(new InputDatagram(InputDatagram.Acknowledged.NOTHING, List.of(newestFirst)));
    }

    private static Input east(long sequence, int flags) {
        return Input.of(sequence, 4, 0, 0, 0, 0, flags);
    }

    private void step() {
        movement.step(entities, row, controls);
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    private Body own() {
        return movement.own(entities, row, controls);
    }

    @Test
    void goesOnWhileAnInputIsLateAndTakesTheGuessBackWhenItHasCome() {
        send(east(1, 0));
        step();
        step();
        double guessed = entities.x[row];
        send(Input.of(2, 0, 0, 4, 0, 0, 0));

        step();

        assertThat(guessed).isCloseTo(0.9, within(1e-9));
        assertThat(own().x).isCloseTo(0.7, within(1e-9));
        assertThat(own().z).isCloseTo(0.7, within(1e-9));
        assertThat(controls.taken()).isEqualTo(2);
    }

    private static Input curve(long sequence) {
        double angle = 0.1 * sequence;
        return Input.of(sequence, 4 * Math.cos(angle), 0, 4 * Math.sin(angle), angle, 0, 0);
    }

    @Test
    void goesOnInACurveWhileAnInputIsLate() {
        for (int input = 1; input <= 5; input++) {
            send(curve(input));
            step();
        }
        int looks = controls.yaw;

        step();

        double x = entities.x[row];
        double z = entities.z[row];
        assertThat((short) (controls.yaw - looks)).isCloseTo((short) (0.1 / Math.TAU * 65536), within((short) 2));
        send(curve(7), curve(6));
        step();
        // The guess was right: what was done in the tick before is where it had led.
        assertThat(entities.x[row] - x).isCloseTo(4 * Math.cos(0.7) / RATE, within(2e-3));
        assertThat(entities.z[row] - z).isCloseTo(4 * Math.sin(0.7) / RATE, within(2e-3));
    }

    @Test
    void whatWasGuessedOfALookIsNoPartOfWhatIsGuessedNext() {
        for (int input = 1; input <= 5; input++) {
            send(curve(input));
            step();
        }
        steps(2);
        send(curve(7), curve(6));
        step();
        int looks = controls.yaw;

        step();

        assertThat((short) (controls.yaw - looks)).isCloseTo((short) (0.1 / Math.TAU * 65536), within((short) 2));
    }

    @Test
    void aJerkDoesNotGoOn() {
        send(curve(1));
        step();
        send(Input.of(2, 0, 0, 4, 0, 0, 0));
        step();
        double x = entities.x[row];

        step();

        assertThat(entities.x[row]).isEqualTo(x);
    }

    @Test
    void tellsAClientOnlyWhatItsOwnInputsHaveDone() {
        send(east(1, 0));
        step();

        steps(3);

        assertThat(entities.x[row]).isCloseTo(1.3, within(1e-9));
        assertThat(own().x).isCloseTo(0.7, within(1e-9));
        assertThat(controls.taken()).isEqualTo(1);
    }

    @Test
    void whatASilentClientIsGuessedToDoBecomesTrue() {
        send(east(1, 0));
        step();

        steps(movement.reach() + 1);

        assertThat(own().x).isEqualTo(entities.x[row]).isGreaterThan(0.7);
    }

    @Test
    void aSilentClientStandsStillAfterHalfASecond() {
        send(east(1, 0));
        steps(RATE / 2 + 1);
        double then = entities.x[row];

        steps(RATE);

        assertThat(entities.x[row]).isEqualTo(then);
    }

    @Test
    void aJumpThatIsDroppedIsMadeLater() {
        for (int i = 1; i <= 20; i++) {
            send(east(i, i == 3 ? InputDatagram.JUMP : 0));
        }

        step();

        assertThat(entities.y[row]).isGreaterThan(1);
        assertThat(movement.inputsDropped()).isEqualTo(12);
    }

    @Test
    void whatWaitsForASecondIsDropped() {
        send(east(3, 0), east(2, 0), east(1, 0));

        for (int i = 4; i < 4 + 2 * RATE; i++) {
            send(east(i, 0));
            step();
        }

        assertThat(movement.inputsDropped()).isEqualTo(3);
        assertThat(controls.taken()).isEqualTo(3 + 2 * RATE);
        assertThat(controls.owed).isZero();
    }

    @Test
    void aClientThatIsAlwaysLateByATickIsForgivenIt() {
        send(east(1, 0));
        steps(2);

        for (int i = 2; i <= 3 * RATE; i++) {
            send(east(i, 0));
            step();
        }

        assertThat(controls.owed).isZero();
        assertThat(own().x).isCloseTo(0.5 + 0.2 * 3 * RATE, within(1e-9));
    }

    @Test
    void goesOnWithWhatWasSentWhileThePlayerCrossed() {
        Controls after = new Controls(7);
        after.goOn(4, 0, movement.reach());
        after.offer(new InputDatagram(
                InputDatagram.Acknowledged.NOTHING, List.of(east(10, 0), east(9, 0), east(8, 0), east(7, 0))));

        movement.step(entities, row, after);

        assertThat(after.taken()).isEqualTo(10);
        assertThat(entities.x[row]).isCloseTo(0.5 + 3 * 0.2, within(1e-9));
    }

    private Controls arrived(int owed) {
        Body place = new Body();
        place.x = 0.5;
        place.y = 1;
        place.z = 0.5;
        place.vx = 4;
        place.grounded = true;
        Controls after = new Controls(7);
        movement.arrive(entities, row, after, place, owed);
        return after;
    }

    /** Regions step at their own times: this one does so just after the one before has. */
    @Test
    void stepsNobodyTwiceInATickThatArrivesInIt() {
        Controls after = arrived(0);
        after.offer(new InputDatagram(InputDatagram.Acknowledged.NOTHING, List.of(east(8, 0))));

        movement.step(entities, row, after);

        assertThat(after.taken()).isEqualTo(7);
        assertThat(entities.x[row]).isEqualTo(0.5);
        movement.step(entities, row, after);
        assertThat(after.taken()).isEqualTo(8);
        assertThat(entities.x[row]).isCloseTo(0.5 + 0.2, within(1e-9));
    }

    @Test
    void guessesOnForWhoArrivesUntilTheInputsOfTheTimeHaveCome() {
        Controls after = arrived(3);

        movement.step(entities, row, after);

        assertThat(entities.x[row]).isCloseTo(0.5 + 3 * 0.2, within(1e-9));
        assertThat(movement.own(entities, row, after).x).as("by its own inputs").isEqualTo(0.5);

        after.offer(new InputDatagram(
                InputDatagram.Acknowledged.NOTHING,
                List.of(Input.of(11, 0, 0, 0, 0, 0, 0), Input.of(10, 0, 0, 0, 0, 0, 0), east(9, 0), east(8, 0))));
        movement.step(entities, row, after);

        assertThat(after.taken()).isEqualTo(11);
        assertThat(movement.own(entities, row, after).x).isCloseTo(0.5 + 2 * 0.2, within(1e-9));
    }

    /** However late each input comes within reach, the player ends up where the inputs alone lead it, bit for bit. */
    @Property(tries = 300)
    void doesWhatTheInputsSayWheneverTheyCome(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count) {
        startAnew();
        Random random = new Random(seed);
        build(random);
        List<Input> inputs = randomInputs(random, count);
        int arrived = 1;
        offerUpTo(inputs, arrived);
        step();

        for (int tick = 2; tick <= count; tick++) {
            arrived = Math.max(arrived, Math.clamp(tick - random.nextInt(movement.reach() + 1), 0, count));
            offerUpTo(inputs, arrived);
            step();
        }
        offerUpTo(inputs, count);
        for (int late = 0; controls.taken() < count && late < movement.reach(); late++) {
            step();
        }

        Body alone = walkAlone(inputs);
        assertThat(controls.taken()).isEqualTo(count);
        assertThat(movement.inputsDropped()).isZero();
        assertThat(own()).usingRecursiveComparison().isEqualTo(alone);
    }

    private void offerUpTo(List<Input> inputs, int arrived) {
        if (arrived > 0) {
            List<Input> newestFirst = new ArrayList<>();
            for (int i = arrived - 1; i >= 0 && newestFirst.size() < 8; i--) {
                newestFirst.add(inputs.get(i));
            }
            controls.offer(new InputDatagram(InputDatagram.Acknowledged.NOTHING, newestFirst));
        }
    }

    private Body walkAlone(List<Input> inputs) {
        Motion rules =
                new Motion((x, y, z) -> blocks.isSolid(terrain.block(x, y, z)) ? Matter.SOLID : Matter.OPEN, RATE);
        Body alone = new Body();
        alone.x = 0.5;
        alone.y = 1;
        alone.z = 0.5;
        alone.grounded = true;
        for (Input input : inputs) {
            rules.move(
                    alone,
                    input.moveX() / 128.0,
                    input.moveY() / 128.0,
                    input.moveZ() / 128.0,
                    (input.flags() & InputDatagram.SPRINT) != 0,
                    (input.flags() & InputDatagram.JUMP) != 0);
        }
        return alone;
    }

    private void build(Random random) {
        for (int i = 0; i < 100; i++) {
            int x = random.nextInt(-12, 12);
            int z = random.nextInt(-12, 12);
            if (x * x + z * z > 4) {
                terrain.edit(x, random.nextInt(1, 4), z, Blocks.BRICK);
            }
        }
    }

    private static List<Input> randomInputs(Random random, int count) {
        List<Input> inputs = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            inputs.add(Input.of(i, random.nextInt(-9, 10), 0, random.nextInt(-9, 10), 0, 0, random.nextInt(4)));
        }
        return inputs;
    }

    /** Whatever a client sends and whenever, its player is nowhere that it could not have run to. */
    @Property(tries = 300)
    void isNeverFasterThanAPlayerCanBe(@ForAll long seed) {
        startAnew();
        Random random = new Random(seed);
        double[][] path = new double[200][];
        long sequence = 0;
        double angle = 0;

        for (int tick = 0; tick < 200; tick++) {
            int datagrams = random.nextInt(4) == 0 ? random.nextInt(30) : random.nextInt(2);
            for (int i = 0; i < datagrams; i++) {
                sequence += 1 + random.nextInt(9);
                angle += random.nextInt(20) == 0 ? Math.PI : 0;
                Input[] inputs = new Input[(int) Math.min(sequence, 8)];
                for (int k = 0; k < inputs.length; k++) {
                    inputs[k] = Input.of(
                            sequence - k, 200 * Math.cos(angle), 0, 200 * Math.sin(angle), 0, 0, InputDatagram.SPRINT);
                }
                send(inputs);
            }
            step();
            path[tick] = new double[] {entities.x[row], entities.z[row], own().x, own().z};
        }

        for (int from = 0; from < 200; from++) {
            for (int to = from + 1; to < 200; to++) {
                double[] a = path[from];
                double[] b = path[to];
                assertThat(Math.hypot(b[0] - a[0], b[1] - a[1]))
                        .isLessThanOrEqualTo((to - from + 2 * movement.reach()) * STEP + 1e-9);
                assertThat(Math.hypot(b[2] - a[2], b[3] - a[3]))
                        .isLessThanOrEqualTo((to - from + movement.reach()) * STEP + 1e-9);
            }
        }
    }
}
