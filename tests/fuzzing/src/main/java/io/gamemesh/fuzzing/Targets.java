package io.gamemesh.fuzzing;

import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.v1.EntityLeft;
import io.gamemesh.protocol.v1.EntityState;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.PlayerState;
import io.gamemesh.protocol.v1.Vec3d;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.LocalPosition;
import io.gamemesh.protocol.wire.SectionSet;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClientCodec;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.ToServerCodec;
import io.gamemesh.protocol.wire.TrafficKey;
import io.gamemesh.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;

/** The decoders under test. */
final class Targets {

    private Targets() {}

    /** All of them, new ones each time. */
    static List<Target<?>> all() {
        Recording recording = new Recording();
        List<byte[]> log = recording.log();
        return List.of(
                new StreamTarget<>("to-server", new ToServerCodec(), toServer()),
                new StreamTarget<>("to-client-control", ToClientCodec.control(), control(recording)),
                new StreamTarget<>("to-client-terrain", ToClientCodec.terrain(), terrain(recording)),
                new InputTarget(recording.inputs().subList(0, 40)),
                new SnapshotTarget(
                        Recording.TICK_RATE,
                        List.of(
                                Pieces.join(recording.snapshots().subList(0, 2)),
                                Pieces.join(recording.snapshots().subList(0, 12)),
                                Pieces.join(recording.snapshots()))),
                new SectionTarget(sections(recording)),
                new SealedTarget(),
                new TicketTarget(),
                new StateTarget(recording.eastern(), List.of(recording.early(), recording.late())),
                new LogTarget(
                        recording.eastern(),
                        recording.early(),
                        List.of(Pieces.join(log.subList(0, 1)), Pieces.join(log.subList(0, 5)), Pieces.join(log))),
                new EditLogTarget(),
                new PeerTarget(
                        recording.eastern(),
                        recording.western(),
                        recording.map(),
                        recording.early(),
                        peerSeeds(recording.peerMessages())));
    }

