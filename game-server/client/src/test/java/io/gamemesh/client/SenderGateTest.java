package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SenderGateTest {
    private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.9", 1000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 7777);
    private static final InetSocketAddress OTHER_PORT = new InetSocketAddress("192.0.2.1", 7778);

    private final SenderGate gate = new SenderGate();
    private final EmbeddedChannel socket = new EmbeddedChannel(gate);

    @AfterEach
    void close() {
        socket.finishAndReleaseAll();
    }

    private boolean passes(InetSocketAddress sender) {
        ByteBuf payload = Unpooled.copyInt(7);
        boolean passed = socket.writeInbound(new DatagramPacket(payload, HERE, sender));
        socket.releaseInbound();
        assertThat(payload.refCnt())
                .as("references to what has passed, or was dropped")
                .isZero();
        return passed;
    }

    @Test
    void dropsWhatComesFromWhereNoConnectionLeads() {
        assertThat(passes(SERVER)).isFalse();

        gate.add(SERVER);

        assertThat(passes(SERVER)).isTrue();
        assertThat(passes(OTHER_PORT)).isFalse();
    }

    @Test
    void passesWhatComesFromWhereTheLastOfSeveralConnectionsLeads() {
        gate.add(SERVER);
        gate.add(SERVER);

        gate.remove(SERVER);
        assertThat(passes(SERVER)).isTrue();

        gate.remove(SERVER);
        assertThat(passes(SERVER)).isFalse();
    }

    @Test
    void forgetsNothingElseWithAConnection() {
        gate.add(SERVER);

        gate.remove(OTHER_PORT);

        assertThat(passes(SERVER)).isTrue();
    }
}
