package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.sealed.Opening;
import io.gamemesh.protocol.sealed.PathMessage;
import io.gamemesh.protocol.sealed.SealedEnd;
import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.protocol.snapshot.BitWriter;
import io.gamemesh.protocol.snapshot.BodyForm;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.MobileForm;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.snapshot.SnapshotWriter;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.ToClient.BlockType;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToServer.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds the codecs to the page that others write their clients from. */
class ProtocolPageTest {

    private static final Path PAGE = Path.of("../../docs/protocol.md");
    private static final Pattern VECTOR =
            Pattern.compile("### Vector: (.+)\\n\\n(?:.+\\n)+\\n```text\\n([0-9a-f\\s]+)```");
    private static final Pattern CODE = Pattern.compile(
            "\\| 0x([0-9a-f]{2}) \\| ([A-Z_]+) \\| .+ \\| (stay away|give up|again|again, without it) \\|");

    private static final long REGION = RegionId.of(0, -1, 0, 1).packed();
    private static final Bytes TICKET = Bytes.copyOf("ticket".getBytes(StandardCharsets.UTF_8));
    private static final Bytes TOKEN = Bytes.copyOf("e30.e30.".getBytes(StandardCharsets.UTF_8));

    private static final ToClient.SealedKeys KEYS =
            new ToClient.SealedKeys(0x89abcdefL, 0, trafficKey(0x00), trafficKey(0x20));

    private final MessageCodec<ToServer> toServer = new ToServerCodec();
    private final MessageCodec<ToClient.Control> control = ToClientCodec.control();
    private final MessageCodec<ToClient.Terrain> terrain = ToClientCodec.terrain();

    private final Map<String, ToServer> messagesToServer = all(
            Map.of(
                    "Hello",
                            new ToServer.Hello(
                                    1, 0, Network.EXTERNAL, "Zo\u00eb", Optional.of(TOKEN), Optional.of(TICKET)),
                    "Hello of a newcomer",
                            new ToServer.Hello(1, 0, Network.CLUSTER, "bot-7", Optional.empty(), Optional.empty()),
                    "Hello of a client with a generator",
                            new ToServer.Hello(
                                    1,
                                    3,
                                    Network.EXTERNAL,
                                    "Ada",
                                    Optional.empty(),
                                    Optional.empty(),
                                    List.of(new ToServer.GeneratorVersion("hills", 1))),
                    "BlockEdit", new ToServer.BlockEdit(258, -1, 64, 1000, 3),
                    "BulkEdit of a box",
                            new ToServer.BulkEdit(
                                    259, new EditShape.Box(-1, 64, 1000, 3, 1, 100), OptionalInt.empty(), 3),
                    "BulkEdit of a sphere",
                            new ToServer.BulkEdit(260, new EditShape.Sphere(-1, 64, 1000, 12), OptionalInt.of(1), 0),
                    "Undo", new ToServer.Undo(261),
                    "Ping", new ToServer.Ping(0x0102030405060708L),
                    "Goodbye", new ToServer.Goodbye()),
            Map.of(
                    "DropItem", new ToServer.DropItem(3, 40_000, 99, 0x4000, -0x2000, 640),
                    "PickUpItem", new ToServer.PickUpItem(4, 0x0000010000000006L),
                    "OfferTrade",
                            new ToServer.OfferTrade(
                                    5, 0x0000010000000003L, ItemCounts.parse("1:3,2:100"), ItemCounts.of(7, 1)),
                    "AnswerTrade", new ToServer.AnswerTrade(6, 0x0000010000000007L, true)));

