package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private final MessageCodec<ToServer> toServer = new ToServerCodec();
    private final MessageCodec<ToClient.Control> control = ToClientCodec.control();
    private final MessageCodec<ToClient.Terrain> terrain = ToClientCodec.terrain();

    @Property
    void readsWhatItWroteToServers(@ForAll("toServer") ToServer message) {
        assertThat(throughTheWire(toServer, message)).isEqualTo(message);
    }

    @Property
    void readsWhatItWroteToClients(@ForAll("control") ToClient.Control message) {
        assertThat(throughTheWire(control, message)).isEqualTo(message);
    }

    @Property
    void readsWhatItWroteOfTerrain(@ForAll("terrain") ToClient.Terrain message) {
        assertThat(throughTheWire(terrain, message)).isEqualTo(message);
    }

    @Property
    void readsWhatItWroteOfInputs(@ForAll("inputs") InputDatagram message) {
        WireWriter out = new WireWriter();

        message.write(out);

        assertThat(InputDatagram.read(out.view())).isEqualTo(message);
    }

    @Property
    void refusesEveryTruncation(@ForAll("toServer") ToServer message, @ForAll int cut) {
        WireWriter out = new WireWriter();
        toServer.write(out, message);
        ByteBuffer truncated = out.view().limit(Math.floorMod(cut, out.length()));

        assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> toServer.read(truncated));
    }

    @Property
    void refusesBytesAfterTheEnd(@ForAll("toServer") ToServer message, @ForAll byte extra) {
        WireWriter out = new WireWriter();
        toServer.write(out, message);
        out.u8(extra & 0xff);

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> toServer.read(out.view()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(CloseCode.MALFORMED));
    }

    @Property(tries = 5000)
    void throwsNothingButWireFormatExceptionOnAnyBytes(@ForAll byte[] bytes) {
        onlyWireFormatException(() -> toServer.read(ByteBuffer.wrap(bytes)));
        onlyWireFormatException(() -> control.read(ByteBuffer.wrap(bytes)));
        onlyWireFormatException(() -> terrain.read(ByteBuffer.wrap(bytes)));
        onlyWireFormatException(() -> InputDatagram.read(ByteBuffer.wrap(bytes)));
        onlyWireFormatException(() -> new MessageReader<>(toServer).read(ByteBuffer.wrap(bytes), _ -> {}));
    }

    @Property(tries = 5000)
    void throwsNothingButWireFormatExceptionOnDamagedMessages(
            @ForAll("control") ToClient.Control message, @ForAll int at, @ForAll byte damage) {
        WireWriter out = new WireWriter();
        control.write(out, message);
        byte[] damaged = out.toBytes().toArray();
        damaged[Math.floorMod(at, damaged.length)] ^= damage;

        onlyWireFormatException(() -> control.read(ByteBuffer.wrap(damaged)));
    }

    @Property
    void cutsAStreamThatArrivesInAnyPieces(
            @ForAll("severalToServer") List<ToServer> messages, @ForAll("pieces") List<Integer> pieces) {
        ByteBuffer stream = ByteBuffer.allocate(1 << 16);
        messages.forEach(message -> stream.put(toServer.frame(message).asReadOnlyBuffer()));
        stream.flip();
        List<ToServer> read = new ArrayList<>();
        MessageReader<ToServer> reader = new MessageReader<>(toServer);

        for (int i = 0; stream.hasRemaining(); i++) {
            int piece = Math.min(pieces.get(i % pieces.size()), stream.remaining());
            reader.read(stream.slice(stream.position(), piece), read::add);
            stream.position(stream.position() + piece);
        }

        assertThat(read).isEqualTo(messages);
        assertThat(reader.atBoundary()).isTrue();
    }

    @Test
    void namesTheVersionThatItDoesNotSpeak() {
        WireWriter out = new WireWriter();
        out.u8(1).varint(2).string("the rest may be anything");

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> toServer.read(out.view()))
                .withMessage("Hello version is 2, this server speaks 1: use a client of the same release")
                .satisfies(e -> assertThat(e.code()).isEqualTo(CloseCode.UNSUPPORTED_VERSION));
    }

    @Test
    void refusesAnOversizedMessageAtItsLengthPrefix() {
        MessageReader<ToServer> reader = new MessageReader<>(toServer);
        ByteBuffer prefix =
                new WireWriter().varint(Wire.MAX_MESSAGE_TO_SERVER + 1).view();

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> reader.read(prefix, _ -> {}))
                .withMessage("message length is 65537, expected at most 65536")
                .satisfies(e -> assertThat(e.code()).isEqualTo(CloseCode.TOO_LARGE));
    }

    @Test
    void refusesAnEmptyMessage() {
        MessageReader<ToServer> reader = new MessageReader<>(toServer);

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> reader.read(ByteBuffer.wrap(new byte[] {0}), _ -> {}))
                .withMessage("message length is 0, expected at least the type byte");
    }

    @Test
    void refusesAnOversizedDatagram() {
        ByteBuffer datagram = ByteBuffer.allocate(Wire.MAX_DATAGRAM + 1);

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> InputDatagram.read(datagram))
                .satisfies(e -> assertThat(e.code()).isEqualTo(CloseCode.TOO_LARGE));
    }

    @Test
    void refusesANumberThatIsNotInItsShortestForm() {
        byte[] twoBytesForOne = HexFormat.of().parseHex("4001");

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> new WireReader(ByteBuffer.wrap(twoBytesForOne)).varint("count", 0, 10))
                .withMessage("count 1 is written in 2 bytes, use the shortest form");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] loneContinuation = {1, (byte) 0x80};

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> new WireReader(ByteBuffer.wrap(loneContinuation)).string("name", 0, 10))
                .withMessage("name is not well-formed UTF-8");
    }

    @Test
    void refusesToWriteANameThatNobodyWouldRead() {
        ToServer hello = new ToServer.Hello(
                Wire.VERSION, 0, ToServer.Network.EXTERNAL, "x".repeat(65), Optional.empty(), Optional.empty());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> toServer.frame(hello))
                .withMessage("Hello name length is 65, expected 1 to 64");
    }

    @Test
    void keepsTicketsOutOfLogs() {
        ToClient.Ticket ticket = new ToClient.Ticket(Bytes.copyOf(new byte[] {1, 2, 3}));

        assertThat(ticket).hasToString("Ticket[ticket=3 bytes]");
    }

    @Provide
    Arbitrary<ToServer> toServer() {
        return WireMessages.toServer();
    }

    @Provide
    Arbitrary<List<ToServer>> severalToServer() {
        return WireMessages.toServer().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<Integer>> pieces() {
        return Arbitraries.integers().between(1, 300).list().ofMinSize(1).ofMaxSize(10);
    }

    @Provide
    Arbitrary<ToClient.Control> control() {
        return WireMessages.control();
    }

    @Provide
    Arbitrary<ToClient.Terrain> terrain() {
        return WireMessages.terrain();
    }

    @Provide
    Arbitrary<InputDatagram> inputs() {
        return WireMessages.inputs();
    }

    private static <T> T throughTheWire(MessageCodec<T> codec, T message) {
        List<T> read = new ArrayList<>();
        new MessageReader<>(codec).read(codec.frame(message).asReadOnlyBuffer(), read::add);
        assertThat(read).hasSize(1);
        return read.getFirst();
    }

    private static void onlyWireFormatException(Runnable decode) {
        try {
            decode.run();
        } catch (WireFormatException expected) {
            assertThat(expected.getMessage()).isNotBlank().hasSizeLessThan(Wire.MAX_REASON);
        }
    }
}
