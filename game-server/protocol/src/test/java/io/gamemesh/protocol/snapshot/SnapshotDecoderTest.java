package io.gamemesh.protocol.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SnapshotDecoderTest {

    private static final int TICK_RATE = 20;

    private static final SnapshotDecoder.Listener NOBODY = new SnapshotDecoder.Listener() {
        @Override
        public void appeared(EntityTrack entity) {
            assertThat(entity.form()).isNotNull();
        }

        @Override
        public void changed(EntityTrack entity) {
            assertThat(entity.form()).isNotNull();
        }

        @Override
        public void gone(EntityTrack entity) {
            assertThat(entity.form()).isNotNull();
        }
    };

    /** Begins as a datagram does, so that more than the first byte is looked at. */
    private static ByteBuffer datagram(byte[] random, int flags, int count) {
        ByteBuffer datagram = ByteBuffer.allocate(26 + random.length);
        datagram.put((byte) SnapshotFormat.TYPE).put((byte) 0).putShort((short) count);
        datagram.put((byte) flags).put((byte) 1).putLong(0).putLong(count);
        datagram.putShort((short) 0).putShort((short) count).put(random);
        return datagram.flip();
    }

    @Property(tries = 2000)
    void takesOrRefusesAnyBits(
            @ForAll @Size(max = 30) List<@Size(max = 200) byte[]> bodies, @ForAll @IntRange(max = 15) int order) {
        SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);
        try {
            for (int i = 0; i < bodies.size(); i++) {
                boolean applied = decoder.decode(datagram(bodies.get(i), (order << 4) | 1 | (i & 2), i), NOBODY);
                assertThat(applied).isTrue();
                assertThat(decoder.tick()).isEqualTo(i);
            }
        } catch (WireFormatException e) {
            assertThat(e.code()).isEqualTo(CloseCode.MALFORMED);
            assertThat(e).hasMessageContaining("Snapshot");
        }
    }

    @Property(tries = 2000)
    void takesOrRefusesAnyBytes(@ForAll @Size(max = 20) List<@Size(max = 1300) byte[]> datagrams) {
        SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);
        try {
            for (byte[] datagram : datagrams) {
                long tick = decoder.tick();
                boolean applied = decoder.decode(ByteBuffer.wrap(datagram), NOBODY);
                assertThat(applied || decoder.tick() == tick).isTrue();
            }
        } catch (WireFormatException e) {
            boolean tooLong = datagrams.stream().anyMatch(datagram -> datagram.length > Wire.MAX_DATAGRAM);
            assertThat(e.code()).isIn(CloseCode.MALFORMED, tooLong ? CloseCode.TOO_LARGE : CloseCode.MALFORMED);
        }
    }
}
