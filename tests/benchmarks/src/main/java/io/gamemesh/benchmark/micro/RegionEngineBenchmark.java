package io.gamemesh.benchmark.micro;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionSink;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One tick of a region in which a hundred players walk in circles within sight of each other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RegionEngineBenchmark {

    private static final int PLAYERS = 100;
    private static final int TICK_RATE = 20;
    private static final long TICK_NANOS = 1_000_000_000L / TICK_RATE;
    private static final double METRES_A_SECOND = 4;
    private static final int SEQUENCE_AT = 2;
    private static final int TICKS_A_TURN = 10 * TICK_RATE;

    private final RegionEngine engine = RegionEngine.fresh(
            new RegionSettings(
                    new WorldGeometry(2048, 512, 100, null),
                    RegionId.of(0, 0, 0, 0),
                    Blocks.standard(),
                    Generator.named("hills", 42),
                    TICK_RATE,
                    RegionSettings.Limits.standard()),
            1);
    private long tick;

    private final int[] newest = new int[PLAYERS + 1];

    /** Clients that have what they are sent a tick later. */
    private final class Players implements RegionSink {

        private final @Nullable Blackhole rest;

        Players(@Nullable Blackhole rest) {
            this.rest = rest;
        }

        @Override
        public void put(RegionOutput output) {
            if (rest != null) {
                rest.consume(output);
            }
        }

        @Override
        public void snapshot(long session, ByteBuffer datagram) {
            newest[(int) session] = datagram.getShort(SEQUENCE_AT) & 0xffff;
        }
    }

    private InputDatagram.Acknowledged acknowledged(int player) {
        return tick == 1 ? InputDatagram.Acknowledged.NOTHING : new InputDatagram.Acknowledged(0, newest[player], -1);
    }

    @Setup
    public void joinPlayers() {
        for (int player = 1; player <= PLAYERS; player++) {
            engine.accept(new RegionInput.Join(
                    player, EntityId.of(1, player), "id-" + player, "bench-" + player, Optional.empty()));
        }
        // Long enough for everybody to have got all terrain there is to see.
        for (int i = 0; i < 60 * TICK_RATE; i++) {
            tick(new Players(null));
        }
        if (engine.stats().entities() != PLAYERS) {
            throw new IllegalStateException("%d of %d players are in the region: %s"
                    .formatted(engine.stats().entities(), PLAYERS, engine.stats()));
        }
    }

    @Benchmark
    public void stepWith100Players(Blackhole sink) {
        tick(new Players(sink));
    }

    private void tick(RegionSink out) {
        tick++;
        for (int player = 1; player <= PLAYERS; player++) {
            double angle = 2 * Math.PI * (tick + 2L * player) / TICKS_A_TURN;
            Input input = Input.of(
                    tick, METRES_A_SECOND * Math.cos(angle), 0, METRES_A_SECOND * Math.sin(angle), angle, 0, 0);
            engine.accept(new RegionInput.Move(player, new InputDatagram(acknowledged(player), List.of(input))));
        }
        engine.step(tick * TICK_NANOS, out);
    }
}
