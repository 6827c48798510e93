package io.gamemesh.client;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a player wanted with the latest ticks. Each datagram repeats the last few inputs, so that one that is lost costs
 * nothing. Confined to its event loop.
 */
final class InputHistory {

    private final WireWriter writer = new WireWriter();
    private final ArrayDeque<Input> latest = new ArrayDeque<>();
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
    Input next(Movement wanted) {
        parts = wanted.parts();
        Input input =
                Input.of(++sequence, wanted.x(), wanted.y(), wanted.z(), wanted.yaw(), wanted.pitch(), wanted.flags());
        if (latest.size() == Wire.MAX_INPUTS) {
            latest.removeLast();
        }
        latest.addFirst(input);
        return input;
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
