package io.gamemesh.fuzzing;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Datagrams of what players do, which have one notation. */
final class InputTarget implements Target<InputDatagram> {

    private final List<byte[]> seeds;

    InputTarget(List<InputDatagram> seeds) {
        this.seeds = seeds.stream().map(InputTarget::bytes).toList();
    }

    private static byte[] bytes(InputDatagram datagram) {
        WireWriter out = new WireWriter();
        datagram.write(out);
        return out.toBytes().toArray();
    }

    @Override
    public String name() {
        return "input";
    }

    @Override
    public InputDatagram decode(byte[] input) {
        return InputDatagram.read(ByteBuffer.wrap(input));
    }

    @Override
    public void check(byte[] input, InputDatagram value) {
        if (!Arrays.equals(bytes(value), input)) {
            throw new AssertionError(value + " is other bytes when written");
        }
    }

    @Override
    public long mostAllocated(int length) {
        return 4096;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
