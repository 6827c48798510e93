package io.gamemesh.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.sealed.PathMessage.Kind;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PathMessageTest {

    @Property
    void readsWhatItHasWritten(@ForAll Kind kind, @ForAll long token) {
        PathMessage message = new PathMessage(kind, token);
        byte[] packet = new byte[SealedPacket.MAX_BYTES];

        int length = message.write(packet);

        assertThat(PathMessage.read(ByteBuffer.wrap(packet, SealedPacket.HEADER_BYTES, length)))
                .isEqualTo(message);
    }

    @Property
    void refusesWhatIsNone(@ForAll @Size(max = 12) byte[] bytes) {
        byte[] payload = bytes.length == PathMessage.BYTES ? Arrays.copyOf(bytes, PathMessage.BYTES + 1) : bytes;

        assertThatThrownBy(() -> PathMessage.read(ByteBuffer.wrap(payload))).isInstanceOf(WireFormatException.class);
    }

    @Test
    void refusesAnUnknownKind() {
        assertThatThrownBy(() -> PathMessage.read(ByteBuffer.wrap(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 0})))
                .hasMessageContaining("type is 3");
    }
}
