package io.gamemesh.client;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What a player wanted with the latest ticks. Each datagram repeats the last few inputs, so that one that is lost costs
 * nothing. Confined to its event loop.
 */
final class InputHistory {

    private static final int REPEATED = 3;

    private final WireWriter writer = new WireWriter();
    private final ArrayDeque<Input> latest = new ArrayDeque<>();
    private long sequence;

    /** Inputs are counted per connection: a server knows nothing of those that another was sent. */
    void restart() {
        sequence = 0;
        latest.clear();
    }

    /** The datagram of the next tick; valid until the next call. */
    ByteBuffer next(Movement wanted, WorldView world) {
        latest.addFirst(
                Input.of(++sequence, wanted.x(), wanted.y(), wanted.z(), wanted.yaw(), wanted.pitch(), wanted.flags()));
        if (latest.size() > REPEATED) {
            latest.removeLast();
        }
        new InputDatagram(world.completeRegion(), world.completeTick(), List.copyOf(latest)).write(writer.reset());
        return writer.view();
    }
}