    /**
     * One of them.
     *
     * @throws IllegalArgumentException if none has that name
     */
    static Target<?> named(String name) {
        List<Target<?>> all = all();
        return all.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no decoder is named '" + name + "', expected one of "
                        + all.stream().map(Target::name).collect(Collectors.joining(", "))));
    }

    private static List<ToServer> toServer() {
        Bytes secret = Bytes.copyOf(new byte[] {1, 2, 3});
        return List.of(
                new ToServer.Hello(
                        Wire.VERSION,
                        Wire.CAPABILITIES,
                        ToServer.Network.EXTERNAL,
                        "Zo\u00eb",
                        Optional.of(secret),
                        Optional.of(secret),
                        List.of(new ToServer.GeneratorVersion("hills", 1), new ToServer.GeneratorVersion("flat", 1))),
                new ToServer.Hello(
                        Wire.VERSION, 0, ToServer.Network.CLUSTER, "bot-7", Optional.empty(), Optional.empty()),
                new ToServer.BlockEdit(258, -1, 64, 1000, 3),
                new ToServer.BulkEdit(259, new EditShape.Box(-1, 64, 1000, 3, 1, 100), OptionalInt.empty(), 3),
                new ToServer.BulkEdit(260, new EditShape.Sphere(-1, 64, 1000, 12), OptionalInt.of(1), 0),
                new ToServer.Undo(261),
                new ToServer.Ping(0x0102030405060708L),
                new ToServer.DropItem(3, 40_000, 99, 0x4000, -0x2000, 640),
                new ToServer.PickUpItem(4, 0x0000010000000006L),
                new ToServer.OfferTrade(5, 0x0000010000000003L, ItemCounts.parse("1:3,2:100"), ItemCounts.of(7, 1)),
                new ToServer.AnswerTrade(6, 0x0000010000000007L, true),
                new ToServer.Goodbye());
    }

    private static List<ToClient.Control> control(Recording recording) {
        Bytes ticket = Bytes.copyOf(new byte[] {1, 2, 3});
        TrafficKey key = new TrafficKey(
                Bytes.copyOf(new byte[TrafficKey.KEY_BYTES]), Bytes.copyOf(new byte[TrafficKey.IV_BYTES]));
        List<ToClient.Control> messages = new ArrayList<>(List.of(
                new ToClient.Welcome(
                        Wire.VERSION,
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
                        List.of(new ToClient.BlockType("air", false), new ToClient.BlockType("stone", true)),
                        recording.western().packed(),
                        new LocalPosition(262016, 8192, -1)),
                new ToClient.Redirect("[fd00::7]:7777", ticket, ToClient.RedirectReason.CROSSED),
                new ToClient.Ticket(ticket),
                new ToClient.RegionChanged(recording.western().packed()),
                new ToClient.Pong(-1),
                new ToClient.Disconnect(CloseCode.SHUTTING_DOWN, "restarts"),
                new ToClient.SealedKeys(0x89abcdefL, 0, key, key),
                new ToClient.Inventory(3, ItemCounts.parse("1:10,2:100,40000:99")),
                new ToClient.ItemResult(4, ToClient.ItemOutcome.GONE),
                new ToClient.ItemInfo(0x0000010000000006L, 40_000, 99),
                new ToClient.TradeOffered(
                        0x0000010000000007L, 0x0000010000000002L, ItemCounts.parse("1:3,2:100"), ItemCounts.of(7, 1)),
                new ToClient.TradeEnded(0x0000010000000007L)));
        List<ToClient.Control> said = recording.messages(ToClient.Control.class);
        messages.addAll(said.subList(0, Math.min(said.size(), 8)));
        return messages;
    }

    private static List<ToClient.Terrain> terrain(Recording recording) {
        List<ToClient.Terrain> messages = new ArrayList<>();
        BitSet some = BitSet.valueOf(new long[] {0b1000_0001_0111});
        messages.add(new ToClient.SectionForget(SectionSet.of(-1, 4, 62, 1, 3, 4, some)));
        recording.messages(ToClient.BlocksChanged.class).stream().limit(4).forEach(messages::add);
        recording.messages(ToClient.Section.class).stream().limit(8).forEach(messages::add);
        return messages;
    }

    private static List<Bytes> sections(Recording recording) {
        SectionEncoder encoder = new SectionEncoder();
        short[] generated = SectionTarget.halfStone();
        Random random = new Random(1);
        short[] noise = new short[SectionShape.VOLUME];
        short[] dug = generated.clone();
        short[] spread = new short[SectionShape.VOLUME];
        for (int i = 0; i < SectionShape.VOLUME; i++) {
            noise[i] = (short) random.nextInt(Wire.MAX_BLOCKS);
            spread[i] = (short) (random.nextInt(40) == 0 ? random.nextInt(6) : 0);
            dug[i] = random.nextInt(100) == 0 ? (short) random.nextInt(12) : dug[i];
        }
        List<Bytes> sections = new ArrayList<>(List.of(
                encoder.uniform(3),
                encoder.encode(generated),
                encoder.encode(noise),
                encoder.encode(spread),
                encoder.encode(dug),
                encoder.encodeOver(dug, generated),
                encoder.encodeOver(generated, generated)));
        recording.messages(ToClient.Section.class).stream()
                .map(ToClient.Section::blocks)
                .distinct()
                .limit(12)
                .forEach(sections::add);
        return sections;
    }

    private static List<byte[]> peerSeeds(List<byte[]> messages) {
        List<byte[]> seeds = new ArrayList<>();
        for (int from = 0; from < messages.size() && seeds.size() < 12; from += 12) {
            seeds.add(Pieces.join(messages.subList(from, Math.min(from + 12, messages.size()))));
        }
        seeds.add(Pieces.join(List.of(left(-1), left(1))));
        return seeds;
    }

    /** A creature that is said to be a player, too. */
    private static byte[] left(long lineage) {
        return PeerMessage.newBuilder()
                .setLeft(EntityLeft.newBuilder()
                        .setEntityId(EntityId.of(9, 1).packed())
                        .setHop(1)
                        .setCrossing(1)
                        .setOldestUnanswered(1)
                        .setLineage(lineage)
                        .setEntity(EntityState.newBuilder()
                                .setKind(EntityKind.CREATURE)
                                .setPosition(Vec3d.newBuilder().setX(1).setY(70).setZ(1))
                                .setVelocity(Vec3d.getDefaultInstance())
                                .setPlayer(PlayerState.newBuilder()
                                        .setPlayerId("p")
                                        .setName("P"))))
                .build()
                .toByteArray();
    }
}
