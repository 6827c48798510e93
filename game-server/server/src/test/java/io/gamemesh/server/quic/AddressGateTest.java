package io.gamemesh.server.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.quic.AddressGate.Guarded;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressGateTest {
    private static final InetSocketAddress HOME = new InetSocketAddress("192.0.2.1", 1000);
    private static final InetSocketAddress AWAY = new InetSocketAddress("192.0.2.1", 2000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.9", 7777);
    private static final int ID_BYTES = 20;
    private static final byte[] ID = id(7);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AddressGate gate = new AddressGate(new ServerMetrics(registry));
    private final EmbeddedChannel socket = new EmbeddedChannel(gate, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (opening) {
                opened = gate.open(HOME);
            }
            ctx.fireChannelRead(message);
        }
    });
    private boolean opening;
    private @Nullable Guarded opened;
    private Guarded connection;

    @BeforeEach
    void openAConnectionFromHome() {
        connection = Objects.requireNonNull(open(ID));
    }

    private @Nullable Guarded open(byte[] id) {
        opening = true;
        assertThat(passes(longHeader(id), HOME)).isTrue();
        opening = false;
        return opened;
    }

    @AfterEach
    void close() {
        socket.finishAndReleaseAll();
    }

    private static byte[] id(int seed) {
        byte[] id = new byte[ID_BYTES];
        for (int i = 0; i < id.length; i++) {
            id[i] = (byte) (seed * 31 + i);
        }
        return id;
    }

    private static ByteBuf shortHeader(byte[] id) {
        return shortHeader(ByteBuffer.wrap(id));
    }

    private static ByteBuf shortHeader(ByteBuffer id) {
        return Unpooled.buffer().writeByte(0x40).writeBytes(id.duplicate()).writeZero(30);
    }

    private static ByteBuf longHeader(byte[] id) {
        return Unpooled.buffer()
                .writeByte(0xc0)
                .writeInt(1)
                .writeByte(id.length)
                .writeBytes(id)
                .writeZero(30);
    }

    private boolean passes(ByteBuf packet, InetSocketAddress from) {
        socket.writeInbound(new DatagramPacket(packet, SERVER, from));
        DatagramPacket passed = socket.readInbound();
        if (passed == null) {
            assertThat(packet.refCnt()).isZero();
            return false;
        }
        passed.release();
        return true;
    }

    private double refused(String why) {
        return registry.get("inputs_refused").tag("reason", why).counter().count();
    }

    @Test
    void letsAConnectionsPacketsThroughFromItsAddressOnly() {
        assertThat(passes(shortHeader(ID), HOME)).isTrue();
        assertThat(passes(longHeader(ID), HOME)).isTrue();

        assertThat(passes(shortHeader(ID), AWAY)).isFalse();
        assertThat(passes(longHeader(ID), AWAY)).isFalse();

        assertThat(refused("quic-unproven-address")).isEqualTo(2);
    }

    @Test
    void leavesToTheCodecWhatNamesNoOpenConnection() {
        assertThat(passes(shortHeader(id(8)), AWAY)).isTrue();
        assertThat(passes(longHeader(id(8)), AWAY)).isTrue();
    }

    @Test
    void dropsALongHeaderWithoutAnId() {
        assertThat(passes(longHeader(new byte[7]), HOME)).isFalse();

        assertThat(refused("not-quic")).isEqualTo(1);
    }

    @Test
    void followsTheClientToWhereItHasProvenToBe() {
        connection.moved(AWAY);

        assertThat(passes(shortHeader(ID), AWAY)).isTrue();
        assertThat(passes(shortHeader(ID), HOME)).isFalse();
    }

    @Test
    void knowsTheIdsThatAConnectionIsGivenLater() {
        ByteBuffer second = gate.ids().newId(ByteBuffer.wrap(ID), ID_BYTES);
        ByteBuffer third = gate.ids().newId(second.duplicate(), ID_BYTES);

        assertThat(passes(shortHeader(third), AWAY)).isFalse();
        assertThat(passes(shortHeader(third), HOME)).isTrue();
    }

    @Test
    void forgetsTheOldestIdsOfAConnectionThatIsGivenMoreAndMore() {
        ByteBuffer latest = ByteBuffer.wrap(ID);
        for (int i = 0; i < 100; i++) {
            latest = gate.ids().newId(latest.duplicate(), ID_BYTES);
        }

        assertThat(passes(shortHeader(latest), AWAY)).isFalse();
        assertThat(passes(shortHeader(ID), AWAY)).isTrue();
    }

    @Test
    void doesNotTakeTheIdOfARetryForThatOfAConnection() {
        ByteBuffer retry = gate.ids().newId(ByteBuffer.wrap(id(8)), ByteBuffer.wrap(ID), ID_BYTES);

        assertThat(passes(shortHeader(retry), AWAY)).isTrue();
    }

    @Test
    void guardsNobodyWhoNamesAnothersId() {
        byte[] similar = ID.clone();
        similar[ID_BYTES - 1]++;

        assertThat(open(similar)).isNull();
    }

    @Test
    void guardsNobodyWithoutAPacket() {
        assertThatIllegalStateException().isThrownBy(() -> gate.open(HOME)).withMessageContaining("without a packet");
    }

    @Test
    void keepsTheIdByWhichAConnectionIsGivenMoreAndMore() {
        for (int i = 0; i < 100; i++) {
            gate.ids().newId(ByteBuffer.wrap(ID), ID_BYTES);
        }

        assertThat(passes(shortHeader(ID), AWAY)).isFalse();
    }

    @Test
    void givesIdsThatNobodyCouldHaveForetold() {
        ByteBuffer one = gate.ids().newId(ByteBuffer.wrap(ID), ID_BYTES);
        ByteBuffer other = gate.ids().newId(ByteBuffer.wrap(ID), ID_BYTES);
        ByteBuffer retry = gate.ids().newId(ByteBuffer.wrap(ID), ByteBuffer.wrap(ID), ID_BYTES);

        assertThat(one).isNotEqualTo(other).isNotEqualTo(retry);
    }

    @Test
    void forgetsAClosedConnection() {
        ByteBuffer second = gate.ids().newId(ByteBuffer.wrap(ID), ID_BYTES);

        connection.close();

        assertThat(passes(shortHeader(ID), AWAY)).isTrue();
        assertThat(passes(shortHeader(second), AWAY)).isTrue();
    }
}