    private final Map<String, ToClient.Control> controlMessages = all(
            Map.of(
                    "Welcome",
                            new ToClient.Welcome(
                                    1,
                                    0,
                                    "demo-0",
                                    "p1",
                                    0x0000010000000002L,
                                    true,
                                    20,
                                    96,
                                    -42,
                                    "hills",
                                    2048,
                                    List.of(new BlockType("air", false), new BlockType("stone", true)),
                                    REGION,
                                    new LocalPosition(262016, 8192, -1)),
                    "Redirect", new ToClient.Redirect("[fd00::7]:7777", TICKET, RedirectReason.CROSSED),
                    "Ticket", new ToClient.Ticket(TICKET),
                    "RegionChanged", new ToClient.RegionChanged(REGION),
                    "EntityInfo", new ToClient.EntityInfo(0x0000010000000003L, 1, "Ada"),
                    "EditResult", new ToClient.EditResult(258, EditOutcome.OUT_OF_REACH),
                    "Pong", new ToClient.Pong(0x0102030405060708L),
                    "Disconnect", new ToClient.Disconnect(CloseCode.SHUTTING_DOWN, "restarts"),
                    "SealedKeys", KEYS),
            Map.of(
                    "Inventory", new ToClient.Inventory(3, ItemCounts.parse("1:10,2:100,40000:99")),
                    "ItemResult", new ToClient.ItemResult(4, ToClient.ItemOutcome.GONE),
                    "ItemInfo", new ToClient.ItemInfo(0x0000010000000006L, 40_000, 99),
                    "TradeOffered",
                            new ToClient.TradeOffered(
                                    0x0000010000000007L,
                                    0x0000010000000002L,
                                    ItemCounts.parse("1:3,2:100"),
                                    ItemCounts.of(7, 1)),
                    "TradeEnded", new ToClient.TradeEnded(0x0000010000000007L),
                    "Standby", new ToClient.Standby("203.0.113.8:30778"),
                    "Prepare", new ToClient.Prepare("[fd00::7]:7777", TICKET)));

    private final Map<String, ToClient.Terrain> terrainMessages = new LinkedHashMap<>(Map.of(
            "Section of stone", new ToClient.Section(-1, 4, 62, new SectionEncoder().uniform(1)),
            "Section with two kinds of block", new ToClient.Section(0, 0, 0, new SectionEncoder().encode(floor())),
            "Section with two changes",
                    new ToClient.Section(0, 0, 0, new SectionEncoder().encodeOver(floorWithTwoBlocks(), floor())),
            "Section untouched", new ToClient.Section(0, 0, 0, new SectionEncoder().encodeOver(floor(), floor())),
            "SectionForget",
                    new ToClient.SectionForget(
                            SectionSet.of(-1, 4, 62, 1, 3, 4, BitSet.valueOf(new long[] {0b1000_0001_0111}))),
            "Untouched",
                    new ToClient.Untouched(SectionSet.of(-1, 4, 62, 3, 1, 2, BitSet.valueOf(new long[] {0b101011}))),
            "BlocksChanged",
                    new ToClient.BlocksChanged(BlockChanges.of(
                            -1, 4, 62, new int[] {0x12c, BlockChanges.entry(15, 0, 8, 300), 0xfff001}))));

    private final InputDatagram input = new InputDatagram(
            new InputDatagram.Acknowledged(3, 0x1234, 0b101),
            List.of(
                    new Input(7, (short) 512, (short) 0, (short) -512, 0x4000, -0x2000, 3),
                    new Input(6, (short) 0, (short) 0, (short) 0, 0, 0, 0)));

    private final InputDatagram inputWithParts = new InputDatagram(
            InputDatagram.Acknowledged.NOTHING,
            List.of(new Input(1, (short) 0, (short) 0, (short) 0, 0, 0, 0)),
            new Parts(
                    new Parts.Part(6, 218, -13, 0xe008_0200),
                    new Parts.Part(-51, 141, -38, 0xe008_0200),
                    Parts.Part.of(51 / 128.0, 154 / 128.0, -51 / 128.0, 0.5, 0.5, 0.5, 0.5)));

    /** By name; there may be more than {@link Map#of} takes. */
    private static <T> Map<String, T> all(Map<String, ? extends T> some, Map<String, ? extends T> more) {
        Map<String, T> all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }

    @Test
    void writesWhatThePageSays() throws IOException {
        Map<String, String> page = vectors();

        Map<String, String> ours = new LinkedHashMap<>();
        messagesToServer.forEach(
                (name, message) -> ours.put(name, toServer.frame(message).toHex()));
        controlMessages.forEach(
                (name, message) -> ours.put(name, control.frame(message).toHex()));
        terrainMessages.forEach(
                (name, message) -> ours.put(name, terrain.frame(message).toHex()));
        SealedEnd client = SealedEnd.ofClient(KEYS);
        ours.put("Sealed probe", sealed(client, new PathMessage(PathMessage.Kind.PROBE, 0x0102030405060708L)));
        ours.put(
                "Sealed answer",
                sealed(SealedEnd.ofServer(KEYS), new PathMessage(PathMessage.Kind.ANSWER, 0x0102030405060708L)));
        for (int counter = 1; counter < 258; counter++) {
            sealed(client, "earlier");
        }
        ours.put("Sealed datagram", sealed(client, "datagram"));
        ours.put("Input", hex(input));
        ours.put("Input with head and hands", hex(inputWithParts));
        ours.put("First snapshot", hex(firstSnapshot()));
        ours.put("Next snapshot", hex(nextSnapshot()));
        ours.put("Snapshot with a body", hex(snapshotWithABody()));
        ours.put("Next snapshot with a body", hex(nextSnapshotWithABody()));
        assertThat(ours).containsExactlyInAnyOrderEntriesOf(page);
    }

