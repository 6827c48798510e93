package io.gamemesh.client;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a player wanted with the latest ticks. Each datagram repeats the last few inputs, so that one that is lost costs
 * nothing. Confined to its event loop.
 */
final class InputHistory {

    /** A power of two, and some seconds at any rate. */
    private static final int REMEMBERED = 512;

    private final WireWriter writer = new WireWriter();
    private final ArrayDeque<Input> latest = new ArrayDeque<>();
    private final long[] madeNanos = new long[REMEMBERED];
    private long sequence;
    private @Nullable Parts parts;

    /** Inputs are counted anew where a server knows nothing of those that another was sent. */
    void restart() {
        sequence = 0;
        latest.clear();
    }

    /** Number of the newest input; 0 if there is none yet. */
    long newest() {
        return sequence;
    }

    /** The input of the next tick. */
    Input next(Movement wanted, long nowNanos) {
        parts = wanted.parts();
        Input input =
                Input.of(++sequence, wanted.x(), wanted.y(), wanted.z(), wanted.yaw(), wanted.pitch(), wanted.flags());
        if (latest.size() == Wire.MAX_INPUTS) {
            latest.removeLast();
        }
        latest.addFirst(input);
        madeNanos[(int) sequence & REMEMBERED - 1] = nowNanos;
        return input;
    }

    /** When the input of that number was made; empty if it was none of this connection's latest. */
    OptionalLong madeAt(long number) {
        return number < 1 || number > sequence || number <= sequence - REMEMBERED
                ? OptionalLong.empty()
                : OptionalLong.of(madeNanos[(int) number & REMEMBERED - 1]);
    }

    /**
     * The datagram of a tick; valid until the next call.
     *
     * @param inputs how many to tell of, the newest first; fewer if there are not so many
     */
    ByteBuffer datagram(int inputs, WorldView world) {
        List<Input> told = latest.stream().limit(inputs).toList();
        new InputDatagram(world.acknowledged(), told, parts).write(writer.reset());
        return writer.view();
    }
}
