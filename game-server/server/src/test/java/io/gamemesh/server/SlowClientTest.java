package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.GameClient;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToServer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No more than 32 KiB wait for one client here, which a machine with much to do may exceed even for one that reads. */
class SlowClientTest {
    /** Fewer than a client may send. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    Path directory;

    @Test
    void disconnectsAClientThatDoesNotReadAndNobodyElse() throws Exception {
        Map<String, String> limits =
                Map.of("gamemesh.limits.reliable-backlog-bytes", "32768", "gamemesh.world.generator", "hills");
        try (TestMesh mesh = new TestMesh(directory, 1, limits)) {
            mesh.startAll(0);
            GameClient witness = mesh.join("witness", 0);

            try (RawClient client = RawClient.thatDoesNotRead(
                    mesh.files, mesh.servers.getFirst().playerAddress())) {
                client.control(RawClient.frame(RawClient.hello("mallory")));

                assertThat(client.end().code()).contains(CloseCode.TOO_SLOW);
                assertThat(client.end().reason()).contains("wait to be read");
            }

            assertThat(mesh.refused(0, "too_slow")).isPositive();
            long before = witness.inspect(WorldView::snapshot).join();
            Eventually.within().until(() -> witness.inspect(WorldView::snapshot).join() > before + 5);
        }
    }

    @Test
    void countsWhatAnswersTakeThatAClientDoesNotRead() throws Exception {
        try (TestMesh mesh = new TestMesh(directory, 1, Map.of("gamemesh.limits.reliable-backlog-bytes", "32768"))) {
            mesh.startAll(0);
            askInVain(mesh);
            assertThat(mesh.refused(0, "too_slow")).isPositive();
        }
    }

    private static void askInVain(TestMesh mesh) {
        try (RawClient client =
                RawClient.thatTakesNoAnswers(mesh.files, mesh.servers.getFirst().playerAddress())) {
            QuicStreamChannel control = client.control(RawClient.frame(RawClient.hello("mallory")));

            // Far fewer bytes than may wait.
            for (int i = 0; i < 200 && mesh.refused(0, "too_slow") == 0; i++) {
                ChannelFuture _ = control.writeAndFlush(Unpooled.wrappedBuffer(RawClient.frame(new ToServer.Ping(i))));
                LockSupport.parkNanos(PAUSE_NANOS);
            }

            assertThat(client.end().code()).contains(CloseCode.TOO_SLOW);
        }
    }
}