    @Test
    void readsWhatThePageSays() throws IOException {
        Map<String, String> page = vectors();

        messagesToServer.forEach((name, message) ->
                assertThat(read(toServer, vector(page, name))).as(name).isEqualTo(message));
        controlMessages.forEach((name, message) ->
                assertThat(read(control, vector(page, name))).as(name).isEqualTo(message));
        terrainMessages.forEach((name, message) ->
                assertThat(read(terrain, vector(page, name))).as(name).isEqualTo(message));
        assertThat(InputDatagram.read(bytes(vector(page, "Input")))).isEqualTo(input);
        assertThat(InputDatagram.read(bytes(vector(page, "Input with head and hands"))))
                .isEqualTo(inputWithParts);
    }

    @Test
    void opensWhatThePageSays() throws IOException {
        Map<String, String> page = vectors();
        SealedEnd client = SealedEnd.ofClient(KEYS);
        SealedEnd server = SealedEnd.ofServer(KEYS);

        PathMessage probe = PathMessage.read(opened(server, Opening.PATH, vector(page, "Sealed probe")));
        PathMessage answer = PathMessage.read(opened(client, Opening.PATH, vector(page, "Sealed answer")));
        ByteBuffer datagram = opened(server, Opening.DATAGRAM, vector(page, "Sealed datagram"));

        assertThat(probe).isEqualTo(new PathMessage(PathMessage.Kind.PROBE, 0x0102030405060708L));
        assertThat(answer).isEqualTo(new PathMessage(PathMessage.Kind.ANSWER, 0x0102030405060708L));
        assertThat(StandardCharsets.US_ASCII.decode(datagram).toString()).isEqualTo("datagram");
    }

    @Test
    void readsTheSnapshotsOfThePage() throws IOException {
        SnapshotDecoder decoder = new SnapshotDecoder(20);
        Map<Long, EntityTrack> sees = new LinkedHashMap<>();
        SnapshotDecoder.Listener listener = new SnapshotDecoder.Listener() {
            @Override
            public void appeared(EntityTrack entity) {
                sees.put(entity.id(), entity);
            }

            @Override
            public void changed(EntityTrack entity) {
                assertThat(sees).containsKey(entity.id());
            }

            @Override
            public void gone(EntityTrack entity) {
                sees.remove(entity.id());
            }
        };

        assertThat(decoder.decode(bytes(vector(vectors(), "First snapshot")), listener))
                .isTrue();
        assertThat(new RegionId(decoder.region())).isEqualTo(RegionId.of(0, -1, 0, 1));
        assertThat(decoder.tick()).isEqualTo(16384);
        assertThat(decoder.lastInput()).isEqualTo(7);
        assertThat(sees).hasSize(2);

        assertThat(decoder.decode(bytes(vector(vectors(), "Next snapshot")), listener))
                .isTrue();
        assertThat(decoder.tick()).isEqualTo(16386);
        assertThat(List.of(decoder.selfPosition(0), decoder.selfPosition(1), decoder.selfPosition(2)))
                .containsExactly(262016 + 51, 8192, -1 - 51);
        assertThat(List.of(decoder.selfVelocity(0), decoder.selfVelocity(1), decoder.selfVelocity(2)))
                .containsExactly(513, -3, -512);
        assertThat(decoder.selfGrounded()).isFalse();
        assertThat(sees).containsOnlyKeys(0x0000010000000003L);
        EntityTrack entity = sees.values().iterator().next();
        assertThat(record(entity)).containsExactly(263296 + 38, 8192, -63, 30, 0, 0, MobileForm.turning(67, 20), -16);
        assertThat(List.of(decoder.view(), decoder.newestSequence(), decoder.received()))
                .containsExactly(3, 0x1236, 0b10);
    }

