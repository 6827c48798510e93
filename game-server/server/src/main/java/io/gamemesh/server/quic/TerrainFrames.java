package io.gamemesh.server.quic;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.MessageCodec;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClientCodec;
import org.jspecify.annotations.Nullable;

/** Codes a message once where it goes to one client after the other. Confined to the players' event loop. */
final class TerrainFrames {
    private static final MessageCodec<ToClient.Terrain> CODEC = ToClientCodec.terrain();

    private ToClient.@Nullable Terrain last;
    private Bytes frame = Bytes.empty();

    /** The message's frame. */
    Bytes of(ToClient.Terrain message) {
        if (!message.equals(last)) {
            frame = CODEC.frame(message);
            last = message;
        }
        return frame;
    }
}
