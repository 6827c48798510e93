package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionSettings.Limits;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client and a region's engine in one thread, with a network between them, under virtual time. */
class PredictionTest {

    private static final int RATE = 20;
    private static final long PERIOD = 1_000_000_000 / RATE;
    private static final long MILLI = 1_000_000;
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);
    private static final int SIZE = 1024;
    private static final double ROUNDING = 0.02;

    /** What a network does to datagrams, each way. */
    private record Network(double loss, int latencyMillis, int jitterMillis) {}

    private record Event(long at, long order, Runnable what) {}

    /** There are no other entities. */
    private static final class Blind implements SnapshotDecoder.Listener {

        @Override
        public void appeared(EntityTrack entity) {
            throw new AssertionError("not alone: " + entity);
        }

        @Override
        public void changed(EntityTrack entity) {
            throw new AssertionError("not alone: " + entity);
        }

        @Override
        public void gone(EntityTrack entity) {
            throw new AssertionError("not alone: " + entity);
        }
    }

    private static final class Play {

        final Random random;
        final Network network;
        final RegionEngine engine;
        // Gets all that the server sends.
        final SnapshotDecoder witness = new SnapshotDecoder(RATE);
        final InputHistory inputs = new InputHistory();
        final PriorityQueue<Event> events =
                new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
        final List<Double> corrections = new ArrayList<>();
        final Map<Long, double[]> predicted = new HashMap<>();
        final List<Double> errors = new ArrayList<>();
        final Vec3 start;
        final int periodOfClient;
        long now = 1_000 * MILLI;
        long order;
        long lastClientTick;
        double serverX;
        double serverY;
        double serverZ;
        long serverInput;
        Movement movement = Movement.STILL;
        boolean keepTerrain = true;

        @Nullable WorldView view;

        @Nullable InputClock clock;

        Play(String generatorName, long seed, Network network, int driftPerMille) {
            this.random = new Random(seed);
            this.network = network;
            this.periodOfClient = (int) (PERIOD + PERIOD * driftPerMille / 1000);
            Generator generator = Generator.named(generatorName, seed);
            WorldGeometry geometry = new WorldGeometry(SIZE, SIZE, 100, Box.of(0, 0, 0, SIZE, SIZE, SIZE));
            RegionSettings settings =
                    new RegionSettings(geometry, REGION, Blocks.standard(), generator, RATE, Limits.standard());
            this.engine = RegionEngine.fresh(settings, 1);
            this.start = hill(generator);
            EntityId entity = EntityId.of(1, 1);
            engine.accept(new RegionInput.Join(
                    1, entity, "ann", "ann", Optional.of(new RegionInput.Claim(entity, 0, start))));
            at(now, this::serverTick);
            at(now + random.nextInt((int) PERIOD), this::clientTimer);
        }

        /** Far from the region's borders, its bottom included. */
        private Vec3 hill(Generator generator) {
            Vec3 best = new Vec3(SIZE / 2.0, 0, SIZE / 2.0);
            for (int i = 0; i < 200; i++) {
                int x = random.nextInt(SIZE / 4, SIZE * 3 / 4);
                int z = random.nextInt(SIZE / 4, SIZE * 3 / 4);
                int y = generator.surface(x, z);
                if (best.y() < 20 && y > best.y()) {
                    best = new Vec3(x + 0.5, y, z + 0.5);
                }
            }
            return best;
        }

        WorldView view() {
            WorldView world = view;
            if (world == null) {
                throw new AssertionError("the player has not joined");
            }
            return world;
        }

        private void at(long when, Runnable what) {
            events.add(new Event(when, order++, what));
        }

        void run(long nanos) {
            long end = now + nanos;
            for (Event next = events.peek(); next != null && next.at <= end; next = events.peek()) {
                events.remove();
                now = next.at;
                next.what.run();
            }
            now = end;
        }

        private void transmit(byte[] datagram, java.util.function.Consumer<byte[]> to) {
            if (random.nextDouble() >= network.loss) {
                long delay = network.latencyMillis * MILLI
                        + (network.jitterMillis == 0 ? 0 : random.nextInt(network.jitterMillis * (int) MILLI));
                at(now + delay, () -> to.accept(datagram));
            }
        }

        private void serverTick() {
            engine.step(now, this::serverOutput);
            at(now + PERIOD, this::serverTick);
        }

        private void serverOutput(RegionOutput output) {
            switch (output) {
                case RegionOutput.Joined joined -> {
                    ToClient.Welcome welcome = new ToClient.Welcome(
                            Wire.VERSION,
                            0,
                            "test-0",
                            "ann",
                            1,
                            false,
                            RATE,
                            96,
                            7,
                            "test",
                            SIZE,
                            Blocks.standard().all().stream()
                                    .map(block -> new ToClient.BlockType(block.name(), block.solid()))
                                    .toList(),
                            REGION.packed(),
                            joined.position());
                    at(now + network.latencyMillis * MILLI, () -> {
                        view = new WorldView(welcome, keepTerrain, true, corrections::add, now);
                        clock = new InputClock(RATE, now);
                    });
                }
                case RegionOutput.Send(long session, ToClient.Terrain terrain) ->
                    at(now + network.latencyMillis * MILLI, () -> view().apply(terrain));
                case RegionOutput.Snapshot(long session, ByteBuffer datagram) -> {
                    witness.decode(datagram.duplicate(), new Blind());
                    serverInput = witness.lastInput();
                    serverX = witness.selfPosition(0) / 128.0;
                    serverY = witness.selfPosition(1) / 128.0;
                    serverZ = witness.selfPosition(2) / 128.0;
                    double[] expected = predicted.remove(serverInput);
                    if (expected != null) {
                        errors.add(distance(expected, serverX, serverY, serverZ));
                    }
                    byte[] copy = new byte[datagram.remaining()];
                    datagram.duplicate().get(copy);
                    transmit(copy, this::clientReceives);
                }
                default -> {
                    // Nothing that a client of one region must know.
                }
            }
        }

        private void clientReceives(byte[] datagram) {
            if (view().apply(ByteBuffer.wrap(datagram), now) && now - lastClientTick >= PERIOD / 2) {
                clientTick();
            }
        }

        private void clientTimer() {
            if (view != null && now - lastClientTick >= PERIOD * 3 / 2) {
                clientTick();
            }
            at(now + periodOfClient / 5, this::clientTimer);
        }

        private void clientTick() {
            lastClientTick = now;
            WorldView world = view();
            int due = clock == null ? 0 : clock.due(now);
            for (int i = 0; i < due; i++) {
                InputDatagram.Input input = inputs.next(movement, 0);
                world.did(input, now);
                if (world.predicts()) {
                    predicted.put(
                            input.sequence(),
                            new double[] {world.predictedX(), world.predictedY(), world.predictedZ()});
                }
            }
            if (due > 0) {
                ByteBuffer datagram = inputs.datagram(Math.max(world.inputCopies(), due), world);
                byte[] copy = new byte[datagram.remaining()];
                datagram.get(copy);
                transmit(
                        copy,
                        received ->
                                engine.accept(new RegionInput.Move(1, InputDatagram.read(ByteBuffer.wrap(received)))));
            }
        }

        /** Walks, runs, turns and jumps as it comes. */
        void wander(int seconds) {
            for (int i = 0; i < seconds * 2; i++) {
                double angle = random.nextDouble(2 * Math.PI);
                double speed = random.nextDouble(9);
                int flags = random.nextInt(4);
                movement = new Movement(speed * Math.cos(angle), 0, speed * Math.sin(angle), 0, 0, flags);
                run(500 * MILLI);
            }
        }

        double error() {
            return distance(
                    new double[] {view().predictedX(), view().predictedY(), view().predictedZ()},
                    serverX,
                    serverY,
                    serverZ);
        }

        double shownError() {
            Pose pose = new Pose();
            view().showOwn(now, pose);
            return distance(new double[] {pose.x(), pose.y(), pose.z()}, serverX, serverY, serverZ);
        }

        double shownX() {
            Pose pose = new Pose();
            view().showOwn(now, pose);
            return pose.x();
        }

        double share(double below) {
            return errors.stream().filter(error -> error <= below).count() / (double) errors.size();
        }

        double worst() {
            return errors.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }
    }

    private static double distance(double[] a, double x, double y, double z) {
        return Math.sqrt((a[0] - x) * (a[0] - x) + (a[1] - y) * (a[1] - y) + (a[2] - z) * (a[2] - z));
    }

    private static Play playing(long seed, Network network) {
        Play play = new Play("hills", seed, network, 1);
        // Until it has the terrain round it.
        play.run(10_000 * MILLI);
        play.corrections.clear();
        play.errors.clear();
        return play;
    }

    @Property(tries = 20)
    void predictsToTheCentimetreWhereNothingIsLost(@ForAll long seed) {
        Play play = playing(seed, new Network(0, 40, 20));

        play.wander(20);

        assertThat(play.errors.size()).isGreaterThan(200);
        assertThat(play.share(ROUNDING)).isGreaterThan(0.98);
    }

    @Property(tries = 20)
    void lossAndJitterCostLittleAndNothingInTheEnd(@ForAll long seed) {
        Play play = playing(seed, new Network(0.05, 40, 40));

        play.wander(20);
        double share = play.share(ROUNDING);
        double worst = play.worst();
        play.movement = Movement.STILL;
        play.run(2_000 * MILLI);

        assertThat(share).isGreaterThan(0.8);
        assertThat(worst).isLessThan(5);
        assertThat(play.error()).isLessThan(ROUNDING);
        assertThat(play.shownError()).isLessThan(ROUNDING);
    }

    @Test
    void feelsAnInputAtOnceWhateverTheLatency() {
        Play play = playing(7, new Network(0, 200, 0));
        double before = play.view().predictedX();
        double server = play.serverX;
        play.movement = Movement.walk(4, 0);

        play.run(150 * MILLI);

        assertThat(play.view().predictedX() - before).isGreaterThan(0.3);
        assertThat(play.serverX).isEqualTo(server);
    }

    @Test
    void slidesToWhereItIsCorrectedTo() {
        Play play = playing(7, new Network(0, 100, 0));
        play.movement = Movement.walk(4, 0);
        play.run(1_000 * MILLI);
        int x = (int) Math.floor(play.view().predictedX()) + 1;
        int y = (int) Math.floor(play.view().predictedY());
        int z = (int) Math.floor(play.view().predictedZ());
        // A wall of which the client does not know yet.
        for (int up = 0; up < 4; up++) {
            play.engine.accept(new RegionInput.Edit(1, new ToServer.BlockEdit(up, x, y + up, z, Blocks.BRICK)));
        }

        double largestStep = 0;
        double shown = play.shownX();
        for (int frame = 0; frame < 50; frame++) {
            play.run(10 * MILLI);
            largestStep = Math.max(largestStep, Math.abs(play.shownX() - shown));
            shown = play.shownX();
        }

        assertThat(play.corrections).isNotEmpty();
        assertThat(largestStep).isLessThan(0.3);
        assertThat(play.error()).isLessThan(ROUNDING);
    }

    @Test
    void withoutTerrainThePlayerIsWhereTheServerSays() {
        Play play = new Play("hills", 7, new Network(0, 40, 0), 0);
        play.keepTerrain = false;
        play.run(5_000 * MILLI);
        play.movement = Movement.walk(4, 0);

        play.run(1_000 * MILLI);

        assertThat(play.view().predicts()).isFalse();
        assertThat(play.view().predictedX()).isEqualTo(play.view().x());
        assertThat(play.shownError()).isLessThan(2);
    }
}