    @Test
    void readsTheBodiesOfThePage() throws IOException {
        SnapshotDecoder decoder = new SnapshotDecoder(30);
        List<EntityTrack> sees = new ArrayList<>();
        SnapshotDecoder.Listener listener = new SnapshotDecoder.Listener() {
            @Override
            public void appeared(EntityTrack entity) {
                sees.add(entity);
            }

            @Override
            public void changed(EntityTrack entity) {
                assertThat(sees).containsExactly(entity);
            }

            @Override
            public void gone(EntityTrack entity) {
                sees.remove(entity);
            }
        };

        assertThat(decoder.decode(bytes(vector(vectors(), "Snapshot with a body")), listener))
                .isTrue();
        EntityTrack body = sees.getFirst();
        assertThat(body.kind()).isEqualTo(EntityKind.BODY);
        assertThat(List.of(body.velocity(0), body.velocity(1), body.velocity(2)))
                .containsExactly(1.0, -2.0, 0.25);
        assertThat(rotation(body, 0)).containsExactly(-26240, 183503, -52416, -177792);
        assertThat(rotation(body, 50)).containsExactly(-140807, 151500, -142800, -74489);

        assertThat(decoder.decode(bytes(vector(vectors(), "Next snapshot with a body")), listener))
                .isTrue();
        assertThat(List.of(body.field(0), body.field(1), body.field(2))).containsExactly(263509, 7766, -13);
        assertThat(List.of(body.velocity(0), body.velocity(1), body.velocity(2)))
                .containsExactly(1.5, 2.0, 0.25);
        assertThat(rotation(body, 0)).containsExactly(20480, -120640, 149440, 177239);
    }

    /** Components x, y, z, w, 1/2^18. */
    private static List<Integer> rotation(EntityTrack body, int ticksLater) {
        long packed = body.rotation(body.tick() + ticksLater);
        return IntStream.range(0, 4)
                .mapToObj(i -> (int) (PackedRotation.get(packed, i) * PackedRotation.ONE))
                .toList();
    }

    private static List<Integer> record(EntityTrack entity) {
        return IntStream.range(0, RecordForm.FIELDS).mapToObj(entity::field).toList();
    }

    @Test
    void hasTheErrorCodesOfThePage() throws IOException {
        Map<CloseCode, String> page = new LinkedHashMap<>();
        Matcher row = CODE.matcher(Files.readString(PAGE));
        while (row.find()) {
            CloseCode code = CloseCode.of(Integer.parseInt(row.group(1), 16)).orElseThrow();
            assertThat(code).hasToString(row.group(2));
            page.put(code, row.group(3));
        }

        assertThat(page).containsOnlyKeys(CloseCode.values());
        page.forEach((code, advice) -> assertThat(code.advice())
                .as(code.name())
                .isEqualTo(
                        switch (advice) {
                            case "stay away" -> CloseCode.Advice.STAY_AWAY;
                            case "give up" -> CloseCode.Advice.GIVE_UP;
                            case "again" -> CloseCode.Advice.TRY_ANOTHER;
                            default -> CloseCode.Advice.RETRY_WITHOUT_TICKET;
                        }));
    }

    /** Stone at the bottom, one block of air in its corner; air above. */
    private static short[] floor() {
        short[] blocks = new short[SectionShape.VOLUME];
        for (int x = 0; x < SectionShape.EDGE; x++) {
            for (int z = 0; z < SectionShape.EDGE; z++) {
                blocks[SectionShape.index(x, 0, z)] = 1;
            }
        }
        blocks[SectionShape.index(0, 0, 0)] = 0;
        return blocks;
    }

    private static short[] floorWithTwoBlocks() {
        short[] blocks = floor();
        blocks[SectionShape.index(8, 2, 5)] = 7;
        blocks[SectionShape.index(9, 2, 5)] = 7;
        return blocks;
    }

    private static TrafficKey trafficKey(int first) {
        return new TrafficKey(counting(first, TrafficKey.KEY_BYTES), counting(first + 16, TrafficKey.IV_BYTES));
    }

    private static Bytes counting(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return Bytes.owning(bytes);
    }

    private static String sealed(SealedEnd end, PathMessage message) {
        byte[] packet = new byte[SealedPacket.MAX_BYTES];
        return HexFormat.of().formatHex(packet, 0, end.seal(packet, message.write(packet), true));
    }

    private static String sealed(SealedEnd end, String datagram) {
        byte[] packet = new byte[SealedPacket.MAX_BYTES];
        byte[] payload = datagram.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(payload, 0, packet, SealedPacket.HEADER_BYTES, payload.length);
        return HexFormat.of().formatHex(packet, 0, end.seal(packet, payload.length, false));
    }

    private static ByteBuffer opened(SealedEnd end, Opening expected, String hex) {
        byte[] packet = HexFormat.of().parseHex(hex);
        byte[] payload = new byte[SealedPacket.MAX_BYTES];
        assertThat(end.open(packet, packet.length, payload, 0)).isEqualTo(expected);
        return ByteBuffer.wrap(payload, 0, end.length());
    }

    private static final int[] OWN = {262016, 8192, -1, 64, 0, -64, 0, 0};
    private static final int[] OTHER = {263296, 8192, -65, 32, 0, 0, MobileForm.turning(64, 26), -16};

    private static ByteBuffer firstSnapshot() {
        SnapshotWriter writer = new SnapshotWriter(20);
        writer.begin(3, 0x1234, true, REGION, 16384, 7, 0, 1);
        writer.self(OWN, 0, 0, OWN, 0, 512, 0, -512, true);
        writer.appeared(2, 0x0000010000000003L, EntityKind.PLAYER, OTHER, 0);
        writer.appeared(5, 0x0000010000000004L, EntityKind.PLAYER, OTHER, 0);
        return writer.end();
    }

    /** Two ticks later, the one between having been lost. */
    private static ByteBuffer nextSnapshot() {
        SnapshotWriter writer = new SnapshotWriter(20);
        int[] own = {262016 + 51, 8192, -1 - 51, 64, 0, -64, 0, 0};
        int[] other = {263296 + 38, 8192, -63, 30, 0, 0, MobileForm.turning(67, 20), -16};
        BitWriter difference = new BitWriter(4);
        RecordForm.of(EntityKind.PLAYER).write(difference, OTHER, 0, 2, other, 0, 20);
        writer.begin(3, 0x1236, false, REGION, 16386, 9, 2, 1);
        writer.self(OWN, 0, 2, own, 0, 513, -3, -512, false);
        writer.changed(2, 2, difference, 0, difference.length());
        writer.gone(5);
        return writer.end();
    }

    private static int[] body(
            int x, int y, int z, int speedX, int speedY, int speedZ, long rotation, int spinX, int spinY, int spinZ) {
        int[] record = new int[RecordForm.FIELDS];
        BodyForm.fill(record, 0, x, y, z, speedX, speedY, speedZ, rotation, spinX, spinY, spinZ);
        return record;
    }

    private static final int[] BODY =
            body(263296, 8192, -65, 128, -256, 32, PackedRotation.of(0.1, -0.7, 0.2, 0.678), 100, -200, 900);

    private static ByteBuffer snapshotWithABody() {
        SnapshotWriter writer = new SnapshotWriter(30);
        writer.begin(3, 7, true, REGION, 16384, 7, 0, 0);
        writer.appeared(0, 0x0000010000000005L, EntityKind.BODY, BODY, 0);
        return writer.end();
    }

    /** 50 ticks later, when it has just hit something. */
    private static ByteBuffer nextSnapshotWithABody() {
        SnapshotWriter writer = new SnapshotWriter(30);
        int[] now =
                body(263509, 7766, -13, 192, 256, 32, PackedRotation.of(0.078, -0.46, 0.57, 0.676), -100, -200, 300);
        BitWriter difference = new BitWriter(4);
        RecordForm.of(EntityKind.BODY).write(difference, BODY, 0, 50, now, 0, 30);
        writer.begin(3, 8, false, REGION, 16434, 9, 50, 0);
        writer.changed(0, 50, difference, 0, difference.length());
        return writer.end();
    }

    private static String hex(InputDatagram datagram) {
        WireWriter out = new WireWriter();
        datagram.write(out);
        return out.toBytes().toHex();
    }

    private static String hex(ByteBuffer buffer) {
        return Bytes.copyOf(buffer).toHex();
    }

    private static <T> T read(MessageCodec<T> codec, String hex) {
        List<T> messages = new ArrayList<>();
        new MessageReader<>(codec).read(bytes(hex), messages::add);
        return messages.getFirst();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String vector(Map<String, String> page, String name) {
        String hex = page.get(name);
        assertThat(hex).as("vector '" + name + "' of the page").isNotNull();
        return hex;
    }

    private static Map<String, String> vectors() throws IOException {
        return VECTOR.matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(
                        match -> match.group(1), match -> match.group(2).replaceAll("\\s", "")));
    }
}
